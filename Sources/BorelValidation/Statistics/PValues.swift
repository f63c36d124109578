import BorelSpecialFunctions
import Foundation

/// p-values of elementary tests: under the hypothesis each is at most `p` with probability at most
/// `p`, exactly or as its comment says.
package enum PValue {
  /// Two-sided, of a standard normal statistic.
  package static func normal(_ z: Double) -> Double {
    z.isNaN ? 0 : erfc(abs(z) * 0.5.squareRoot())
  }

  /// Of a chi-squared statistic: P(X >= statistic).
  package static func chiSquared(_ statistic: Double, degrees: Int) -> Double {
    degrees > 0 ? borel_sf_gamma_q(Double(degrees) / 2, max(statistic, 0) / 2) : 1
  }

  /// Two-sided and exact: `successes` of `count` trials with a probability.
  package static func binomial(successes: Int, count: Int, probability: Double) -> Double {
    if probability <= 0 { return successes == 0 ? 1 : 0 }
    if probability >= 1 { return successes == count ? 1 : 0 }
    let (k, n) = (Double(successes), Double(count))
    let lower = borel_sf_binomial_cdf(n, probability, k)
    let upper = successes == 0 ? 1 : borel_sf_binomial_survival(n, probability, k - 1)
    return min(1, 2 * min(lower, upper))
  }

  /// Two-sided, that independent values have a mean, which is itself known with a standard error.
  ///
  /// The t statistic is corrected for skewness; its error is of order 1 / count, and Student's
  /// distribution makes it larger rather than smaller. Values that are
  /// all equal must equal the mean within rounding.
  ///
  /// Source: Hall (1992), "On the removal of skewness by transformation", equation 2.4 (the
  /// monotone cubic transformation).
  package static func mean(
    of values: [Double], is expected: Double, standardError: Double = 0
  ) -> Double {
    let count = Double(values.count)
    guard values.count > 1, values.allSatisfy(\.isFinite) else { return values.isEmpty ? 1 : 0 }
    let mean = values.reduce(0, +) / count
    let deviations = values.map { $0 - mean }
    let variance = deviations.reduce(0) { $0 + $1 * $1 } / (count - 1)
    let scale = max(abs(expected), values.reduce(0) { max($0, abs($1)) })
    let ownError = (variance / count).squareRoot()
    let error = (ownError * ownError + standardError * standardError).squareRoot()
    if error <= 1e-13 * scale { return abs(mean - expected) <= 1e-9 * max(scale, 1e-300) ? 1 : 0 }
    let t = (mean - expected) / error
    guard variance > 0 else { return normal(t) }
    let degrees = count - 1
    // The skewness of the sum of the two errors; the reference's own is taken as normal.
    let third = deviations.reduce(0) { $0 + $1 * $1 * $1 } / count
    let share = ownError / error
    let skewness = third / pow(variance, 1.5) * share * share * share
    let a = skewness / count.squareRoot()
    let corrected = t + a * t * t / 3 + a * a * t * t * t / 27 + a / 6
    return 2 * borel_sf_student_t_cdf(degrees, -abs(corrected))
  }
}
