import BorelHeap

/// The Gumbel distribution of maxima.
enum Gumbel: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Gumbel", summary: "The Gumbel distribution of maxima (skewed to the right).",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Mode."),
        .init("scale", .real, .positive, "Scale."),
      ])
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 22")

  static let noise = Noise.exponential
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) - p.real(1) * log(noise)).bitPattern
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    let z = (x - p.real(0)) / p.real(1)
    // exp(-z) alone decides there; at minus infinity the two terms would cancel to NaN.
    if z < -700 { return -.infinity }
    return -z - exp(-z) - log(p.real(1))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    -exp(-(x - p.real(0)) / p.real(1))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    let z = (x - p.real(0)) / p.real(1)
    return z > 40 ? -z : log1mexp(-exp(-z))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) - p.real(1) * log(-log(probability))
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) + p.real(1) * Constant.eulerGamma }
  static func variance(_ p: LaneWords) -> Double {
    p.real(1) * p.real(1) * Double.pi * Double.pi / 6
  }

  static func logDensityBound(_ p: LaneWords) -> Double { -1 - log(p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = (value.real(0) - p.real(0)) / p.real(1)
    let score = expm1(-z)
    gradient[0] = score / p.real(1)
    gradient[1] = -score / p.real(1)
    gradient[2] = (-1 - z * score) / p.real(1)
  }
}
