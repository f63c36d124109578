import BorelHeap
import BorelKernels

/// The exponential distribution.
enum Exponential: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments,
  HasDensityBound, HasGradient
{
  static let signature = FamilySignature(
    name: "Exponential", summary: "The exponential distribution.",
    parametrisations: [
      Parametrisation([.init("rate", .real, .positive, "Reciprocal of the mean.")]),
      Parametrisation([.init("scale", .real, .positive, "Mean.", conversion: .reciprocal)]),
    ],
    value: .real, support: .nonNegative, baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 19")

  static let noise = Noise.exponential
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 { (noise / p.real(0)).bitPattern }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    noise.fill(
      count: count, streams: streams,
      into: UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self))
    _ = borel_k_div_real(
      Int64(count), value[0], value[0], parameters[0].raw, nil, parameters[0].stride == 0 ? 2 : 0)
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_exponential(
      call.count, call.logWeights, call.x, call.real(0), call.uniform, call.set)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : -expm1(-p.real(0) * x)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? -.infinity : log1mexp(-p.real(0) * x)
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : -p.real(0) * x
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    -log1p(-probability) / p.real(0)
  }

  static func mean(_ p: LaneWords) -> Double { 1 / p.real(0) }
  static func variance(_ p: LaneWords) -> Double { 1 / (p.real(0) * p.real(0)) }

  static func logDensityBound(_ p: LaneWords) -> Double { log(p.real(0)) }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    gradient[0] = -p.real(0)
    gradient[1] = 1 / p.real(0) - value.real(0)
  }
}
