import BorelHeap
import BorelKernels

/// A distribution of numbers, given that the value lies in an interval.
enum Truncated: Combinator, HasQuantile, FiniteSupport, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "Truncated",
    summary: "A distribution given that its value is at least lower and at most upper.",
    parametrisations: NumberInterval.parametrisations,
    value: .element, support: .dependent, baseMeasure: .dependent, isElementwise: false,
    jointCondition: NumberInterval.condition + ", with some probability between them",
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, "
      + "section 13.10.1")

  static func violation(_ p: LaneWords) -> String? {
    if let text = NumberInterval.violation(p) { return text }
    guard let interval = NumberInterval(p) else { return NumberInterval.condition }
    return interval.logMass(through: interval.upper) > -.infinity
      ? nil : "there is no probability between lower and upper"
  }

  static func numberKind(_ p: LaneWords) -> NumberKind? { p.distribution(0)?.numberKind }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    inside(value, p) { $0.logDensity(value) }
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    inside(value, p) { $0.logAtom(value) }
  }

  private static func inside(
    _ value: LaneWords, _ p: LaneWords, _ term: (DistributionValue) -> Double
  ) -> Double {
    guard let interval = NumberInterval(p) else { return -.infinity }
    let x = interval.kind.number(value.word(0))
    if x.isNaN { return x }
    guard x >= interval.lower, x <= interval.upper else { return -.infinity }
    let logMass = interval.logMass(through: interval.upper)
    return logMass > -.infinity ? term(interval.distribution) - logMass : -.infinity
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    guard let interval = NumberInterval(p) else {
      value[0] = 0
      return
    }
    value[0] = interval.kind.word(quantile(borel_next_uniform(&random), p))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }

  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    if x < interval.lower { return -.infinity }
    if x >= interval.upper { return 0 }
    return min(0, interval.logMass(through: x) - interval.logMass(through: interval.upper))
  }

  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    if x < interval.lower { return 0 }
    let above = interval.logMass(after: x, through: interval.upper)
    return min(0, above - interval.logMass(through: interval.upper))
  }

  /// By the quantile of the distribution where that is accurate, otherwise (in a far tail, or
  /// without a quantile) by a search on the log of the tail.
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p), probability >= 0, probability <= 1 else { return .nan }
    if interval.lower == -.infinity, interval.upper == .infinity,
      let quantile = interval.distribution.quantile(probability)
    {
      return quantile
    }
    if probability == 0 { return interval.lower }
    if probability == 1 { return interval.upper }
    let logMass = interval.logMass(through: interval.upper)
    let logAtLeast = interval.logAtLeast(interval.lower)
    // Below a survival of 1e-6 a probability near 1 has lost too many digits.
    let isUpperTail = logAtLeast < -13.8
    let target = borel_logaddexp(interval.logBelow(interval.lower), logMass + log(probability))
    if !isUpperTail, target > -690, let x = interval.distribution.quantile(min(1, exp(target))) {
      return min(max(x, interval.lower), interval.upper)
    }
    if isUpperTail {
      let logLeft = logAtLeast + log1p(-probability * exp(logMass - logAtLeast))
      return NumberSearch.smallest(
        from: interval.lower, through: interval.upper, isWhole: interval.isWhole
      ) { interval.logSurvival($0) <= logLeft }
    }
    return NumberSearch.smallest(
      from: interval.lower, through: interval.upper, isWhole: interval.isWhole
    ) { interval.logCumulative($0) >= target }
  }

  /// The values of the distribution that lie in the interval, by their index there.
  private static func inner(_ interval: NumberInterval, _ body: (Int, UInt64) -> Bool) -> Int? {
    guard let count = interval.distribution.supportCount else { return nil }
    if count > 1 << 20 { return .max }
    let arena = Arena()
    var inside = 0
    for index in 0..<count {
      let word = LaneBuffer.withBuffer { words in
        interval.distribution.supportValue(index, arena: arena, into: words)
        return words[0]
      }
      let x = interval.kind.number(word)
      guard x >= interval.lower, x <= interval.upper else { continue }
      if body(inside, word) { return inside + 1 }
      inside += 1
    }
    return inside
  }

  static func supportCount(_ p: LaneWords) -> Int {
    guard let interval = NumberInterval(p) else { return -1 }
    if let count = inner(interval, { _, _ in false }) { return count }
    guard interval.isWhole, interval.lower > -1e15, interval.upper < 1e15 else { return -1 }
    return Int(interval.upper - interval.lower) + 1
  }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    guard let interval = NumberInterval(p) else { return }
    if interval.distribution.supportCount == nil {
      value[0] = interval.kind.word(interval.lower + Double(index))
      return
    }
    _ = inner(interval) { position, word in
      if position == index { value[0] = word }
      return position == index
    }
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p), let bound = interval.distribution.logDensityBound
    else { return .infinity }
    return bound - interval.logMass(through: interval.upper)
  }

  /// The ends move the support.
  static func isSmooth(in position: Int) -> Bool { position == 0 }

  /// That of the probability between the ends is found numerically.
  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    let inner = interval.distribution.tangent(
      value, change: BoxObject(bits: change.word(0)), valueChange: nil)
    if interval.lower == -.infinity, interval.upper == .infinity { return inner }
    return inner - interval.tangent(change) { $0.logMass(through: $0.upper) }
  }
}
