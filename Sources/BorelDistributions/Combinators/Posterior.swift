import BorelHeap

/// The result of an inference as a distribution: one of its draws.
enum Posterior: WeightedValuesFamily {
  static let signature = FamilySignature(
    name: "Posterior", summary: "A draw from the result of an inference.",
    parametrisations: [
      Parametrisation([
        .init("draws", .valueArray, .each(.any), "Results of the inferred model."),
        .init("logWeights", .realArray, .each(.any), "Log of the weight of each draw."),
        .init("logEvidence", .real, .any, "Log of the evidence of the inferred model."),
        .init("id", .int, .any, "Number of the inference within the run."),
      ])
    ],
    value: .element, support: .dependent, baseMeasure: .counting, isElementwise: false,
    jointCondition: condition, source: "Definition")

  private static let condition = "there must be as many log-weights as draws"

  static func violation(_ p: LaneWords) -> String? {
    p.array(1).count == p.array(0).count ? nil : condition
  }

  static func weighted(_ p: LaneWords) -> WeightedValues {
    let logWeights = p.reals(1)
    return WeightedValues(p.array(0)) { exp(logWeights[$0]) }
  }
}
