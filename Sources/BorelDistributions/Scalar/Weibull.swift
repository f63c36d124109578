import BorelHeap

/// The Weibull distribution.
enum Weibull: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Weibull", summary: "The Weibull distribution: survival exp(-(x / scale)^shape).",
    parametrisations: [
      Parametrisation([
        .init("shape", .real, .positive, "Shape: the power of the cumulative hazard."),
        .init("scale", .real, .positive, "Scale: the quantile at 1 - 1/e."),
      ])
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 21")

  static let noise = Noise.exponential
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    PositiveRange.clamp(p.real(1) * exp(log(noise) / p.real(0))).bitPattern
  }

  /// At 0 the limit from the right: infinite for a shape below 1.
  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x >= 0, x < .infinity else { return outsideSupport(x) }
    let (shape, scale) = (p.real(0), p.real(1))
    let logZ = log(x / scale)
    return log(shape) - log(scale) + (shape == 1 ? 0 : (shape - 1) * logZ) - exp(shape * logZ)
  }

  /// (x / scale)^shape, the cumulative hazard.
  private static func hazard(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : exp(p.real(0) * log(x / p.real(1)))
  }
  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { -expm1(-hazard(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? -.infinity : log1mexp(-hazard(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double { -hazard(x, p) }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(1) * exp(log(-log1p(-probability)) / p.real(0))
  }

  static func mean(_ p: LaneWords) -> Double { p.real(1) * exp(lgamma(1 + 1 / p.real(0))) }
  static func variance(_ p: LaneWords) -> Double {
    let first = lgamma(1 + 1 / p.real(0))
    let mean = p.real(1) * exp(first)
    return mean * mean * expm1(lgamma(1 + 2 / p.real(0)) - 2 * first)
  }

  /// Infinite for a shape below 1.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let shape = p.real(0)
    if shape < 1 { return .infinity }
    if shape == 1 { return -log(p.real(1)) }
    let logMode = log1p(-1 / shape) / shape
    return log(shape) - log(p.real(1)) + (shape - 1) * logMode - (1 - 1 / shape)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (shape, scale) = (p.real(0), p.real(1))
    let logZ = log(value.real(0) / scale)
    let power = exp(shape * logZ)
    gradient[0] = (shape - 1 - shape * power) / value.real(0)
    gradient[1] = 1 / shape + logZ - power * logZ
    gradient[2] = shape * (power - 1) / scale
  }
}
