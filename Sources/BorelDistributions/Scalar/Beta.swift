import BorelHeap
import BorelKernels

/// The beta distribution.
enum Beta: RealFamily, KernelScored, HasQuantile, HasMoments, HasDensityBound, HasGradient {
  static let signature = FamilySignature(
    name: "Beta", summary: "The beta distribution on the unit interval.",
    parametrisations: [
      Parametrisation([
        .init("alpha", .real, .positive, "First shape: prior successes."),
        .init("beta", .real, .positive, "Second shape: prior failures."),
      ]),
      Parametrisation([
        .init("a", .real, .positive, "First shape."), .init("b", .real, .positive, "Second shape."),
      ]),
      Parametrisation([
        .init("mean", .real, .openUnitInterval, "Mean.", conversion: .times(1)),
        .init(
          "concentration", .real, .positive, "Sum of the two shapes.",
          conversion: .timesComplement(0)),
      ]),
    ],
    value: .real, support: .unitInterval, baseMeasure: .lebesgue,
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 25")

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_beta(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }
  static var exceptions: (Double, Double)? { (0, 1) }

  /// At 0 and 1 the limits from inside: infinite where the shape is below 1.
  static func logDensity(at x: Double, _ p: LaneWords) -> Double {
    if x == 0 { return end(own: p.real(0), other: p.real(1)) }
    if x == 1 { return end(own: p.real(1), other: p.real(0)) }
    return kernelLogDensity(x.bitPattern, p)
  }

  /// B(1, b) = 1 / b.
  private static func end(own: Double, other: Double) -> Double {
    own < 1 ? .infinity : own == 1 ? log(other) : -.infinity
  }

  static func sample(_ p: LaneWords, using random: inout LaneRandom) -> Double {
    borel_draw_beta(&random, p.real(0), p.real(1))
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let target = UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self)
    let uniform = parameters[0].uniformBit(0) | parameters[1].uniformBit(1)
    streams.withKernelStreams {
      borel_fill_beta(
        Int64(count), target, parameters[0].reals, parameters[1].reals, uniform, $0)
    }
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    SpecialFunctions.beta(p.real(0), p.real(1), x)
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.beta(p.real(0), p.real(1), x, complement: 1 - x)
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    LogIncomplete.beta(p.real(1), p.real(0), 1 - x, complement: x)
  }
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    if !(probability >= 0 && probability <= 1) { return .nan }
    return probability <= 0.5
      ? SpecialFunctions.betaInverse(p.real(0), p.real(1), probability)
      : SpecialFunctions.betaComplementInverse(p.real(0), p.real(1), 1 - probability)
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) / (p.real(0) + p.real(1)) }
  static func variance(_ p: LaneWords) -> Double {
    let sum = p.real(0) + p.real(1)
    return (p.real(0) / sum) * (p.real(1) / sum) / (sum + 1)
  }

  /// Infinite where a shape is below 1.
  static func logDensityBound(_ p: LaneWords) -> Double {
    let (a, b) = (p.real(0), p.real(1))
    if a < 1 || b < 1 { return .infinity }
    if a == 1 && b == 1 { return 0 }
    return logDensity(at: (a - 1) / (a + b - 2), p)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let (x, a, b) = (value.real(0), p.real(0), p.real(1))
    gradient[0] = (a == 1 ? 0 : (a - 1) / x) - (b == 1 ? 0 : (b - 1) / (1 - x))
    gradient[1] = log(x) - digamma(a) + digamma(a + b)
    gradient[2] = log1p(-x) - digamma(b) + digamma(a + b)
  }
}
