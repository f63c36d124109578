import BorelHeap

/// Integers of a range with equal probability.
enum DiscreteUniform: IntegerFamily, NoiseFamily, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport
{
  static let signature = FamilySignature(
    name: "DiscreteUniform", summary: "The integers from low to high, both included.",
    parametrisations: [
      Parametrisation([
        .init("low", .int, .any, "Smallest value."), .init("high", .int, .any, "Largest value."),
      ])
    ],
    value: .int, support: .betweenParameters(0, 1), baseMeasure: .counting,
    jointCondition: "'low' must be at most 'high', with fewer than 2^53 values",
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, 6.10.1")

  static func violation(_ p: LaneWords) -> String? {
    let (width, overflow) = p.int(1).subtractingReportingOverflow(p.int(0))
    return !overflow && width >= 0 && width < (1 << 53) - 1 ? nil : signature.jointCondition
  }

  private static func width(_ p: LaneWords) -> Double { Double(p.int(1) &- p.int(0)) + 1 }

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    guard k >= p.int(0), k <= p.int(1) else { return -.infinity }
    return -log(width(p))
  }

  static let noise = Noise.uniform
  /// The probabilities differ by at most the number of values times 2^-53.
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    let step = Int64(min(noise * width(p), width(p) - 1))
    return UInt64(bitPattern: p.int(0) &+ step)
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { p.int(0)...max(p.int(0), p.int(1)) }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double {
    (Double(k - p.int(0)) + 1) / width(p)
  }
  static func survival(at k: Int64, _ p: LaneWords) -> Double { Double(p.int(1) - k) / width(p) }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    logShare(cumulative(at: k, p), rest: survival(at: k, p))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    logShare(survival(at: k, p), rest: cumulative(at: k, p))
  }

  static func mean(_ p: LaneWords) -> Double { Double(p.int(0)) + 0.5 * (width(p) - 1) }
  static func variance(_ p: LaneWords) -> Double { (width(p) * width(p) - 1) / 12 }

  static func logDensityBound(_ p: LaneWords) -> Double { -log(width(p)) }

  static func supportCount(_ p: LaneWords) -> Int {
    max(0, Int(p.int(1) &- p.int(0)) &+ 1)
  }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(bitPattern: p.int(0) + Int64(index))
  }
}
