import BorelHeap
import BorelKernels

/// The Poisson distribution.
enum Poisson: IntegerFamily, KernelScored, IntegerCumulative, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Poisson", summary: "The Poisson distribution of counts.",
    parametrisations: [
      Parametrisation([
        .init(
          "rate", .real, .interval(0, 1e15, lowerOpen: false, upperOpen: false),
          "Mean; 0 gives always 0.")
      ])
    ],
    value: .int, support: .naturalNumbers, baseMeasure: .counting,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, ch. 4")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_poisson(
      call.count, call.logWeights, call.integers, call.real(0), call.uniform, call.set)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Int64 {
    borel_draw_poisson(&random, p.real(0))
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let target = UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Int64.self)
    streams.withKernelStreams {
      borel_fill_poisson(
        Int64(count), target, parameters[0].reals, parameters[0].uniformBit(0), $0)
    }
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...Int64.max }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    LogIncomplete.gammaQ(Double(k) + 1, p.real(0))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    LogIncomplete.gammaP(Double(k) + 1, p.real(0))
  }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double {
    SpecialFunctions.gammaQ(Double(k) + 1, p.real(0))
  }
  static func survival(at k: Int64, _ p: LaneWords) -> Double {
    SpecialFunctions.gammaP(Double(k) + 1, p.real(0))
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { p.real(0) }

  static func logDensityBound(_ p: LaneWords) -> Double {
    let range = range(p)
    return Mode.largest(around: Mode.integer(p.real(0), in: range), in: range) {
      logMass(at: $0, p)
    }
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let count = Double(value.int(0))
    gradient[0] = 0
    gradient[1] = (count == 0 ? 0 : count / p.real(0)) - 1
  }
}
