/// How a parameter that is maximised in closed form enters the complete log-density.
///
/// With the score S of the complete data at a value v, and the sum J of the weights of the choices
/// and data that it is a parameter of, the maximum v' is a function of v, S and J: for members of
/// an exponential family a scoring step in the parameter that is the mean of the sufficient
/// statistic leads to the maximum at once.
///
/// Source: Dempster, Laird, Rubin (1977), section 2; Titterington (1984), "Recursive parameter
/// estimation using incomplete data", section 2.
package enum ClosedForm: Hashable, Sendable {
  /// The weight of one choice.
  package enum Weight: Hashable, Sendable {
    case one
    /// Another parameter of the distribution, by position.
    case parameter(Int)
    /// Its reciprocal square.
    case precision(Int)
  }

  /// A standard deviation: v'² is the mean square around the mean.
  case deviation
  /// A mean d v + e: v' is the weighted least squares of the values minus e, by precisions.
  case location(precisionOf: Int)
  /// A scale of absolute deviations: v' is their mean.
  case absoluteScale
  /// A mean of counts.
  case countMean
  /// A probability of so many trials.
  case probability(trials: Int?)
  /// A rate: v' is the sum of shapes over the sum of values.
  case rate(shape: Int?)

  var isLocation: Bool {
    if case .location = self { return true }
    return false
  }

  package var weight: Weight {
    switch self {
    case .deviation, .absoluteScale, .countMean: .one
    case .location(let deviation): .precision(deviation)
    case .probability(let trials): trials.map { .parameter($0) } ?? .one
    case .rate(let shape): shape.map { .parameter($0) } ?? .one
    }
  }

  /// The maximum of the expected complete log-density.
  ///
  /// - Parameters:
  ///   - value: Where the expectations were taken.
  ///   - score: The expected derivative there.
  ///   - weight: The expected sum of weights, positive.
  package func maximum(from value: Double, score: Double, weight: Double) -> Double {
    let step = score / weight
    switch self {
    case .deviation: return max(value * value * (1 + value * step), 0).squareRoot()
    case .location: return value + step
    case .absoluteScale: return value + step * value * value
    case .countMean: return value * (1 + step)
    case .probability: return value + step * value * (1 - value)
    case .rate: return 1 / (1 / value - step)
    }
  }

  /// The form of a parameter of a family, by its position in the first parametrisation; nil where
  /// the maximum has no closed form.
  package static func of(family: String, position: Int) -> ClosedForm? { table[family]?[position] }

  private static let table: [String: [Int: ClosedForm]] = [
    "Bernoulli": [0: .probability(trials: nil)],
    "Binomial": [1: .probability(trials: 0)],
    "Exponential": [0: .rate(shape: nil)],
    "Gamma": [1: .rate(shape: 0)],
    "HalfNormal": [0: .deviation],
    "Laplace": [1: .absoluteScale],
    "LogNormal": [0: .location(precisionOf: 1), 1: .deviation],
    "Normal": [0: .location(precisionOf: 1), 1: .deviation],
    "Poisson": [0: .countMean],
  ]
}
