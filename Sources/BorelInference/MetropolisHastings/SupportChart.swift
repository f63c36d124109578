import BorelDistributions
import BorelHeap
import BorelKernels

/// A chart of the support of a real-valued family: coordinates on the whole line.
enum SupportChart {
  case line
  case above(Double)
  case between(Double, Double)
  case circle

  /// Nil for a family whose values are not reals, has atoms, or has a support that depends on parts.
  init?(_ family: any Family.Type, _ parameters: LaneWords) {
    let signature = family.signature
    guard signature.value == .real, signature.baseMeasure == .lebesgue else { return nil }
    switch signature.support {
    case .real: self = .line
    case .positive, .nonNegative: self = .above(0)
    case .unitInterval: self = .between(0, 1)
    case .betweenParameters(let lower, let upper):
      self = .between(parameters.real(lower), parameters.real(upper))
    case .aboveParameter(let lower): self = .above(parameters.real(lower))
    case .circle: self = .circle
    default: return nil
    }
  }

  /// The coordinate of a value.
  func coordinate(_ x: Double) -> Double {
    switch self {
    case .line, .circle: x
    case .above(let lower): borel_log(x - lower)
    case .between(let lower, let upper): borel_log(x - lower) - borel_log(upper - x)
    }
  }

  /// The value at a coordinate.
  func value(_ z: Double) -> Double {
    switch self {
    case .line: return z
    case .circle:
      let turns = (z / (2 * .pi)).rounded()
      return z - turns * 2 * .pi
    case .above(let lower): return lower + borel_exp(z)
    case .between(let lower, let upper):
      if z >= 0 { return lower + (upper - lower) / (1 + borel_exp(-z)) }
      let odds = borel_exp(z)
      return lower + (upper - lower) * odds / (1 + odds)
    }
  }

  /// log |d value / d coordinate| at a value.
  func logDerivative(_ x: Double) -> Double {
    switch self {
    case .line, .circle: 0
    case .above(let lower): borel_log(x - lower)
    case .between(let lower, let upper):
      borel_log(x - lower) + borel_log(upper - x) - borel_log(upper - lower)
    }
  }
}
