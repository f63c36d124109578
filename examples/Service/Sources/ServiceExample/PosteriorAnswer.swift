import Borel
import Hummingbird

/// A posterior as the service tells it: what a client needs for a table and a picture.
struct PosteriorAnswer: Encodable {
  struct Evidence: Encodable {
    let value: Double?
    let standardError: Double?
  }

  struct Variable: Encodable {
    let name: String
    let mean: Double?
    let standardDeviation: Double?
    let monteCarloError: Double?
    /// At 5, 25, 50, 75 and 95 %; empty for values that are no numbers.
    let quantiles: [Double]
    /// Of each value, for booleans, enums and the like.
    let probabilities: [String: Double]
    let histogram: Histogram?
  }

  struct Warning: Encodable {
    let code: String
    let text: String
  }

  let model: String
  let method: String
  let draws: Int
  let effectiveSampleSize: Double?
  let logEvidence: Evidence
  let variables: [Variable]
  let warnings: [Warning]

  /// - Parameters:
  ///   - names: The variables to tell; nil for all.
  ///   - bins: Of the histograms; 0 for none.
  /// - Throws: 400 for a name that the posterior does not have.
  init(_ fit: Posterior, of model: String, names: [String]?, bins: Int) throws {
    self.model = model
    method = fit.method
    draws = fit.drawCount
    effectiveSampleSize = fit.effectiveSampleSize.finite
    let evidence = fit.logEvidence
    logEvidence = Evidence(value: evidence.value.finite, standardError: evidence.standardError)
    variables = try (names ?? fit.names).map { name in
      guard let estimate = fit.estimate(name) else {
        throw HTTPError(.badRequest, message: "the posterior has no variable '\(name)'")
      }
      return Variable(
        name: name, mean: estimate.mean.finite,
        standardDeviation: estimate.standardDeviation.finite,
        monteCarloError: estimate.monteCarloError?.finite,
        quantiles: fit.quantiles([0.05, 0.25, 0.5, 0.75, 0.95], of: name) ?? [],
        probabilities: estimate.probabilities,
        histogram: bins > 0 ? Histogram(fit, of: name, bins: bins) : nil)
    }
    warnings = fit.warnings.map { Warning(code: $0.code, text: fit.text(of: $0)) }
  }
}

/// The posterior probability of equal intervals.
struct Histogram: Encodable {
  let start: Double
  let width: Double
  let probabilities: [Double]

  /// Nil for a variable whose draws are not finite numbers that differ.
  init?(_ fit: Posterior, of name: String, bins: Int) {
    let draws = zip(fit.draws(name), fit.weights).filter { $1 > 0 }
    let values = draws.compactMap { $0.0 }
    guard values.count == draws.count, let low = values.min(), let high = values.max(),
      low.isFinite, high.isFinite, low < high
    else { return nil }
    start = low
    width = (high - low) / Double(bins)
    var probabilities = [Double](repeating: 0, count: bins)
    for (value, weight) in zip(values, draws.map(\.1)) {
      probabilities[min(Int((value - low) / width), bins - 1)] += weight
    }
    self.probabilities = probabilities
  }
}

extension Double {
  /// JSON has no infinities.
  fileprivate var finite: Double? { isFinite ? self : nil }
}
