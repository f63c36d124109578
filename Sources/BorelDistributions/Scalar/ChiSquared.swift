import BorelHeap
import BorelKernels

/// The chi-squared distribution: a gamma distribution with shape df / 2 and rate 1/2.
enum ChiSquared: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "ChiSquared", summary: "The chi-squared distribution.",
    parametrisations: [
      Parametrisation([.init("df", .real, .positive, "Degrees of freedom: the mean.")])
    ],
    value: .real, support: .positive, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1994), Continuous Univariate Distributions 1, ch. 18")

  /// At 0 the limit from the right: infinite below 2 degrees of freedom.
  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2) { words in
      words[0] = (p.real(0) / 2).bitPattern
      words[1] = (0.5).bitPattern
      return Gamma.logDensity(at: x, LaneWords(words.baseAddress.unsafelyUnwrapped))
    }
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    PositiveRange.clamp(2 * borel_draw_gamma(&random, p.real(0) / 2))
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    SpecialFunctions.gammaP(p.real(0) / 2, x / 2)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.gammaP(p.real(0) / 2, x / 2)
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.gammaQ(p.real(0) / 2, x / 2)
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    2 * Gamma.standardQuantile(probability, shape: p.real(0) / 2)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double { 2 * p.real(0) }

  /// Infinite below 2 degrees of freedom.
  static func logDensityBound(_ p: LaneWords) -> Double {
    logDensity(at: max(0, p.real(0) - 2), p)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, half) = (value.real(0), p.real(0) / 2)
    gradient[0] = (half == 1 ? 0 : (half - 1) / x) - 0.5
    gradient[1] = 0.5 * (log(x) - Constant.log2 - digamma(half))
  }
}
