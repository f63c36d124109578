import BorelHeap

/// The Pareto distribution of the first kind.
enum Pareto: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Pareto", summary: "The Pareto distribution: survival (scale / x)^shape above scale.",
    parametrisations: [
      Parametrisation([
        .init("shape", .real, .positive, "Tail index."),
        .init("scale", .real, .positive, "Smallest value."),
      ])
    ],
    value: .real, support: .aboveParameter(1), baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 20")

  static let noise = Noise.exponential
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    PositiveRange.clamp(p.real(1) * exp(noise / p.real(0))).bitPattern
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x >= p.real(1), x < .infinity else { return outsideSupport(x) }
    return log(p.real(0) / p.real(1)) - (p.real(0) + 1) * log(x / p.real(1))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { -expm1(logSurvival(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= p.real(1) ? -.infinity : log1mexp(logSurvival(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    x <= p.real(1) ? 0 : -p.real(0) * log(x / p.real(1))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(1) * exp(-log1p(-probability) / p.real(0))
  }

  /// Infinite up to shape 1.
  static func mean(_ p: LaneWords) -> Double {
    p.real(0) > 1 ? p.real(0) * p.real(1) / (p.real(0) - 1) : .infinity
  }
  static func variance(_ p: LaneWords) -> Double {
    let shape = p.real(0)
    if shape <= 1 { return .nan }
    if shape <= 2 { return .infinity }
    let ratio = p.real(1) / (shape - 1)
    return ratio * ratio * shape / (shape - 2)
  }

  static func logDensityBound(_ p: LaneWords) -> Double { log(p.real(0) / p.real(1)) }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, shape, scale) = (value.real(0), p.real(0), p.real(1))
    gradient[0] = -(shape + 1) / x
    gradient[1] = 1 / shape - log(x / scale)
    gradient[2] = shape / scale
  }
}
