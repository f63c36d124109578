import BorelKernels

/// Importance weights whose largest are replaced by quantiles of a Pareto law that is fitted to
/// them: of finite variance where the raw ones need not have one, with a shape that tells how far
/// they can be relied upon.
///
/// Source: Vehtari, Simpson, Gelman, Yao, Gabry (2024), "Pareto smoothed importance sampling",
/// algorithm 1.
package struct ParetoSmoothing: Sendable {
  /// Above this shape estimates by the weights have errors of unknown size (section 3.2).
  package static let largestShape = 0.7

  /// Logs of weights with sum 1.
  package let logWeights: [Double]
  /// The shape of the fitted law; infinite with fewer than five weights in the tail.
  package let shape: Double

  /// - Parameters:
  ///   - logRatios: Logs of the importance ratios, at least one of them finite, none `+infinity`.
  ///   - efficiency: The effective sample size of the draws over their number.
  package init(_ logRatios: [Double], efficiency: Double = 1) {
    let largest = logRatios.max() ?? 0
    var values = logRatios.map { $0 - largest }
    let count = Double(values.count)
    let tailCount = min(count / 5, 3 * (count / efficiency).squareRoot()).rounded(.up)
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let position = max(0, order.count - Int(tailCount) - 1)
    let cutoff = max(values[order[position]], borel_log(.leastNormalMagnitude))
    let tail = order.filter { values[$0] > cutoff }
    shape = Self.smooth(&values, tail, cutoff)
    let total = borel_log(values.reduce(0) { $0 + borel_exp($1) })
    logWeights = values.map { $0 - total }
  }

  /// Replaces the values of the tail, which are ascending, by expected order statistics.
  private static func smooth(
    _ values: inout [Double], _ tail: [Int], _ cutoff: Double
  ) -> Double {
    guard tail.count > 4 else { return .infinity }
    let offset = borel_exp(cutoff)
    let law = ParetoLaw(tail.map { borel_exp(values[$0]) - offset })
    guard law.shape.isFinite else { return law.shape }
    for (rank, index) in tail.enumerated() {
      let probability = (Double(rank) + 0.5) / Double(tail.count)
      // No weight may exceed the largest raw one.
      values[index] = min(borel_log(law.quantile(probability) + offset), 0)
    }
    return law.shape
  }
}

/// The generalised Pareto law on the positive numbers.
struct ParetoLaw {
  let shape: Double
  let scale: Double

  /// Fits the law to a sample by a quasi-Bayesian estimate, with a weak prior that keeps the shape
  /// near 1/2 in small samples.
  ///
  /// Source: Zhang, Stephens (2009), "A new and efficient estimation method for the generalized
  /// Pareto distribution", section 3; the prior: Vehtari et al. (2024), appendix C.
  ///
  /// - Parameter sample: Ascending, positive, not empty.
  init(_ sample: [Double]) {
    let count = sample.count
    let n = Double(count)
    let gridCount = 30 + Int(n.squareRoot())
    let quartile = sample[Int(n / 4 + 0.5) - 1]
    let grid = (1...gridCount).map { j in
      1 / sample[count - 1]
        + (1 - (Double(gridCount) / (Double(j) - 0.5)).squareRoot()) / (3 * quartile)
    }
    func shape(at b: Double) -> Double {
      sample.reduce(0) { $0 + borel_log1p(-b * $1) } / n
    }
    let logLikelihoods = grid.map { b in
      let k = shape(at: b)
      return n * (borel_log(-(b / k)) - k - 1)
    }
    let largest = logLikelihoods.max() ?? 0
    let weights = logLikelihoods.map { borel_exp($0 - largest) }
    let total = weights.reduce(0, +)
    let b = zip(grid, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let k = shape(at: b)
    scale = -k / b
    self.shape = (n * k + 5) / (n + 10)
  }

  func quantile(_ probability: Double) -> Double {
    let log = borel_log1p(-probability)
    return scale * (shape == 0 ? -log : borel_expm1(-shape * log) / shape)
  }
}
