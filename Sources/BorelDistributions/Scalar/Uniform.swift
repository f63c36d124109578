import BorelHeap
import BorelKernels

/// The uniform distribution on an interval.
enum Uniform: RealFamily, KernelScored, NoiseFamily, HasQuantile, HasMoments, HasDensityBound,
  HasGradient
{
  static let signature = FamilySignature(
    name: "Uniform", summary: "The uniform distribution on an interval, ends included.",
    parametrisations: [
      Parametrisation([
        .init("low", .real, .finite, "Lower end."), .init("high", .real, .finite, "Upper end."),
      ])
    ],
    value: .real, support: .betweenParameters(0, 1), baseMeasure: .lebesgue,
    jointCondition: "'low' must be below 'high'",
    source: "Johnson, Kotz, Balakrishnan (1995), Continuous Univariate Distributions 2, ch. 26")

  static func violation(_ p: LaneWords) -> String? {
    if p.real(1) - p.real(0) == .infinity { return "'high' - 'low' must be finite" }
    return p.real(0) < p.real(1) ? nil : signature.jointCondition
  }

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    quantile(noise, p).bitPattern
  }

  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    let target = UnsafeMutableRawPointer(value[0]).assumingMemoryBound(to: Double.self)
    noise.fill(count: count, streams: streams, into: target)
    let (lows, highs) = (parameters[0], parameters[1])
    if lows.stride == 0, highs.stride == 0 {
      let (low, high) = (lows.real(0), highs.real(0))
      for lane in 0..<count { target[lane] = point(target[lane], low, high) }
    } else {
      for lane in 0..<count {
        target[lane] = point(target[lane], lows.real(lane), highs.real(lane))
      }
    }
  }

  /// Where a share of the interval ends. Both halves are taken, so that nothing branches.
  @inline(__always)
  private static func point(_ share: Double, _ low: Double, _ high: Double) -> Double {
    let width = high - low
    let (lower, upper) = (low + width * share, high - width * (1 - share))
    return share <= 0.5 ? lower : upper
  }

  static func score(_ call: ScoreCall) -> Int64 {
    borel_score_uniform(
      call.count, call.logWeights, call.x, call.real(0), call.real(1), call.uniform, call.set)
  }

  private static func share(_ x: Double, _ p: LaneWords) -> Double {
    min(max((x - p.real(0)) / (p.real(1) - p.real(0)), 0), 1)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double { share(x, p) }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double { log(share(x, p)) }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    log(min(max((p.real(1) - x) / (p.real(1) - p.real(0)), 0), 1))
  }
  /// From the nearer end, so that both ends are met exactly.
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    point(probability, p.real(0), p.real(1))
  }

  static func mean(_ p: LaneWords) -> Double { p.real(0) + 0.5 * (p.real(1) - p.real(0)) }
  static func variance(_ p: LaneWords) -> Double {
    let width = p.real(1) - p.real(0)
    return width * width / 12
  }

  static func logDensityBound(_ p: LaneWords) -> Double { -log(p.real(1) - p.real(0)) }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    let width = p.real(1) - p.real(0)
    gradient[0] = 0
    gradient[1] = 1 / width
    gradient[2] = -1 / width
  }
}
