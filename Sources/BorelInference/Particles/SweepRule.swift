/// The parts of a conditional sweep, one method per factor of its correctness. Methods use
/// `StandardSweep`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol SweepRule: Sendable {
  /// Whether the frozen lane of a group gets a new past at a step.
  func samplesAncestor(whenResampled isResampled: Bool) -> Bool

  /// Whether scores are left out of the weights of predecessors, where an analysis has found that
  /// they cancel or not.
  func cancelsScores(found: Bool) -> Bool

  /// Whether a lane repeats the retained path.
  var keepsPath: Bool { get }

  /// Draws the ancestors of a group given that of the frozen lane; the new frozen lane.
  func drawAncestors(
    _ resampler: Resampler, _ weights: UnsafeBufferPointer<Double>, total: Double, frozen: Int,
    slot: Int, into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
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
}

/// Conditional sweeps as they should be.
package struct StandardSweep: SweepRule {
  package init() {}
}
