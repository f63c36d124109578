import BorelKernels

/// Which power of the likelihood comes next.
enum TemperingLadder {
  /// (k/stages)^4, fixed beforehand: small steps where the prior is far from the posterior.
  case fixed(stages: Int)
  /// The power at which the effective sample size of the step is a share of the living particles.
  case adaptive(share: Double)

  /// - Parameters:
  ///   - exponent: Where the particles are, from 0 to below 1.
  ///   - stage: Number of the step, from 1.
  ///   - logLikelihoods: Of equally weighted particles, some above `-infinity`.
  /// - Returns: Above `exponent`, at most 1.
  func next(
    after exponent: Double, stage: Int, _ logLikelihoods: ArraySlice<Double>
  ) -> Double {
    switch self {
    case .fixed(let stages):
      let ratio = Double(stage) / Double(stages)
      return stage >= stages ? 1 : ratio * ratio * ratio * ratio
    case .adaptive(let share):
      return exponent + Self.step(1 - exponent, share, logLikelihoods.filter { $0 > -.infinity })
    }
  }

  /// The largest step up to `most` at which the effective sample size is not below the share: by
  /// halving, then by bisection to a relative 1e-6. The effective sample size falls as the step
  /// grows.
  private static func step(_ most: Double, _ share: Double, _ logLikelihoods: [Double]) -> Double {
    let target = share * Double(logLikelihoods.count)
    if size(logLikelihoods, most) >= target { return most }
    var (low, high) = (most / 2, most)
    while low > .leastNormalMagnitude, size(logLikelihoods, low) < target {
      (low, high) = (low / 2, low)
    }
    while high - low > 1e-6 * low {
      let middle = low + (high - low) / 2
      if size(logLikelihoods, middle) >= target { low = middle } else { high = middle }
    }
    return low
  }

  /// The effective sample size of weights that are likelihoods to a power.
  private static func size(_ logLikelihoods: [Double], _ exponent: Double) -> Double {
    let largest = logLikelihoods.max() ?? 0
    var (sum, squares) = (0.0, 0.0)
    for logLikelihood in logLikelihoods {
      let weight = borel_exp(exponent * (logLikelihood - largest))
      sum += weight
      squares += weight * weight
    }
    return sum * sum / squares
  }
}
