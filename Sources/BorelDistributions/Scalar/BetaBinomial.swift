import BorelHeap
import BorelKernels

/// A binomial whose probability of success has a beta distribution.
enum BetaBinomial: IntegerFamily, IntegerCumulative, HasMoments, HasDensityBound, FiniteSupport,
  HasGradient
{
  static let signature = FamilySignature(
    name: "BetaBinomial",
    summary: "The number of successes in n trials whose common probability is Beta(alpha, beta).",
    parametrisations: [
      Parametrisation([
        .init("n", .int, .intAtLeast(0), "Number of trials."),
        .init("alpha", .real, .positive, "First shape: prior successes."),
        .init("beta", .real, .positive, "Second shape: prior failures."),
      ]),
      Parametrisation([
        .init("n", .int, .intAtLeast(0), "Number of trials."),
        .init("a", .real, .positive, "First shape."), .init("b", .real, .positive, "Second shape."),
      ]),
    ],
    value: .int, support: .integers(from: 0, through: .parameter(0)), baseMeasure: .counting,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, 6.2.2")

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    let n = p.int(0)
    guard k >= 0, k <= n else { return -.infinity }
    let (alpha, beta) = (p.real(1), p.real(2))
    return lchoose(Double(n), Double(k)) + lbeta(Double(k) + alpha, Double(n - k) + beta)
      - lbeta(alpha, beta)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Int64 {
    let success = borel_draw_beta(&random, p.real(1), p.real(2))
    return borel_draw_binomial(&random, p.int(0), success)
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...max(0, p.int(0)) }

  /// log of the sum of the masses from one end: with both shapes below 1 the masses are largest at
  /// the ends, so the sum does not run from a mode.
  private static func logSum(_ first: Int64, _ last: Int64, _ p: LaneWords) -> Double {
    let (n, alpha, beta) = (Double(p.int(0)), p.real(1), p.real(2))
    // Start at the larger end, so that terms do not overflow.
    let (low, high) = (logMass(at: first, p), logMass(at: last, p))
    let upwards = low >= high
    var k = Double(upwards ? first : last)
    let end = Double(upwards ? last : first)
    var term = 1.0
    var sum = 1.0
    while k != end {
      if upwards {
        term *= (n - k) * (k + alpha) / ((k + 1) * (n - k - 1 + beta))
        k += 1
      } else {
        term *= k * (n - k + beta) / ((n - k + 1) * (k - 1 + alpha))
        k -= 1
      }
      sum += term
    }
    return min(0, max(low, high) + log(sum))
  }

  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    let lower = logSum(0, k, p)
    return lower < -Constant.log2 ? lower : log1mexp(logSum(k + 1, p.int(0), p))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    let upper = logSum(k + 1, p.int(0), p)
    return upper < -Constant.log2 ? upper : log1mexp(logSum(0, k, p))
  }

  static func mean(_ p: LaneWords) -> Double {
    Double(p.int(0)) * (p.real(1) / (p.real(1) + p.real(2)))
  }
  static func variance(_ p: LaneWords) -> Double {
    let (n, sum) = (Double(p.int(0)), p.real(1) + p.real(2))
    return n * (p.real(1) / sum) * (p.real(2) / sum) * ((sum + n) / (sum + 1))
  }

  /// Between the ends there is a mode only when both shapes are above 1.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let (n, alpha, beta) = (p.int(0), p.real(1), p.real(2))
    var best = max(logMass(at: 0, p), logMass(at: n, p))
    if alpha > 1, beta > 1 {
      let centre = (Double(n) + 1) * (alpha - 1) / (alpha + beta - 2)
      let range = range(p)
      best = max(
        best,
        Mode.largest(around: Mode.integer(centre, in: range), in: range) { logMass(at: $0, p) })
    }
    return best
  }

  static func supportCount(_ p: LaneWords) -> Int { Int(p.int(0) &+ 1 > 0 ? p.int(0) &+ 1 : .max) }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (successes, failures) = (Double(value.int(0)), Double(p.int(0)) - Double(value.int(0)))
    let (alpha, beta) = (p.real(1), p.real(2))
    let common = digamma(alpha + beta) - digamma(successes + failures + alpha + beta)
    gradient[0] = 0
    gradient[1] = 0
    gradient[2] = digamma(successes + alpha) - digamma(alpha) + common
    gradient[3] = digamma(failures + beta) - digamma(beta) + common
  }
}
