import BorelHeap
import BorelKernels

/// The number of failures before the first success.
enum Geometric: IntegerFamily, KernelScored, IntegerCumulative, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Geometric", summary: "The number of failures before the first success, from 0.",
    parametrisations: [
      Parametrisation([
        .init(
          "p", .real, .interval(0, 1, lowerOpen: true, upperOpen: false),
          "Probability of success in each trial.")
      ])
    ],
    value: .int, support: .naturalNumbers, baseMeasure: .counting, requiresLabels: true,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, 5.2")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_geometric(
      call.count, call.logWeights, call.integers, call.real(0), call.uniform, call.set)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Int64 {
    borel_draw_geometric(&random, p.real(0))
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...Int64.max }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    log1mexp(logSurvival(at: k, p))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    (Double(k) + 1) * log1p(-p.real(0))
  }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double { -expm1(logSurvival(at: k, p)) }

  static func mean(_ p: LaneWords) -> Double { (1 - p.real(0)) / p.real(0) }
  static func variance(_ p: LaneWords) -> Double { (1 - p.real(0)) / p.real(0) / p.real(0) }

  static func logDensityBound(_ p: LaneWords) -> Double { log(p.real(0)) }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let failures = Double(value.int(0))
    gradient[0] = 0
    gradient[1] = 1 / p.real(0) - (failures == 0 ? 0 : failures / (1 - p.real(0)))
  }
}
