import BorelHeap

/// The number of successes among draws without replacement.
enum Hypergeometric: IntegerFamily, NoiseFamily, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport
{
  static let signature = FamilySignature(
    name: "Hypergeometric",
    summary: "The number of successes among draws without replacement from a finite population.",
    parametrisations: [
      Parametrisation([
        .init("draws", .int, .intAtLeast(0), "Number of items drawn."),
        .init("successes", .int, .intAtLeast(0), "Number of successes in the population."),
        .init("population", .int, .intAtLeast(0), "Number of items in the population."),
      ])
    ],
    value: .int, support: .integers(from: 0, through: .parameter(0)), baseMeasure: .counting,
    jointCondition: "'draws' and 'successes' must be at most 'population'",
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, ch. 6")

  static func violation(_ p: LaneWords) -> String? {
    p.int(0) <= p.int(2) && p.int(1) <= p.int(2) ? nil : signature.jointCondition
  }

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    guard range(p).contains(k) else { return -.infinity }
    let (draws, successes, population) = (p.int(0), p.int(1), p.int(2))
    return lchoose(Double(successes), Double(k))
      + lchoose(Double(population &- successes), Double(draws &- k))
      - lchoose(Double(population), Double(draws))
  }

  static let noise = Noise.uniform
  /// Inversion from the mode outwards: about as many steps as standard deviations times three.
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    let range = range(p)
    let start = mode(p)
    var (low, high) = (start, start)
    let centre = exp(logMass(at: start, p))
    var (lowMass, highMass) = (centre, centre)
    var rest = noise - centre
    while rest >= 0 {
      if low > range.lowerBound {
        low -= 1
        lowMass /= ratio(low, p)
        rest -= lowMass
        if rest < 0 { return UInt64(bitPattern: low) }
      }
      if high < range.upperBound {
        highMass *= ratio(high, p)
        high += 1
        rest -= highMass
        if rest < 0 { return UInt64(bitPattern: high) }
      }
      // What rounding leaves of the total mass goes to the mode.
      if low == range.lowerBound && high == range.upperBound { break }
      if lowMass + highMass < 1e-300 { break }
    }
    return UInt64(bitPattern: start)
  }

  /// mass(k + 1) / mass(k).
  private static func ratio(_ k: Int64, _ p: LaneWords) -> Double {
    let (draws, successes, population) = (p.int(0), p.int(1), p.int(2))
    return Double(successes &- k) * Double(draws &- k)
      / (Double(k &+ 1) * Double(population &- successes &- draws &+ k &+ 1))
  }

  private static func mode(_ p: LaneWords) -> Int64 {
    let (draws, successes, population) = (Double(p.int(0)), Double(p.int(1)), Double(p.int(2)))
    return Mode.integer((draws + 1) * ((successes + 1) / (population + 2)), in: range(p))
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> {
    let low = max(0, p.int(0) &+ (p.int(1) &- p.int(2)))
    return low...max(low, min(p.int(0), p.int(1)))
  }

  private static func sums(_ p: LaneWords) -> SummedCumulative {
    let range = range(p)
    return SummedCumulative(
      low: range.lowerBound, high: range.upperBound, mode: mode(p),
      logMass: { logMass(at: $0, p) }, ratio: { ratio($0, p) })
  }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double { sums(p).logCumulative(k) }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double { sums(p).logSurvival(k) }

  static func mean(_ p: LaneWords) -> Double {
    p.int(2) == 0 ? 0 : Double(p.int(0)) * (Double(p.int(1)) / Double(p.int(2)))
  }
  static func variance(_ p: LaneWords) -> Double {
    let population = Double(p.int(2))
    if population <= 1 { return 0 }
    let share = Double(p.int(1)) / population
    return mean(p) * (1 - share) * (Double(p.int(2) - p.int(0)) / (population - 1))
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    Mode.largest(around: mode(p), in: range(p)) { logMass(at: $0, p) }
  }

  static func supportCount(_ p: LaneWords) -> Int {
    let range = range(p)
    let width = range.upperBound - range.lowerBound
    return width == .max ? .max : Int(width) + 1
  }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(bitPattern: range(p).lowerBound + Int64(index))
  }
}
