/// The parts of a conditional sweep, one method per factor of its correctness. Methods use
/// `StandardSweep`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol SweepRule: Sendable {
  /// Whether the frozen lane of a group gets a new past at a step.
  func samplesAncestor(whenResampled isResampled: Bool) -> Bool

  /// Whether scores are left out of the weights of predecessors, where an analysis has found that
  /// they cancel or not.
  func cancelsScores(found: Bool) -> Bool

  /// Whether a lane repeats the retained path, and each estimate of a score goes on from the path
  /// of the one before.
  var keepsPath: Bool { get }

  /// Draws the ancestors of a group given that of the frozen lane; the new frozen lane.
  func drawAncestors(
    _ resampler: Resampler, _ weights: UnsafeBufferPointer<Double>, total: Double, frozen: Int,
    slot: Int, into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) -> Int

  /// The log-weights of the lanes before a step in the laws of predecessors.
  func logWeightsOfPredecessors(_ logWeights: [Double]) -> [Double]

  /// Takes the log-densities of a step from its predecessors over before they are used.
  func take(logDensities: inout [Double])

  /// Takes backward draws over before they are used.
  ///
  /// - Parameters:
  ///   - drawn: Lanes before the step, shape `[targets][count]`.
  ///   - ancestors: The lane before the step from which each lane came.
  ///   - frozen: The lanes that carry retained paths.
  func take(
    predecessors drawn: inout [Int32], count: Int, of targets: [Int32], ancestors: [Int32],
    frozen: [Int32])

  /// What the sum over the backward draws of a lane is divided by.
  func divisor(drawCount: Int) -> Double

  /// The sum of the weights of a group's lanes by which its tallies are averaged.
  func total(of weights: inout [Double], _ sums: GroupWeights) -> Double

  /// Draws the last lane of a path.
  func drawLane(
    _ weights: UnsafeBufferPointer<Double>, total: Double, using choices: inout any DriverChoices
  ) -> Int
}

extension SweepRule {
  package func samplesAncestor(whenResampled isResampled: Bool) -> Bool { isResampled }
  package func cancelsScores(found: Bool) -> Bool { found }
  package var keepsPath: Bool { true }
  package func drawAncestors(
    _ resampler: Resampler, _ weights: UnsafeBufferPointer<Double>, total: Double, frozen: Int,
    slot: Int, into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) -> Int {
    resampler.drawConditional(
      weights, total: total, frozen: frozen, slot: slot, into: ancestors, using: &choices)
  }
  package func logWeightsOfPredecessors(_ logWeights: [Double]) -> [Double] { logWeights }
  package func take(logDensities: inout [Double]) {}
  package func take(
    predecessors drawn: inout [Int32], count: Int, of targets: [Int32], ancestors: [Int32],
    frozen: [Int32]
  ) {}
  package func divisor(drawCount: Int) -> Double { Double(drawCount) }
  package func total(of weights: inout [Double], _ sums: GroupWeights) -> Double { sums.total }
  package func drawLane(
    _ weights: UnsafeBufferPointer<Double>, total: Double, using choices: inout any DriverChoices
  ) -> Int { choices.categorical(weights, total: total) }
}

/// Conditional sweeps as they should be.
package struct StandardSweep: SweepRule {
  package init() {}
}
