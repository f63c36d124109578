import BorelInference

/// What a posterior says about one scalar.
public struct Estimate: Sendable, Hashable {
  public let name: String
  /// NaN for values without arithmetic.
  public let mean: Double
  /// NaN where it does not exist.
  public let standardDeviation: Double
  /// Monte Carlo standard error of the mean; 0 when exact, nil when no valid estimator is known.
  public let monteCarloError: Double?
  public let quantile5: Double
  public let median: Double
  public let quantile95: Double
  /// The probability that the variable exists; the others are conditional on it.
  public let presence: Double
  /// For booleans, enums, texts, and integers with few values: the probability of each value.
  public let probabilities: [String: Double]

  init(_ summary: Summary) {
    name = summary.name
    mean = summary.mean ?? .nan
    standardDeviation = summary.sd ?? .nan
    monteCarloError = summary.mcse
    quantile5 = summary.q5 ?? .nan
    median = summary.q50 ?? .nan
    quantile95 = summary.q95 ?? .nan
    presence = summary.present
    probabilities = Dictionary(
      summary.probabilities.map { ($0.label, $0.probability) }, uniquingKeysWith: +)
  }
}
