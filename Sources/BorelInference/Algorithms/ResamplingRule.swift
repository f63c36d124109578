import BorelRuntime

/// The parts of a resampling step, one method per factor of its correctness. Filters use
/// `StandardResampling`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol ResamplingRule: Sendable {
  /// Draws the ancestors of one group, numbered within the group, ascending.
  ///
  /// - Parameter weights: `exp(logWeight - maximum)`, shape `[sums.count]`.
  func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices)

  /// The same by several threads.
  func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, threads: Int,
    using choices: inout any DriverChoices)

  /// What the log-evidence of the group gains: the log of the mean weight, where weights are
  /// those gathered since the last resampling.
  func logEvidenceIncrement(_ sums: GroupWeights) -> Double

  /// Replaces the lanes, and sets the log-weights of all lanes of resampled groups to zero.
  func replaceLanes(of machine: Machine, by ancestors: [Int32], groups isResampled: [Bool])
}

extension ResamplingRule {
  package func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout any DriverChoices
  ) {
    resampler.draw(
      weights, total: sums.sum, count: sums.count, into: ancestors, using: &choices)
  }

  package func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, threads: Int,
    using choices: inout any DriverChoices
  ) {
    drawAncestors(resampler, sums, weights, into: ancestors, using: &choices)
  }

  package func logEvidenceIncrement(_ sums: GroupWeights) -> Double { sums.logMean }

  package func replaceLanes(
    of machine: Machine, by ancestors: [Int32], groups isResampled: [Bool]
  ) {
    machine.replaceLanes(
      by: ancestors, count: ancestors.count, keepsWeights: isResampled.count > 1)
    if isResampled.count > 1 { machine.resetLogWeights(groups: isResampled) }
  }
}

/// Resampling as it should be.
package struct StandardResampling: ResamplingRule {
  package init() {}

  package func drawAncestors(
    _ resampler: Resampler, _ sums: GroupWeights, _ weights: UnsafePointer<Double>,
    into ancestors: UnsafeMutablePointer<Int32>, threads: Int,
    using choices: inout any DriverChoices
  ) {
    resampler.draw(
      weights, total: sums.sum, count: sums.count, into: ancestors, using: &choices,
      threads: threads)
  }
}
