import BorelHeap
import BorelKernels

/// The number of successes in n trials.
enum Binomial: IntegerFamily, KernelScored, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport, HasGradient
{
  static let signature = FamilySignature(
    name: "Binomial", summary: "The number of successes in n independent trials.",
    parametrisations: [
      Parametrisation([
        .init("n", .int, .intAtLeast(0), "Number of trials."),
        .init("p", .real, .unitInterval, "Probability of success."),
      ])
    ],
    value: .int, support: .integers(from: 0, through: .parameter(0)), baseMeasure: .counting,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, ch. 3")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_binomial(
      call.count, call.logWeights, call.integers, call.int(0), call.real(1), call.uniform,
      call.set)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Int64 {
    borel_draw_binomial(&random, p.int(0), p.real(1))
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...max(0, p.int(0)) }
  /// P(X > k) = I_p(k + 1, n - k).
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    LogIncomplete.beta(
      Double(p.int(0) - k), Double(k) + 1, 1 - p.real(1), complement: p.real(1))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    LogIncomplete.beta(
      Double(k) + 1, Double(p.int(0) - k), p.real(1), complement: 1 - p.real(1))
  }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double {
    SpecialFunctions.betaComplement(Double(k) + 1, Double(p.int(0) - k), p.real(1))
  }
  static func survival(at k: Int64, _ p: LaneWords) -> Double {
    SpecialFunctions.beta(Double(k) + 1, Double(p.int(0) - k), p.real(1))
  }

  static func mean(_ p: LaneWords) -> Double { Double(p.int(0)) * p.real(1) }
  static func variance(_ p: LaneWords) -> Double { Double(p.int(0)) * p.real(1) * (1 - p.real(1)) }

  static func logDensityBound(_ p: LaneWords) -> Double {
    let n = p.int(0)
    let mode = Mode.integer((Double(n) + 1) * p.real(1), in: 0...max(0, n))
    return Mode.largest(around: mode, in: 0...max(0, n)) { logMass(at: $0, p) }
  }

  static func supportCount(_ p: LaneWords) -> Int { Int(p.int(0) &+ 1 > 0 ? p.int(0) &+ 1 : .max) }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (successes, failures) = (Double(value.int(0)), Double(p.int(0)) - Double(value.int(0)))
    gradient[0] = 0
    gradient[1] = 0
    gradient[2] =
      (successes == 0 ? 0 : successes / p.real(1))
      - (failures == 0 ? 0 : failures / (1 - p.real(1)))
  }
}
