import BorelHeap
import BorelKernels

/// The gamma distribution.
enum Gamma: RealFamily, KernelScored, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Gamma", summary: "The gamma distribution.",
    parametrisations: [
      Parametrisation([
        .init("shape", .real, .positive, "Shape."),
        .init("rate", .real, .positive, "Reciprocal of the scale; the mean is shape / rate."),
      ]),
      Parametrisation([
        .init("shape", .real, .positive, "Shape."),
        .init(
          "scale", .real, .positive, "Scale; the mean is shape * scale.", conversion: .reciprocal),
      ]),
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 17")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_gamma(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }
  static var exceptions: (Double, Double)? { (0, 0) }

  /// At 0 the limit from the right: infinite for a shape below 1.
  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    if x == 0 {
      return p.real(0) < 1 ? .infinity : p.real(0) == 1 ? log(p.real(1)) : -.infinity
    }
    return kernelLogDensity(x.bitPattern, p)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    PositiveRange.clamp(borel_draw_gamma(&random, p.real(0)) / p.real(1))
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let target = UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self)
    streams.withKernelStreams {
      borel_fill_gamma(
        Int64(count), target, parameters[0].reals, parameters[0].uniformBit(0), $0)
    }
    for lane in 0..<count {
      target[lane] = PositiveRange.clamp(target[lane] / parameters[1].real(lane))
    }
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    SpecialFunctions.gammaP(p.real(0), p.real(1) * x)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.gammaP(p.real(0), p.real(1) * x)
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.gammaQ(p.real(0), p.real(1) * x)
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    standardQuantile(probability, shape: p.real(0)) / p.real(1)
  }

  static func standardQuantile(_ p: Double, shape: Double) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    return p <= 0.5
      ? SpecialFunctions.gammaPInverse(shape, p) : SpecialFunctions.gammaQInverse(shape, 1 - p)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) / p.real(1) }
  static func variance(_ p: LaneWords) -> Double { p.real(0) / p.real(1) / p.real(1) }

  /// Infinite for a shape below 1.
  static func logDensityBound(_ p: LaneWords) -> Double {
    logDensity(at: max(0, p.real(0) - 1) / p.real(1), p)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, shape, rate) = (value.real(0), p.real(0), p.real(1))
    gradient[0] = (shape == 1 ? 0 : (shape - 1) / x) - rate
    gradient[1] = log(rate) - digamma(shape) + log(x)
    gradient[2] = shape / rate - x
  }
}
