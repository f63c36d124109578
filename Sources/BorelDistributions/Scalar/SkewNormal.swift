import BorelHeap
import BorelKernels

/// The skew normal distribution.
enum SkewNormal: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "SkewNormal", summary: "The skew normal distribution.",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Location; the mean only where shape is 0."),
        .init("scale", .real, .positive, "Scale."),
        .init("shape", .real, .finite, "Skewness: 0 is normal, positive leans to the right."),
      ])
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Azzalini (1985), A class of distributions which includes the normal ones")

  private static func standardLogDensity(_ z: Double, _ shape: Double) -> Double {
    // 0 times infinity: the factor is 1/2 for shape 0, and the square decides otherwise.
    let skew = shape == 0 ? -Constant.log2 : StandardNormal.logCumulative(shape * z)
    return Constant.log2 + StandardNormal.logDensity(z) + skew
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    standardLogDensity((x - p.real(0)) / p.real(1), p.real(2)) - log(p.real(1))
  }

  /// (shape |z0| + z1) / sqrt(1 + shape^2) for two normals.
  ///
  /// Source: Azzalini (1986), Further results on a class of distributions, equation 1.3.
  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    let shape = p.real(2)
    let length = borel_hypot(1, shape)
    let first = abs(borel_next_normal(&random))
    let second = borel_next_normal(&random)
    return p.real(0) + p.real(1) * (shape / length * first + second / length)
  }

  /// Phi(z) - 2 T(z, shape) loses the lower tail of a positive shape to cancellation; there the
  /// density is integrated.
  private static func logLower(_ z: Double, _ shape: Double) -> Double {
    let cumulative = StandardNormal.cumulative(z)
    let lower = cumulative - 2 * SpecialFunctions.owensT(z, shape)
    if lower > 0.5 {
      let upper = StandardNormal.cumulative(-z) + 2 * SpecialFunctions.owensT(z, shape)
      return upper > 1e-3 ? log1p(-upper) : log1p(-exp(logTail(-z, -shape)))
    }
    return lower > 1e-3 ? log(lower) : logTail(z, shape)
  }

  private static func logTail(_ z: Double, _ shape: Double) -> Double {
    let scale = -1 / (1 + abs(z)) / borel_hypot(1, shape)
    return TailIntegral.logIntegral(from: z, scale: scale, end: -.infinity) {
      standardLogDensity($0, shape)
    }
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    logLower((x - p.real(0)) / p.real(1), p.real(2))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    logLower((p.real(0) - x) / p.real(1), -p.real(2))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    let shape = p.real(2)
    let z = QuantileSearch.real(
      probability, low: -.infinity, high: .infinity, start: 0, scale: 1,
      cumulative: { exp(logLower($0, shape)) }, survival: { exp(logLower(-$0, -shape)) })
    return p.real(0) + p.real(1) * z
  }

  private static func delta(_ p: LaneWords) -> Double { p.real(2) / borel_hypot(1, p.real(2)) }
  static func mean(_ p: LaneWords) -> Double {
    p.real(0) + p.real(1) * delta(p) * Constant.sqrt2OverPi
  }
  static func variance(_ p: LaneWords) -> Double {
    let delta = delta(p)
    return p.real(1) * p.real(1) * (1 - 2 * delta * delta / Double.pi)
  }

  /// The mode has the sign of the shape and lies within one scale of the location; the
  /// log-density is concave.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let shape = abs(p.real(2))
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let z = 0.5 * (low + high)
      if shape * StandardNormal.hazard(shape * z) > z { low = z } else { high = z }
    }
    return standardLogDensity(high, shape) - log(p.real(1))
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = (value.real(0) - p.real(0)) / p.real(1)
    let hazard = StandardNormal.hazard(p.real(2) * z)
    let score = p.real(2) * hazard - z
    gradient[0] = score / p.real(1)
    gradient[1] = -score / p.real(1)
    gradient[2] = (-1 - z * score) / p.real(1)
    gradient[3] = z * hazard
  }
}
