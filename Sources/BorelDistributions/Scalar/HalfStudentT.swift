import BorelHeap
import BorelKernels

/// The absolute value of a Student t variate with location 0.
enum HalfStudentT: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "HalfStudentT", summary: "The absolute value of a Student t variate with location 0.",
    parametrisations: [
      Parametrisation([
        .init("df", .real, .positive, "Degrees of freedom."),
        .init("scale", .real, .positive, "Scale of the t variate."),
      ])
    ],
    value: .real, support: .nonNegative, baseMeasure: .lebesgue,
    source: "Gelman (2006), Prior distributions for variance parameters, section 3.2")

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x >= 0 else { return outsideSupport(x) }
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 3) { words in
      words[0] = p.word(0)
      words[1] = 0
      words[2] = p.word(1)
      return Constant.log2
        + StudentT.logDensity(at: x, LaneWords(words.baseAddress.unsafelyUnwrapped))
    }
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    min(p.real(1) * abs(borel_draw_student_t(&random, p.real(0))), .greatestFiniteMagnitude)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    if x <= 0 { return -.infinity }
    let ratio = x / p.real(1) / p.real(0).squareRoot()
    if ratio >= 1, x >= p.real(1) { return log1mexp(logSurvival(x, p)) }
    let square = ratio * ratio
    return LogIncomplete.beta(
      0.5, p.real(0) / 2, square / (1 + square), complement: 1 / (1 + square))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    if x <= 0 { return 0 }
    let t = x / p.real(1)
    return t < 0.5
      ? log1p(-exp(logCumulative(x, p)))
      : Constant.log2 + StandardStudentT.logTail(t, df: p.real(0))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    let df = p.real(0)
    if probability < 0.5 {
      if !(probability >= 0) { return .nan }
      let w = SpecialFunctions.betaInverse(0.5, df / 2, probability)
      return p.real(1) * (df * w / (1 - w)).squareRoot()
    }
    return p.real(1) * StandardStudentT.tailQuantile((1 - probability) / 2, df: df)
  }

  /// Infinite up to one degree of freedom.
  static func mean(_ p: LaneWords) -> Double {
    let df = p.real(0)
    if df <= 1 { return .infinity }
    return p.real(1) * 2 * df.squareRoot() / (df - 1) / exp(lbeta(df / 2, 0.5))
  }
  static func variance(_ p: LaneWords) -> Double {
    let df = p.real(0)
    if df <= 1 { return .nan }
    if df <= 2 { return .infinity }
    let mean = mean(p)
    return p.real(1) * p.real(1) * (df / (df - 2)) - mean * mean
  }

  static func logDensityBound(_ p: LaneWords) -> Double { logDensity(at: 0, p) }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (df, scale) = (p.real(0), p.real(1))
    let z = value.real(0) / scale
    let score = StandardStudentT.score(z, df: df)
    gradient[0] = score / scale
    gradient[1] = StandardStudentT.derivativeInDF(z, df: df)
    gradient[2] = (-1 - z * score) / scale
  }
}
