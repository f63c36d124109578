import BorelHeap
import BorelKernels

/// Student's t distribution with location and scale.
enum StudentT: RealFamily, KernelScored, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "StudentT", summary: "Student's t distribution with location and scale.",
    parametrisations: [
      Parametrisation([
        .init("df", .real, .positive, "Degrees of freedom."),
        .init("mean", .real, .finite, "Centre: the mean when df is above 1."),
        .init("scale", .real, .positive, "Scale; the standard deviation is larger."),
      ]),
      Parametrisation([
        .init("df", .real, .positive, "Degrees of freedom."),
        .init("location", .real, .finite, "Centre."),
        .init("scale", .real, .positive, "Scale; the standard deviation is larger."),
      ]),
    ],
    value: .real, support: .real, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 28")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_student_t(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.real(2), call.uniform,
      call.set)
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    let t = borel_draw_student_t(&random, p.real(0))
    return min(max(p.real(1) + p.real(2) * t, -.greatestFiniteMagnitude), .greatestFiniteMagnitude)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    exp(logCumulative(x, p))
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    let t = (x - p.real(1)) / p.real(2)
    let tail = StandardStudentT.logTail(abs(t), df: p.real(0))
    return t <= 0 ? tail : log1p(-exp(tail))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    let t = (x - p.real(1)) / p.real(2)
    let tail = StandardStudentT.logTail(abs(t), df: p.real(0))
    return t >= 0 ? tail : log1p(-exp(tail))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    let tail = min(probability, 1 - probability)
    let t = StandardStudentT.tailQuantile(tail, df: p.real(0))
    return p.real(1) + p.real(2) * (probability < 0.5 ? -t : t)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) > 1 ? p.real(1) : .nan }
  static func variance(_ p: LaneWords) -> Double {
    let df = p.real(0)
    if df <= 1 { return .nan }
    return df <= 2 ? .infinity : p.real(2) * p.real(2) * (df / (df - 2))
  }

  static func logDensityBound(_ p: LaneWords) -> Double { logDensity(at: p.real(1), p) }
  static let boundIgnores: Set<Int> = [1]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (df, scale) = (p.real(0), p.real(2))
    let z = (value.real(0) - p.real(1)) / scale
    let score = StandardStudentT.score(z, df: df)
    gradient[0] = score / scale
    gradient[1] = StandardStudentT.derivativeInDF(z, df: df)
    gradient[2] = -score / scale
    gradient[3] = (-1 - z * score) / scale
  }
}

/// The t distribution with location 0 and scale 1.
enum StandardStudentT {
  /// log P(T > t) for t >= 0.
  static func logTail(_ t: Double, df: Double) -> Double {
    if t == 0 { return -Constant.log2 }
    // t^2 / (df + t^2) and its complement, without overflow.
    let ratio = t / df.squareRoot()
    let square = ratio > 1 ? 1 / ratio / ratio : ratio * ratio
    let (small, large) = (square / (1 + square), 1 / (1 + square))
    let (outer, inner) = ratio > 1 ? (large, small) : (small, large)
    if inner == 0 {
      // Far in the tail the integral is its first term.
      return -df * log(ratio) - log(df) - lbeta(df / 2, 0.5)
    }
    return LogIncomplete.beta(df / 2, 0.5, inner, complement: outer) - Constant.log2
  }

  /// The t >= 0 with P(T > t) = p, for p up to 1/2.
  static func tailQuantile(_ p: Double, df: Double) -> Double {
    if !(p >= 0) { return .nan }
    if p == 0 { return .infinity }
    if p > 0.25 {
      let w = SpecialFunctions.betaInverse(0.5, df / 2, 1 - 2 * p)
      return (df * w / (1 - w)).squareRoot()
    }
    let y = SpecialFunctions.betaInverse(df / 2, 0.5, 2 * p)
    if y < 1e-290 {
      return df.squareRoot() * exp(-(log(2 * p) + log(df / 2) + lbeta(df / 2, 0.5)) / df)
    }
    return (df * (1 - y) / y).squareRoot()
  }

  /// The derivative of the log-density in t.
  static func score(_ z: Double, df: Double) -> Double { -(df + 1) * z / (df + z * z) }

  /// The derivative of the log-density in the degrees of freedom.
  static func derivativeInDF(_ z: Double, df: Double) -> Double {
    let square = z * z / df
    return 0.5
      * (digamma((df + 1) / 2) - digamma(df / 2) - 1 / df - log1p(square)
        + (df + 1) / df * (square / (1 + square)))
  }
}
