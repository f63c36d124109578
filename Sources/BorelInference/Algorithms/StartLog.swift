import Synchronization

/// The weights of the states from which Markov kernels start, so that invariance can be tested
/// exactly.
///
/// A start that is drawn with weight w (a prior draw with its likelihood, a draw of a particle
/// filter with its evidence estimate) has the exact unnormalised measure when it counts w times. A
/// kernel that leaves the posterior invariant keeps that measure, whatever the number of steps.
package final class StartLog: Sendable {
  private let weights = Mutex<[Double]>([])

  package init() {}

  /// - Parameter logWeights: One per chain, in nats.
  package func record(_ logWeights: [Double]) {
    weights.withLock { $0 = logWeights }
  }

  /// What was recorded since the last call; empty for methods without starts.
  package func take() -> [Double] {
    weights.withLock { weights in
      defer { weights = [] }
      return weights
    }
  }
}
