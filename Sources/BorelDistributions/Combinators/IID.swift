import BorelHeap

/// Independent draws from one distribution.
enum IID: Combinator, FiniteSupport, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "IID", summary: "An array of independent draws from one distribution.",
    parametrisations: [
      Parametrisation([
        .init("distribution", .distribution, .any, "Distribution of each element."),
        .init(
          "count", .int, .interval(0, 10_000_000, lowerOpen: false, upperOpen: false),
          "Number of elements."),
      ])
    ],
    value: .elementArray, support: .dependent, baseMeasure: .dependent, isElementwise: false,
    jointCondition: "the distribution must have valid parameters", source: "Definition")

  static func violation(_ p: LaneWords) -> String? {
    DistributionValue.violation(ofPart: p.word(0))
  }

  private static func draws(_ p: LaneWords) -> IndependentDraws? {
    p.distribution(0).map { IndependentDraws(max(0, Int(p.int(1))), of: $0) }
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    draws(p)?.sum(value) { $0.logDensity($1) } ?? -.infinity
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    draws(p)?.sum(value) { $0.logAtom($1) } ?? -.infinity
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = draws(p)?.draw(using: &random, arena: arena) ?? 0
  }

  static func supportCount(_ p: LaneWords) -> Int { draws(p)?.supportCount ?? -1 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = draws(p)?.supportValue(index, arena: arena) ?? 0
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    if p.int(1) == 0 { return 0 }
    return Double(p.int(1)) * (p.distribution(0)?.logDensityBound ?? .infinity)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    draws(p)?.tangent(value) { _ in change.word(0) } ?? .nan
  }
}
