import BorelHeap
import BorelKernels

/// The reciprocal of a gamma variate.
enum InverseGamma: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "InverseGamma",
    summary: """
      The reciprocal of a gamma variate with the same shape and with rate equal to this scale: \
      density proportional to x^(-shape - 1) exp(-scale / x).
      """,
    parametrisations: [
      Parametrisation([
        .init("shape", .real, .positive, "Shape."),
        .init("scale", .real, .positive, "Scale; the mean is scale / (shape - 1)."),
      ])
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue, requiresLabels: true,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 17")

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x > 0, x < .infinity else { return outsideSupport(x) }
    let (shape, scale) = (p.real(0), p.real(1))
    return shape * log(scale) - lgamma(shape) - (shape + 1) * log(x) - scale / x
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    PositiveRange.clamp(p.real(1) / borel_draw_gamma(&random, p.real(0)))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : SpecialFunctions.gammaQ(p.real(0), p.real(1) / x)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? -.infinity : LogIncomplete.gammaQ(p.real(0), p.real(1) / x)
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : LogIncomplete.gammaP(p.real(0), p.real(1) / x)
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    if !(probability >= 0 && probability <= 1) { return .nan }
    return p.real(1)
      / (probability <= 0.5
        ? SpecialFunctions.gammaQInverse(p.real(0), probability)
        : SpecialFunctions.gammaPInverse(p.real(0), 1 - probability))
  }

  /// Infinite up to shape 1.
  static func mean(_ p: LaneWords) -> Double {
    p.real(0) > 1 ? p.real(1) / (p.real(0) - 1) : .infinity
  }
  static func variance(_ p: LaneWords) -> Double {
    let shape = p.real(0)
    if shape <= 1 { return .nan }
    if shape <= 2 { return .infinity }
    let mean = p.real(1) / (shape - 1)
    return mean * mean / (shape - 2)
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    logDensity(at: p.real(1) / (p.real(0) + 1), p)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, shape, scale) = (value.real(0), p.real(0), p.real(1))
    gradient[0] = (scale / x - shape - 1) / x
    gradient[1] = log(scale) - digamma(shape) - log(x)
    gradient[2] = shape / scale - 1 / x
  }
}
