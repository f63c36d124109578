import BorelHeap
import BorelKernels

/// The Cauchy distribution.
enum Cauchy: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Cauchy", summary: "The Cauchy distribution; it has no mean.",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Median."),
        .init("scale", .real, .positive, "Half the distance between the quartiles."),
      ])
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 16")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) + p.real(1) * tan(Double.pi * (noise - 0.5))).bitPattern
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_cauchy(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }

  /// The angle seen from the point (0, scale): accurate in both tails.
  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    atan2(1, (p.real(0) - x) / p.real(1)) / Double.pi
  }
  private static func survival(_ x: Double, _ p: LaneWords) -> Double {
    atan2(1, (x - p.real(0)) / p.real(1)) / Double.pi
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    x > p.real(0) ? log1p(-survival(x, p)) : log(cumulative(x, p))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    x < p.real(0) ? log1p(-cumulative(x, p)) : log(survival(x, p))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) + p.real(1) * standardQuantile(probability)
  }

  static func standardQuantile(_ p: Double) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p < 0.25 { return -1 / tan(Double.pi * p) }
    return p > 0.75 ? 1 / tan(Double.pi * (1 - p)) : tan(Double.pi * (p - 0.5))
  }

  static func mean(_ p: LaneWords) -> Double { .nan }
  static func variance(_ p: LaneWords) -> Double { .nan }

  static func logDensityBound(_ p: LaneWords) -> Double { -Constant.logPi - log(p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = (value.real(0) - p.real(0)) / p.real(1)
    let score = -2 * z / (1 + z * z)
    gradient[0] = score / p.real(1)
    gradient[1] = -score / p.real(1)
    gradient[2] = (-1 - z * score) / p.real(1)
  }
}
