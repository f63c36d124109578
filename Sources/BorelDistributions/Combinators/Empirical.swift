import BorelHeap

/// One of given values, with given weights.
enum Empirical: WeightedValuesFamily, HasTangent {
  static let signature = FamilySignature(
    name: "Empirical", summary: "One of given values, each equally likely or by weights.",
    parametrisations: [
      Parametrisation([
        .init("values", .valueArray, .each(.any), "The values; equal ones add up."),
        .init(
          "weights", .realArray, .weights,
          "Weight of each value, not necessarily normalised; one number is for all of them.",
          defaultValue: 1),
      ])
    ],
    value: .element, support: .dependent, baseMeasure: .counting, isElementwise: false,
    jointCondition: condition, source: "Definition")

  private static let condition = "there must be one weight, or as many weights as values"

  static func violation(_ p: LaneWords) -> String? {
    p.array(1).count == 1 || p.array(1).count == p.array(0).count ? nil : condition
  }

  static func weighted(_ p: LaneWords) -> WeightedValues {
    let weights = p.reals(1)
    return WeightedValues(p.array(0)) { weights.count == 1 ? 1 : weights[$0] }
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let changes = change.reals(1)
    if changes.count <= 1 { return 0 }
    guard changes.count == p.array(0).count else { return .nan }
    return weighted(p).tangent(of: value) { changes[$0] }
  }
}
