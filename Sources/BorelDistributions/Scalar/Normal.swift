import BorelHeap
import BorelKernels

/// The normal distribution.
enum Normal: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Normal", summary: "The normal (Gaussian) distribution.",
    parametrisations: [
      Parametrisation([
        .init("mean", .real, .finite, "Mean."),
        .init("sd", .real, .positive, "Standard deviation."),
      ]),
      Parametrisation([
        .init("mean", .real, .finite, "Mean."),
        .init("variance", .real, .positive, "Variance.", conversion: .squareRoot),
      ]),
      Parametrisation([
        .init("mean", .real, .finite, "Mean."),
        .init(
          "precision", .real, .positive, "Reciprocal of the variance.",
          conversion: .reciprocalSquareRoot),
      ]),
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 13")

  static let noise = Noise.normal

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_normal(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }

  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    borel_location_scale(p.real(0), p.real(1), noise).bitPattern
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    if !streams.isContiguous {
      drawColumnFromNoise(count: count, parameters: parameters, streams: streams, into: value[0])
      return
    }
    func reals(_ operand: ColumnOperand) -> UnsafePointer<Double> {
      UnsafeRawPointer(operand.base).assumingMemoryBound(to: Double.self)
    }
    let uniform: UInt32 =
      (parameters[0].stride == 0 ? 1 : 0) | (parameters[1].stride == 0 ? 2 : 0)
    borel_fill_normal_location_scale(
      Int64(count), UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self),
      reals(parameters[0]), reals(parameters[1]), uniform, streams.keys[0], streams.generation,
      streams.draws[0], streams.firstLane)
  }

  private static func standardized(_ x: Double, _ p: LaneWords) -> Double {
    (x - p.real(0)) / p.real(1)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.cumulative(standardized(x, p))
  }
  static func cumulativeColumn(
    _ x: Double, count: Int, parameters: UnsafePointer<ColumnOperand>,
    into result: UnsafeMutablePointer<Double>
  ) {
    for lane in 0..<count {
      result[lane] = (x - parameters[0].real(lane)) / parameters[1].real(lane)
    }
    _ = borel_k_normal_cdf(Int64(count), result, result, nil, nil, 0)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.logCumulative(standardized(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.logCumulative(-standardized(x, p))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) + p.real(1) * StandardNormal.quantile(probability)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { p.real(1) * p.real(1) }

  static func logDensityBound(_ p: LaneWords) -> Double { -Constant.logSqrt2Pi - log(p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = standardized(value.real(0), p)
    gradient[0] = -z / p.real(1)
    gradient[1] = z / p.real(1)
    gradient[2] = (z * z - 1) / p.real(1)
  }
}
