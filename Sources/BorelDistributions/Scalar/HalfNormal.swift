import BorelHeap

/// The absolute value of a normal variate with mean 0.
enum HalfNormal: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "HalfNormal", summary: "The absolute value of a normal variate with mean 0.",
    parametrisations: [
      Parametrisation([
        .init("sd", .real, .positive, "Standard deviation of the normal, not of the value.")
      ])
    ],
    value: .real, support: .nonNegative, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, 10.1")

  static let noise = Noise.normal
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) * abs(noise)).bitPattern
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x >= 0 else { return outsideSupport(x) }
    return StandardNormal.logDensity(x / p.real(0)) + Constant.log2 - log(p.real(0))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    let z = x / p.real(0)
    return z <= 0 ? 0 : erf(z / Constant.sqrt2)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    let z = x / p.real(0)
    if z <= 0 { return -.infinity }
    return z < 1 ? log(cumulative(x, p)) : log1p(-2 * StandardNormal.cumulative(-z))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    let z = x / p.real(0)
    if z <= 0 { return 0 }
    return z < 0.5 ? log1p(-cumulative(x, p)) : Constant.log2 + StandardNormal.logCumulative(-z)
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) * HalfNormal.standardQuantile(probability)
  }

  /// The z with P(|Z| <= z) = p, accurate at both ends.
  static func standardQuantile(_ p: Double) -> Double {
    if p > 0.5 { return -StandardNormal.quantile((1 - p) / 2) }
    return p >= 0 ? Constant.sqrt2 * SpecialFunctions.erfInverse(p) : .nan
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) * Constant.sqrt2OverPi }
  static func variance(_ p: LaneWords) -> Double { p.real(0) * p.real(0) * (1 - 2 / Double.pi) }

  static func logDensityBound(_ p: LaneWords) -> Double {
    Constant.log2 - Constant.logSqrt2Pi - log(p.real(0))
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = value.real(0) / p.real(0)
    gradient[0] = -z / p.real(0)
    gradient[1] = (z * z - 1) / p.real(0)
  }
}
