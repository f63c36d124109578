import BorelHeap
import BorelKernels

/// A number that is moved to the nearest end of an interval when it lies outside.
enum Censored: Combinator, HasQuantile, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "Censored",
    summary: "A number of which values below lower are seen as lower, above upper as upper.",
    parametrisations: NumberInterval.parametrisations,
    value: .element, support: .dependent, baseMeasure: .mixed, isElementwise: false,
    jointCondition: NumberInterval.condition,
    source: "Tobin (1958), Estimation of relationships for limited dependent variables, "
      + "Econometrica 26")

  static func violation(_ p: LaneWords) -> String? { NumberInterval.violation(p) }

  static func numberKind(_ p: LaneWords) -> NumberKind? { p.distribution(0)?.numberKind }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    score(value, p) { $0.logDensity(value) }
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    score(value, p) { $0.logAtom(value) }
  }

  /// The tail at an end, a term of the distribution between the ends.
  private static func score(
    _ value: LaneWords, _ p: LaneWords, _ term: (DistributionValue) -> Double
  ) -> Double {
    guard let interval = NumberInterval(p) else { return -.infinity }
    let x = interval.kind.number(value.word(0))
    if x.isNaN { return x }
    guard x >= interval.lower, x <= interval.upper else { return -.infinity }
    if x == interval.lower, x == interval.upper { return 0 }
    if x == interval.lower, x.isFinite { return interval.logCumulative(x) }
    if x == interval.upper, x.isFinite { return interval.logAtLeast(x) }
    return term(interval.distribution)
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    guard let interval = NumberInterval(p) else {
      value[0] = 0
      return
    }
    interval.distribution.draw(using: &random, arena: arena, into: value)
    let x = interval.kind.number(value[0])
    if x < interval.lower { value[0] = interval.kind.word(interval.lower) }
    if x > interval.upper { value[0] = interval.kind.word(interval.upper) }
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }

  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    if x < interval.lower { return -.infinity }
    return x >= interval.upper ? 0 : interval.logCumulative(x)
  }

  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    if x < interval.lower { return 0 }
    return x >= interval.upper ? -.infinity : interval.logSurvival(x)
  }

  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    guard let interval = NumberInterval(p),
      let x = interval.distribution.quantile(probability)
    else { return .nan }
    return min(max(x, interval.lower), interval.upper)
  }

  /// The atoms are probabilities, at most 1.
  static func logDensityBound(_ p: LaneWords) -> Double {
    guard let bound = p.distribution(0)?.logDensityBound else { return .infinity }
    return max(0, bound)
  }

  /// The ends move the atoms.
  static func isSmooth(in position: Int) -> Bool { position == 0 }

  /// That of the tails is found numerically.
  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    guard let interval = NumberInterval(p) else { return .nan }
    let x = interval.kind.number(value.word(0))
    if x == interval.lower, x == interval.upper { return 0 }
    if x == interval.lower, x.isFinite { return interval.tangent(change) { $0.logCumulative(x) } }
    if x == interval.upper, x.isFinite { return interval.tangent(change) { $0.logAtLeast(x) } }
    return interval.distribution.tangent(
      value, change: BoxObject(bits: change.word(0)), valueChange: nil)
  }
}
