import BorelHeap
import BorelKernels

/// A Bool that is true with probability p.
enum Bernoulli: IntegerFamily, KernelScored, NoiseFamily, IntegerCumulative, HasMoments,
  HasDensityBound, FiniteSupport, HasGradient
{
  static let signature = FamilySignature(
    name: "Bernoulli", summary: "A Bool that is true with probability p.",
    parametrisations: [
      Parametrisation([.init("p", .real, .unitInterval, "Probability of true.")])
    ],
    value: .bool, support: .booleans, baseMeasure: .counting,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, 3.1")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 { noise < p.real(0) ? 1 : 0 }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    noise.fill(
      count: count, streams: streams,
      into: UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self))
    _ = borel_k_lt_real(
      Int64(count), value[0], value[0], parameters[0].raw, nil, parameters[0].stride == 0 ? 2 : 0)
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_bernoulli(
      call.count, call.logWeights, call.integers, call.real(0), call.uniform, call.set)
  }
  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...1 }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    logShare(1 - p.real(0), rest: p.real(0))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    logShare(p.real(0), rest: 1 - p.real(0))
  }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double { 1 - p.real(0) }
  static func survival(at k: Int64, _ p: LaneWords) -> Double { p.real(0) }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { p.real(0) * (1 - p.real(0)) }

  static func logDensityBound(_ p: LaneWords) -> Double { log(max(p.real(0), 1 - p.real(0))) }

  static func supportCount(_ p: LaneWords) -> Int { 2 }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    gradient[0] = 0
    gradient[1] = value.bool(0) ? 1 / p.real(0) : -1 / (1 - p.real(0))
  }
}
