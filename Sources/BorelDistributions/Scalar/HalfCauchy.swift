import BorelHeap
import BorelKernels

/// The absolute value of a Cauchy variate with location 0.
enum HalfCauchy: RealFamily, NoiseFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "HalfCauchy", summary: "The absolute value of a Cauchy variate with location 0.",
    parametrisations: [
      Parametrisation([.init("scale", .real, .positive, "Median.")])
    ],
    value: .real, support: .nonNegative, baseMeasure: .lebesgue,
    source: "Gelman (2006), Prior distributions for variance parameters, section 3.2")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) * tan(Double.pi / 2 * noise)).bitPattern
  }

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x >= 0 else { return outsideSupport(x) }
    let z = x / p.real(0)
    // Above 1e9 the square decides, and above 1e154 it would overflow.
    let tail = z > 1e9 ? 2 * log(z) : log1p(z * z)
    return Constant.log2 - Constant.logPi - log(p.real(0)) - tail
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 0 : 2 / Double.pi * atan2(x / p.real(0), 1)
  }
  private static func survival(_ x: Double, _ p: LaneWords) -> Double {
    x <= 0 ? 1 : 2 / Double.pi * atan2(1, x / p.real(0))
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x > p.real(0) ? log1p(-survival(x, p)) : log(cumulative(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    x < p.real(0) ? log1p(-cumulative(x, p)) : log(survival(x, p))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    if !(probability >= 0 && probability <= 1) { return .nan }
    if probability == 1 { return .infinity }
    let z =
      probability < 0.5
      ? tan(Double.pi / 2 * probability) : 1 / tan(Double.pi / 2 * (1 - probability))
    return p.real(0) * z
  }

  static func mean(_ p: LaneWords) -> Double { .infinity }
  static func variance(_ p: LaneWords) -> Double { .nan }

  static func logDensityBound(_ p: LaneWords) -> Double {
    Constant.log2 - Constant.logPi - log(p.real(0))
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = value.real(0) / p.real(0)
    let score = -2 * z / (1 + z * z)
    gradient[0] = score / p.real(0)
    gradient[1] = (-1 - z * score) / p.real(0)
  }
}
