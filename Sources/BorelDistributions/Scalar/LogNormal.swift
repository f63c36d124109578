import BorelHeap
import BorelKernels

/// The exponential of a normal variate.
enum LogNormal: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "LogNormal", summary: "The exponential of a normal variate.",
    parametrisations: [
      Parametrisation([
        .init("meanLog", .real, .finite, "Mean of the logarithm."),
        .init("sdLog", .real, .positive, "Standard deviation of the logarithm."),
      ]),
      Parametrisation([
        .init("mu", .real, .finite, "Mean of the logarithm."),
        .init("sigma", .real, .positive, "Standard deviation of the logarithm."),
      ]),
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 14")

  static let noise = Noise.normal
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    PositiveRange.clamp(exp(borel_location_scale(p.real(0), p.real(1), noise))).bitPattern
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    Normal.drawColumn(
      count: count, parameters: parameters, streams: streams, arena: arena, into: value)
    _ = borel_k_exp(Int64(count), value[0], value[0], nil, nil, 0)
    for lane in 0..<count {
      let x = Double(bitPattern: value[0][lane])
      value[0][lane] = PositiveRange.clamp(x).bitPattern
    }
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_lognormal(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }

  private static func standardized(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? -.infinity : (log(x) - p.real(0)) / p.real(1)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.cumulative(standardized(x, p))
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.logCumulative(standardized(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    StandardNormal.logCumulative(-standardized(x, p))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    exp(p.real(0) + p.real(1) * StandardNormal.quantile(probability))
  }

  static func mean(_ p: LaneWords) -> Double { exp(p.real(0) + 0.5 * p.real(1) * p.real(1)) }
  static func variance(_ p: LaneWords) -> Double {
    let square = p.real(1) * p.real(1)
    return expm1(square) * exp(2 * p.real(0) + square)
  }

  /// The mode is exp(meanLog - sdLog^2).
  static func logDensityBound(_ p: LaneWords) -> Double {
    0.5 * p.real(1) * p.real(1) - p.real(0) - log(p.real(1)) - Constant.logSqrt2Pi
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = standardized(value.real(0), p)
    gradient[0] = -(1 + z / p.real(1)) / value.real(0)
    gradient[1] = z / p.real(1)
    gradient[2] = (z * z - 1) / p.real(1)
  }
}
