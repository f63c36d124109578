import BorelHeap
import BorelKernels

/// The Laplace (double exponential) distribution.
enum Laplace: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Laplace", summary: "The Laplace (double exponential) distribution.",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Mean."),
        .init("scale", .real, .positive, "Mean distance from the location."),
      ])
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 24")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    (p.real(0) + p.real(1) * standardQuantile(noise)).bitPattern
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_laplace(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }

  private static func standardQuantile(_ p: Double) -> Double {
    p < 0.5 ? log(2 * p) : -log(2 * (1 - p))
  }
  private static func logLower(_ z: Double) -> Double {
    z <= 0 ? z - Constant.log2 : log1p(-0.5 * exp(-z))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    let z = (x - p.real(0)) / p.real(1)
    return z <= 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    logLower((x - p.real(0)) / p.real(1))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    logLower((p.real(0) - x) / p.real(1))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    p.real(0) + p.real(1) * standardQuantile(probability)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { 2 * p.real(1) * p.real(1) }

  static func logDensityBound(_ p: LaneWords) -> Double { -log(2 * p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  /// At the location, where there is no derivative in the value, 0 stands for it.
  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let z = (value.real(0) - p.real(0)) / p.real(1)
    let sign: Double = z > 0 ? 1 : z < 0 ? -1 : 0
    gradient[0] = -sign / p.real(1)
    gradient[1] = sign / p.real(1)
    gradient[2] = (abs(z) - 1) / p.real(1)
  }
}
