import BorelHeap

/// The logistic distribution.
enum Logistic: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Logistic", summary: "The logistic distribution.",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Mean."),
        .init("scale", .real, .positive, "Scale; the standard deviation is pi / sqrt 3 times it."),
      ])
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 23")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) + p.real(1) * logit(noise)).bitPattern
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    let z = abs((x - p.real(0)) / p.real(1))
    return -z - 2 * log1p(exp(-z)) - log(p.real(1))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    logistic((x - p.real(0)) / p.real(1))
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    -log1pexp((p.real(0) - x) / p.real(1))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    -log1pexp((x - p.real(0)) / p.real(1))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) + p.real(1) * logit(probability)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double {
    p.real(1) * p.real(1) * Double.pi * Double.pi / 3
  }

  static func logDensityBound(_ p: LaneWords) -> Double { -log(4 * p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = (value.real(0) - p.real(0)) / p.real(1)
    let score = -tanh(z / 2)
    gradient[0] = score / p.real(1)
    gradient[1] = -score / p.real(1)
    gradient[2] = (-1 - z * score) / p.real(1)
  }
}
