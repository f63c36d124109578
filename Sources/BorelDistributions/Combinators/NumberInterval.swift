import BorelHeap
import BorelKernels

/// A distribution of numbers and an interval: what `Truncated` and `Censored` are made of.
struct NumberInterval {
  let distribution: DistributionValue
  let kind: NumberKind
  /// Both ends belong to the interval. For integers they are whole.
  let lower: Double
  let upper: Double

  var isWhole: Bool { kind != .real }

  /// From the parameters (distribution, lower, upper); nil when they are no such thing.
  init?(_ p: LaneWords) {
    guard let distribution = p.distribution(0), let kind = distribution.numberKind else {
      return nil
    }
    self.distribution = distribution
    self.kind = kind
    lower = kind == .real ? p.real(1) : p.real(1).rounded(.up)
    upper = kind == .real ? p.real(2) : p.real(2).rounded(.down)
  }

  /// The same interval of another distribution of the same kind of numbers.
  private init(_ interval: NumberInterval, of distribution: DistributionValue) {
    self.distribution = distribution
    kind = interval.kind
    lower = interval.lower
    upper = interval.upper
  }

  /// What a function of the interval changes by when the parameters of the distribution do.
  func tangent(_ change: LaneWords, _ function: (NumberInterval) -> Double) -> Double {
    distribution.numericalTangent(BoxObject(bits: change.word(0))) {
      function(NumberInterval(self, of: $0))
    }
  }

  /// The parameters of both families.
  static let parametrisations = [
    Parametrisation([
      .init("distribution", .distribution, .any, "Distribution of a number."),
      .init("lower", .real, .any, "Smallest value.", defaultValue: -.infinity),
      .init("upper", .real, .any, "Largest value.", defaultValue: .infinity),
    ])
  ]

  static let condition =
    "the distribution must have a cumulative, and lower must be at most upper"

  /// What is wrong with the parameters; nil when nothing is.
  static func violation(_ p: LaneWords) -> String? {
    if let text = DistributionValue.violation(ofPart: p.word(0)) { return text }
    guard let part = p.distribution(0) else { return "a distribution is missing" }
    let name = part.family.signature.name
    guard let interval = NumberInterval(p) else {
      return "the distribution must be one of numbers, which '\(name)' is not known to be"
    }
    if !(interval.lower <= interval.upper) { return "lower must be at most upper" }
    let isBounded = interval.lower > -.infinity || interval.upper < .infinity
    if isBounded, part.logCumulative(0) == nil {
      return "the distribution must have a cumulative, which '\(name)' has not"
    }
    return nil
  }

  /// log P(X <= x).
  func logCumulative(_ x: Double) -> Double { distribution.logCumulative(x) ?? .nan }

  /// log P(X > x).
  func logSurvival(_ x: Double) -> Double { distribution.logSurvival(x) ?? .nan }

  /// The log of the probability of exactly a number.
  func logAtom(_ x: Double) -> Double {
    x.isFinite ? distribution.logAtom(word: kind.word(x)) : -.infinity
  }

  /// log P(X >= x).
  func logAtLeast(_ x: Double) -> Double {
    if x == -.infinity { return 0 }
    if isWhole { return logSurvival(x - 1) }
    let atom = logAtom(x)
    let above = logSurvival(x)
    return atom > -.infinity ? borel_logaddexp(above, atom) : above
  }

  /// log P(X < x).
  func logBelow(_ x: Double) -> Double {
    if x == -.infinity { return -.infinity }
    if isWhole { return logCumulative(x - 1) }
    let atom = logAtom(x)
    let through = logCumulative(x)
    return atom > -.infinity ? difference(through, atom) : through
  }

  /// log P(after < X <= end), from the tail in which the interval lies.
  func logMass(after start: Double, through end: Double) -> Double {
    if !(start < end) { return -.infinity }
    if end == .infinity { return start == -.infinity ? 0 : logSurvival(start) }
    if start == -.infinity { return logCumulative(end) }
    let below = logCumulative(start)
    if below > -Constant.log2 { return difference(logSurvival(start), logSurvival(end)) }
    return difference(logCumulative(end), below)
  }

  /// log P(lower <= X <= end) for an end of at least `lower`.
  func logMass(through end: Double) -> Double {
    if isWhole || lower == -.infinity {
      return logMass(after: lower - 1, through: end)
    }
    let open = logMass(after: lower, through: end)
    let atom = logAtom(lower)
    return atom > -.infinity ? borel_logaddexp(open, atom) : open
  }

  /// log(exp(a) - exp(b)), -infinity where rounding leaves nothing.
  private func difference(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return .nan }
    return a > b ? logDifference(a, b) : -.infinity
  }
}
