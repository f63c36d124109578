import BorelHeap
import BorelKernels

/// The two-parameter Chinese restaurant process.
enum PitmanYor: FiniteSupport, HasTangent {
  static let signature = FamilySignature(
    name: "PitmanYor",
    summary: "The table of the next customer in the two-parameter Chinese restaurant process.",
    parametrisations: [
      Parametrisation([
        .init("tables", .intArray, .any, "Number of customers at each table; may be empty."),
        .init("alpha", .real, .finite, "Concentration, above minus the discount."),
        .init(
          "discount", .real, .interval(0, 1, lowerOpen: false, upperOpen: true),
          "What each taken table gives to a new one."),
      ])
    ],
    value: .int, support: .integers(from: 0, through: .countOfParameter(0)),
    baseMeasure: .counting, isElementwise: false,
    jointCondition: "\(Seating.condition), and alpha above -discount",
    source: "Pitman and Yor (1997), The two-parameter Poisson-Dirichlet distribution derived from "
      + "a stable subordinator, Annals of Probability 25")

  static func violation(_ p: LaneWords) -> String? {
    p.real(1) > -p.real(2) ? Seating.violation(p) : "alpha must be above -discount"
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    Seating(p, alpha: p.real(1), discount: p.real(2)).logProbability(of: value.int(0))
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let seating = Seating(p, alpha: p.real(1), discount: p.real(2))
    value[0] = UInt64(bitPattern: seating.draw(borel_next_uniform(&random)))
  }

  static func supportCount(_ p: LaneWords) -> Int { p.array(0).count + 1 }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    Seating(p, alpha: p.real(1), discount: p.real(2)).tangent(
      of: value.int(0), alpha: change.real(1), discount: change.real(2))
  }
}
