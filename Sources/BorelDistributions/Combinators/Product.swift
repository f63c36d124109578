import BorelHeap

/// Independent draws from several distributions over one type of value.
enum Product: Combinator, FiniteSupport, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "Product", summary: "An array of independent draws, one from each distribution.",
    parametrisations: [
      Parametrisation([
        .init("components", .distributionArray, .each(.any), "The distributions, in order.")
      ])
    ],
    value: .elementArray, support: .dependent, baseMeasure: .dependent, isElementwise: false,
    jointCondition: "each component must be a distribution with valid parameters",
    source: "Definition")

  static func violation(_ p: LaneWords) -> String? {
    DistributionValue.violation(ofParts: p.array(0))
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    IndependentDraws(p.distributions(0)).sum(value) { $0.logDensity($1) }
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    IndependentDraws(p.distributions(0)).sum(value) { $0.logAtom($1) }
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = IndependentDraws(p.distributions(0)).draw(using: &random, arena: arena)
  }

  static func supportCount(_ p: LaneWords) -> Int {
    IndependentDraws(p.distributions(0)).supportCount
  }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = IndependentDraws(p.distributions(0)).supportValue(index, arena: arena)
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    p.distributions(0).reduce(0) { $0 + ($1.logDensityBound ?? .infinity) }
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let changes = change.array(0)
    if changes.object.isNull { return 0 }
    guard changes.count == p.array(0).count else { return .nan }
    return IndependentDraws(p.distributions(0)).tangent(value) { changes.elements[$0] }
  }
}
