import Foundation

/// A test in stages: a correct sampler passes after the first stage nearly always, a doubtful one is
/// given more samples, and the probability of a false alarm over all stages is at most `alpha`.
///
/// Stage i draws new samples and combines its p-values by Bonferroni into q. It rejects when
/// `q <= beta / gamma^i` and accepts when `q > gamma`, where `beta = alpha / stages` and
/// `gamma = beta^(1 / stages)`; else the next stage decides. A correct sampler reaches stage i with
/// probability at most `gamma^i`, so each stage rejects it with probability at most `beta`. At the
/// last stage both thresholds coincide.
///
/// Source: Gandy, Scott (2020), "Unit testing for MCMC and other Monte Carlo methods", section 3,
/// algorithm 1; there a stage accepts above `gamma + beta`.
package struct SequentialTest: Sendable {
  package enum Verdict: Hashable, Sendable {
    case accepted(stage: Int)
    /// With the smallest p-value times the number of tests, and which test it was.
    case rejected(stage: Int, combined: Double, test: Int)

    package var isAccepted: Bool { if case .accepted = self { true } else { false } }
  }

  /// Probability of a false alarm.
  package var alpha: Double
  package var stages: Int
  /// Factor by which the samples of a stage exceed those of the one before.
  package var growth: Int

  package init(alpha: Double, stages: Int = 4, growth: Int = 2) {
    self.alpha = alpha
    self.stages = stages
    self.growth = growth
  }

  /// - Parameters:
  ///   - count: Samples of the first stage.
  ///   - pValues: The p-values of all tests on this many new samples; the number of the stage
  ///     makes seeds differ.
  package func run(
    count: Int, _ pValues: (_ count: Int, _ stage: Int) throws -> [Double]
  ) rethrows -> Verdict {
    let beta = alpha / Double(stages)
    let gamma = pow(beta, 1 / Double(stages))
    var threshold = beta
    var samples = count
    for stage in 0..<stages {
      let values = try pValues(samples, stage)
      let smallest = values.indices.min { values[$0] < values[$1] }
      let combined = smallest.map { values[$0] * Double(values.count) } ?? 1
      if combined <= threshold || combined.isNaN {
        return .rejected(stage: stage, combined: combined, test: smallest ?? 0)
      }
      if combined > gamma || stage == stages - 1 { return .accepted(stage: stage) }
      threshold /= gamma
      samples *= growth
    }
    return .accepted(stage: stages)
  }
}
