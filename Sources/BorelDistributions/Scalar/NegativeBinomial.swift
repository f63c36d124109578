import BorelHeap
import BorelKernels

/// The negative binomial distribution.
enum NegativeBinomial: IntegerFamily, IntegerCumulative, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "NegativeBinomial",
    summary: """
      Counts with variance mean + mean^2 / dispersion, as in Stan's neg_binomial_2; or the number \
      of failures before a (real) number of successes.
      """,
    parametrisations: [
      Parametrisation([
        .init(
          "mean", .real, .interval(0, 1e12, lowerOpen: false, upperOpen: false),
          "Mean; 0 gives always 0."),
        .init("dispersion", .real, .positive, "Shape of the gamma mixture: large is Poisson."),
      ]),
      Parametrisation([
        .init(
          "probability", .real, .interval(0, 1, lowerOpen: true, upperOpen: false),
          "Probability of success in each trial.", conversion: .failureOddsTimes(1)),
        .init("successes", .real, .positive, "Number of successes that end the count."),
      ]),
    ],
    value: .int, support: .naturalNumbers, baseMeasure: .counting, requiresLabels: true,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, ch. 5")

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    guard k >= 0 else { return -.infinity }
    let (mean, dispersion) = (p.real(0), p.real(1))
    let logSuccess = -dispersion * log1p(mean / dispersion)
    if k == 0 { return logSuccess }
    if mean == 0 { return -.infinity }
    let count = Double(k)
    // The binomial coefficient as a beta function, which does not cancel for a large dispersion.
    let coefficient = -log(count + dispersion) - lbeta(count + 1, dispersion)
    return coefficient + logSuccess - count * log1p(dispersion / mean)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Int64 {
    let gamma = borel_draw_gamma(&random, p.real(1))
    return borel_draw_poisson(&random, min(gamma * (p.real(0) / p.real(1)), 1e15))
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...Int64.max }
  /// P(X <= k) = I_q(dispersion, k + 1), q the probability of success.
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    let (success, failure) = probabilities(p)
    return LogIncomplete.beta(p.real(1), Double(k) + 1, success, complement: failure)
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    let (success, failure) = probabilities(p)
    return LogIncomplete.beta(Double(k) + 1, p.real(1), failure, complement: success)
  }
  private static func probabilities(_ p: LaneWords) -> (success: Double, failure: Double) {
    let sum = p.real(0) + p.real(1)
    return (p.real(1) / sum, p.real(0) / sum)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  static func variance(_ p: LaneWords) -> Double {
    p.real(0) + p.real(0) * (p.real(0) / p.real(1))
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    let range = range(p)
    let centre = p.real(0) * (1 - 1 / p.real(1))
    return Mode.largest(around: Mode.integer(centre, in: range), in: range) { logMass(at: $0, p) }
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let count = Double(value.int(0))
    let (mean, dispersion) = (p.real(0), p.real(1))
    gradient[0] = 0
    gradient[1] = (count == 0 ? 0 : count / mean) - (count + dispersion) / (mean + dispersion)
    gradient[2] =
      digamma(count + dispersion) - digamma(dispersion) - log1p(mean / dispersion)
      + (mean - count) / (mean + dispersion)
  }
}
