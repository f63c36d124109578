import BorelHeap
import BorelKernels

/// The von Mises distribution of an angle.
enum VonMises: RealFamily, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "VonMises",
    summary: """
      The von Mises distribution of an angle in radians. The density has period 2 pi; draws, the \
      distribution function and the moments use the turn from mean - pi to mean + pi.
      """,
    parametrisations: [
      Parametrisation([
        .init("mean", .real, .finite, "Mean direction in radians."),
        .init("concentration", .real, .nonNegative, "Concentration; 0 is uniform."),
      ])
    ],
    value: .real, support: .circle, baseMeasure: .lebesgue,
    source: "Mardia and Jupp (2000), Directional Statistics, 3.5.4")

  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    guard x.isFinite else { return outsideSupport(x) }
    return centredLogDensity(x - p.real(0), p.real(1))
  }

  /// kappa (cos t - 1) is written with the sine of half the angle, which keeps small angles exact.
  private static func centredLogDensity(_ t: Double, _ kappa: Double) -> Double {
    kernel(t, kappa) - 2 * Constant.logSqrt2Pi - Bessel.logScaledI0(kappa)
  }
  private static func kernel(_ t: Double, _ kappa: Double) -> Double {
    let half = sin(0.5 * t)
    return -2 * kappa * half * half
  }

  /// Rejection from a wrapped Cauchy.
  ///
  /// Source: Best and Fisher (1979), Efficient simulation of the von Mises distribution, section 2.
  /// It is exact for any envelope, so rounding of rho costs acceptances only. Below 1e-16 the
  /// uniform and above 1e20 the normal distribution agree to double precision.
  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    let kappa = p.real(1)
    // Dead lanes may carry anything; no comparison below would ever accept NaN.
    guard kappa >= 0, p.real(0).isFinite else { return .nan }
    if kappa < 1e-16 { return p.real(0) + Double.pi * (2 * borel_next_uniform(&random) - 1) }
    if kappa > 1e20 { return p.real(0) + borel_next_normal(&random) / kappa.squareRoot() }
    let root = borel_hypot(1, 2 * kappa)
    let tau = (1 + root).squareRoot()
    let rho = 2 * kappa * tau / ((1 + root) * (tau + Constant.sqrt2))
    // s = (1 + rho^2) / (2 rho), of which s - 1 = (1 - rho)^2 / (2 rho) is kept for precision.
    let excess = (1 - rho) * (1 - rho) / (2 * rho)
    while true {
      let half = sin(0.5 * Double.pi * borel_next_uniform(&random))
      // With z = cos(pi u) and f = (1 + s z) / (s + z): 1 - f = (s - 1)(1 - z) / (s + z).
      let oneMinusZ = 2 * half * half
      let oneMinusF = excess * oneMinusZ / (excess + 2 - oneMinusZ)
      let c = kappa * (excess + oneMinusF)
      let u = borel_next_uniform(&random)
      if c * (2 - c) > u || log(c / u) + 1 - c >= 0 {
        let sine = (0.5 * oneMinusF).squareRoot()
        let angle = 2 * atan2(sine, max(0, 1 - sine * sine).squareRoot())
        return borel_next_uniform(&random) < 0.5 ? p.real(0) - angle : p.real(0) + angle
      }
    }
  }

  /// log P(T <= -t) for the centred angle and t in [0, pi].
  private static func logTail(_ t: Double, _ kappa: Double) -> Double {
    if t >= Double.pi { return -.infinity }
    if t == 0 { return -Constant.log2 }
    let width = min(Double.pi, 1 / (1 + kappa).squareRoot())
    return TailIntegral.logIntegral(from: -t, scale: -width, end: -Double.pi) {
      centredLogDensity($0, kappa)
    }
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { exp(logCumulative(x, p)) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    let t = x - p.real(0)
    let tail = logTail(abs(t), p.real(1))
    return t <= 0 ? tail : log1p(-exp(tail))
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    let t = x - p.real(0)
    let tail = logTail(abs(t), p.real(1))
    return t >= 0 ? tail : log1p(-exp(tail))
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    if !(probability >= 0 && probability <= 1) { return .nan }
    let tail = min(probability, 1 - probability)
    if tail == 0.5 { return p.real(0) }
    let angle = QuantileSearch.real(
      tail, low: -Double.pi, high: 0, start: 0, scale: 1 / (1 + p.real(1)).squareRoot(),
      cumulative: { exp(logTail(-$0, p.real(1))) }, survival: { 1 - exp(logTail(-$0, p.real(1))) })
    return probability < 0.5 ? p.real(0) + angle : p.real(0) - angle
  }

  /// The centre of the turn on which values are drawn.
  static func mean(_ p: LaneWords) -> Double { p.real(0) }
  /// On the turn from mean - pi to mean + pi, not the circular variance.
  static func variance(_ p: LaneWords) -> Double {
    let kappa = p.real(1)
    let end = min(Double.pi, 12 / (1 + kappa).squareRoot())
    return 2
      * TailIntegral.integral(from: 0, to: end) { t in t * t * exp(centredLogDensity(t, kappa)) }
  }

  static func logDensityBound(_ p: LaneWords) -> Double { centredLogDensity(0, p.real(1)) }
  static let boundIgnores: Set<Int> = [0]

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (t, kappa) = (value.real(0) - p.real(0), p.real(1))
    gradient[0] = -kappa * sin(t)
    gradient[1] = kappa * sin(t)
    gradient[2] = cos(t) - Bessel.ratio(kappa)
  }
}
