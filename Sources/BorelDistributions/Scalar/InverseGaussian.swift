import BorelHeap
import BorelKernels

/// The inverse Gaussian (Wald) distribution.
enum InverseGaussian: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "InverseGaussian", summary: "The inverse Gaussian (Wald) distribution.",
    parametrisations: [
      Parametrisation([
        .init("mean", .real, .positive, "Mean."),
        .init("shape", .real, .positive, "Shape; the variance is mean^3 / shape."),
      ])
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 15")

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x > 0, x < .infinity else { return outsideSupport(x) }
    let (mean, shape) = (p.real(0), p.real(1))
    let deviation = (x - mean) / mean
    return 0.5 * (log(shape) - 3 * log(x)) - Constant.logSqrt2Pi
      - 0.5 * shape / x * deviation * deviation
  }

  /// The smaller root of the normal square's equation, or its mate; written without cancellation.
  ///
  /// Source: Michael, Schucany, Haas (1976), Generating random variates using transformations with
  /// multiple roots, section 3.
  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    let (mean, shape) = (p.real(0), p.real(1))
    let z = borel_next_normal(&random)
    let w = 0.5 * z * z * (mean / shape)
    let small = 1 / (1 + w + (w * (2 + w)).squareRoot())
    let ratio = borel_next_uniform(&random) * (1 + small) <= 1 ? small : 1 / small
    return PositiveRange.clamp(mean * ratio)
  }

  /// log of the two terms of the distribution function.
  ///
  /// Source: Giner and Smyth (2016), statmod: probability calculations for the inverse Gaussian
  /// distribution, section 3.
  private static func terms(_ x: Double, _ p: LaneWords, upper: Bool) -> (Double, Double) {
    let root = (p.real(1) / x).squareRoot()
    let ratio = x / p.real(0)
    let first = StandardNormal.logCumulative((upper ? -root : root) * (ratio - 1))
    let second =
      2 * p.real(1) / p.real(0) + StandardNormal.logCumulative(-root * (ratio + 1))
    return (first, second)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    if x <= 0 { return -.infinity }
    if x == .infinity { return 0 }
    if x > p.real(0) { return log1mexp(logSurvival(x, p)) }
    let (first, second) = terms(x, p, upper: false)
    return first + log1p(exp(second - first))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    if x <= 0 { return 0 }
    if x == .infinity { return -.infinity }
    if x < p.real(0) / 2 { return log1mexp(logCumulative(x, p)) }
    let (first, second) = terms(x, p, upper: true)
    return second < first ? logDifference(first, second) : -.infinity
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    QuantileSearch.real(
      probability, low: 0, high: .infinity, start: p.real(0), scale: p.real(0),
      cumulative: { cumulative($0, p) }, survival: { exp(logSurvival($0, p)) })
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { p.real(0) * p.real(0) * (p.real(0) / p.real(1)) }

  static func logDensityBound(_ p: LaneWords) -> Double {
    let k = 1.5 * p.real(0) / p.real(1)
    return logDensity(at: p.real(0) / (borel_hypot(1, k) + k), p)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, mean, shape) = (value.real(0), p.real(0), p.real(1))
    let deviation = (x - mean) / mean
    gradient[0] = -1.5 / x + 0.5 * shape * (1 / (x * x) - 1 / (mean * mean))
    gradient[1] = shape * deviation / (mean * mean)
    gradient[2] = 0.5 / shape - 0.5 * deviation * deviation / x
  }
}
