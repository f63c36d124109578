/// The values of one variable in the draws that have it, with weights that sum to 1.
struct WeightedSample {
  let values: [Double]
  /// Shape of `values`; all zero when no draw with the variable has weight.
  let weights: [Double]
  /// The number of the draw of each value; nil when the values are all the draws in order, or rows
  /// of a table of their own.
  let draws: [Int32]?
  /// The probability that the variable exists.
  let presentShare: Double
  private let isContinuous: Bool

  /// - Parameters:
  ///   - weights: Normalised, one per draw.
  ///   - isUnweighted: Whether they are all the same.
  init(_ variable: Variable, weights: [Double], isUnweighted: Bool = false) {
    let weights = variable.probabilities ?? weights
    self.isUnweighted = isUnweighted && variable.probabilities == nil
    if case .real = variable.kind { isContinuous = true } else { isContinuous = false }
    guard let present = variable.present else {
      values = variable.values
      self.weights = weights
      draws = nil
      presentShare = 1
      return
    }
    var kept: [Double] = []
    var keptWeights: [Double] = []
    var keptDraws: [Int32] = []
    var share = 0.0
    for (index, isPresent) in present.enumerated() where isPresent {
      kept.append(variable.values[index])
      keptWeights.append(weights[index])
      keptDraws.append(Int32(index))
      share += weights[index]
    }
    if share > 0 {
      for index in keptWeights.indices { keptWeights[index] /= share }
    }
    values = kept
    self.weights = keptWeights
    draws = keptDraws
    // Weights sum to 1 but for rounding.
    presentShare = share > 1 - 1e-12 ? 1 : share
  }

  /// Whether there is nothing to average.
  var isEmpty: Bool { !weights.contains { $0 > 0 } }

  var mean: Double {
    // Draws of weight zero may hold anything, also infinities.
    var sum = 0.0
    for (value, weight) in zip(values, weights) where weight > 0 { sum += weight * value }
    return sum
  }

  /// With the factor 1 / (1 - sum W^2), which is n / (n - 1) for equal weights, unless the weights
  /// are exact; nil when one draw has all the weight.
  func standardDeviation(isExact: Bool) -> Double? {
    let mean = mean
    var squares = 0.0
    var concentration = 0.0
    for (value, weight) in zip(values, weights) where weight > 0 {
      squares += weight * (value - mean) * (value - mean)
      concentration += weight * weight
    }
    guard squares.isFinite else { return nil }
    if isExact { return squares.squareRoot() }
    guard concentration < 1 - 1e-12 else { return nil }
    return (squares / (1 - concentration)).squareRoot()
  }

  /// Whether all values weigh the same.
  let isUnweighted: Bool

  /// For each probability the smallest value with at least that probability at or below it; for
  /// reals of equal weight interpolated between order statistics.
  ///
  /// - Parameter probabilities: Ascending, in (0, 1).
  /// - Complexity: O(n log n).
  func quantiles(_ probabilities: [Double]) -> [Double] {
    if isUnweighted, isContinuous, !values.isEmpty {
      let sorted = values.sorted()
      return probabilities.map { Quantile.interpolated(sorted, at: $0) }
    }
    var pairs: [(value: Double, weight: Double)] = []
    pairs.reserveCapacity(values.count)
    for (value, weight) in zip(values, weights) where weight > 0 { pairs.append((value, weight)) }
    pairs.sort { $0.value < $1.value }
    var result: [Double] = []
    var cumulative = 0.0
    var index = -1
    for probability in probabilities {
      while index < pairs.count - 1, index < 0 || cumulative < probability - 1e-12 {
        index += 1
        cumulative += pairs[index].weight
      }
      result.append(index >= 0 ? pairs[index].value : .nan)
    }
    return result
  }
}
