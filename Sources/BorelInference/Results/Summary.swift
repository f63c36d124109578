/// What the result says about one variable.
package struct Summary: Sendable {
  package struct Probability: Hashable, Sendable {
    package var label: String
    package var probability: Double
    /// Monte Carlo standard error; 0 when exact, nil when unknown.
    package var standardError: Double?
  }

  /// Monte Carlo standard errors besides that of the mean; nil where none is known.
  package struct Errors: Hashable, Sendable {
    package var sd: Double?
    package var q5: Double?
    package var q50: Double?
    package var q95: Double?
  }

  package var name: String
  package var kind: Variable.Kind
  /// The probability that the variable exists at all. The other numbers are conditional on it.
  package var present: Double
  /// Nil for kinds without arithmetic.
  package var mean: Double?
  package var sd: Double?
  /// Monte Carlo standard error of the mean; 0 when exact, nil when no valid estimator is known.
  package var mcse: Double?
  package var q5: Double?
  package var q50: Double?
  package var q95: Double?
  /// Only for Markov chains (Vehtari, Gelman, Simpson, Carpenter, Buerkner 2021).
  package var convergence: Convergence?
  /// For booleans, enums, texts, and integers with few values: each value with its probability.
  package var probabilities: [Probability]
}

extension Posterior {
  /// Integers with more distinct values get no table of probabilities.
  private static let tableLimit = 24

  /// Summaries of some variables, in order.
  package func summaries(of variables: [Variable]) -> [Summary] {
    let weights = normalizedWeights
    return variables.map { summary(of: $0, weights: weights) }
  }

  /// The summary of one variable.
  package func summary(of variable: Variable) -> Summary {
    summary(of: variable, weights: normalizedWeights)
  }

  private func summary(of variable: Variable, weights: [Double]) -> Summary {
    let sample = WeightedSample(variable, weights: weights, isUnweighted: isUnweighted)
    let estimator = ErrorEstimator(self, sample)
    var summary = Summary(
      name: variable.name, kind: variable.kind, present: sample.presentShare, probabilities: [])
    if variable.kind.isNumeric, !sample.isEmpty {
      let mean = sample.mean
      summary.mean = mean
      summary.sd = sample.standardDeviation(isExact: isExact)
      summary.mcse = estimator.standardError(
        mean: mean, isIndicator: variable.kind == .bool, of: { $0 })
      let quantiles = sample.quantiles([0.05, 0.5, 0.95])
      summary.q5 = quantiles[0]
      summary.q50 = quantiles[1]
      summary.q95 = quantiles[2]
      summary.convergence = estimator.convergence
    }
    summary.probabilities = probabilities(variable, sample, estimator)
    return summary
  }

  /// Quantiles of a variable over the draws that have it; empty when no draw with weight has it.
  ///
  /// - Parameter probabilities: Ascending, in (0, 1).
  package func quantiles(of variable: Variable, at probabilities: [Double]) -> [Double] {
    let sample = WeightedSample(
      variable, weights: normalizedWeights, isUnweighted: isUnweighted)
    return sample.isEmpty ? [] : sample.quantiles(probabilities)
  }

  /// The values of a variable with weights that sum to 1, without draws that do not have it.
  package func weightedValues(of variable: Variable) -> (values: [Double], weights: [Double]) {
    let sample = WeightedSample(variable, weights: normalizedWeights)
    return (sample.values, sample.weights)
  }

  /// Whether all draws weigh the same.
  private var isUnweighted: Bool { logWeights.isEmpty && !isExact }

  /// Monte Carlo standard errors of the standard deviation and the quantiles of a variable.
  package func errors(of summary: Summary, _ variable: Variable) -> Summary.Errors {
    let sample = WeightedSample(
      variable, weights: normalizedWeights, isUnweighted: isUnweighted)
    let estimator = ErrorEstimator(self, sample)
    var errors = Summary.Errors()
    guard let mean = summary.mean, let q5 = summary.q5, let q50 = summary.q50,
      let q95 = summary.q95
    else { return errors }
    errors.sd = summary.sd.flatMap {
      estimator.standardErrorOfDeviation(mean: mean, deviation: $0)
    }
    errors.q5 = estimator.standardError(quantile: q5, at: 0.05)
    errors.q50 = estimator.standardError(quantile: q50, at: 0.5)
    errors.q95 = estimator.standardError(quantile: q95, at: 0.95)
    return errors
  }

  private func probabilities(
    _ variable: Variable, _ sample: WeightedSample, _ estimator: ErrorEstimator
  ) -> [Summary.Probability] {
    if case .real = variable.kind { return [] }
    var masses: [Double: Double] = [:]
    for (value, weight) in zip(sample.values, sample.weights) where weight > 0 {
      masses[value, default: 0] += weight
      if case .int = variable.kind, masses.count > Self.tableLimit { return [] }
    }
    switch variable.kind {
    case .bool: for value in [0.0, 1.0] { masses[value, default: 0] += 0 }
    case .enumeration(let names):
      for index in names.indices { masses[Double(index), default: 0] += 0 }
    default: break
    }
    guard !sample.isEmpty else { return [] }
    var entries = masses.sorted { $0.key < $1.key }
    if case .text = variable.kind {
      entries.sort { ($1.value, $0.key) < ($0.value, $1.key) }
    }
    return entries.map { value, mass in
      let probability = min(mass, 1)
      return Summary.Probability(
        label: variable.label(of: value), probability: probability,
        standardError: estimator.standardError(
          mean: probability, isIndicator: true, of: { $0 == value ? 1 : 0 }))
    }
  }
}
