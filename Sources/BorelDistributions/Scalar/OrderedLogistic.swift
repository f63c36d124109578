import BorelHeap

/// An ordered category: the number of cutpoints below a logistic variate.
enum OrderedLogistic: IntegerFamily, NoiseFamily, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport, HasTangent
{
  static let signature = FamilySignature(
    name: "OrderedLogistic",
    summary: "A category from 0: the number of cutpoints below a logistic variate.",
    parametrisations: [
      Parametrisation([
        .init("location", .real, .finite, "Location of the logistic variate."),
        .init("cutpoints", .realArray, .increasing, "Cutpoints, one fewer than categories."),
      ])
    ],
    value: .int, support: .integers(from: 0, through: .countOfParameter(1)),
    baseMeasure: .counting, isElementwise: false,
    source: "McCullagh (1980), Regression models for ordinal data, section 2.2")

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    let cutpoints = p.array(1).reals
    let count = Int64(cutpoints.count)
    guard k >= 0, k <= count, count > 0 else { return -.infinity }
    if k == 0 { return logCumulative(at: 0, p) }
    if k == count { return logSurvival(at: k - 1, p) }
    // logistic(b) - logistic(a) = logistic(b) logistic(-a) (1 - exp(a - b))
    let low = cutpoints[Int(k) - 1] - p.real(0)
    let high = cutpoints[Int(k)] - p.real(0)
    return log1mexp(cutpoints[Int(k) - 1] - cutpoints[Int(k)]) - log1pexp(-high) - log1pexp(low)
  }

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    let variate = p.real(0) + logit(noise)
    var category: UInt64 = 0
    for cutpoint in p.array(1).reals where cutpoint < variate { category += 1 }
    return category
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...Int64(p.array(1).count) }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    -log1pexp(p.real(0) - p.array(1).real(Int(k)))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    -log1pexp(p.array(1).real(Int(k)) - p.real(0))
  }

  static func mean(_ p: LaneWords) -> Double { moment(p) { $0 } }
  static func variance(_ p: LaneWords) -> Double {
    let mean = mean(p)
    return moment(p) { ($0 - mean) * ($0 - mean) }
  }
  private static func moment(_ p: LaneWords, _ function: (Double) -> Double) -> Double {
    range(p).reduce(0) { $0 + function(Double($1)) * exp(logMass(at: $1, p)) }
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    range(p).reduce(-.infinity) { max($0, logMass(at: $1, p)) }
  }

  static func supportCount(_ p: LaneWords) -> Int { p.array(1).count + 1 }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let cutpoints = p.reals(1)
    let changes = change.reals(1)
    let k = Int(value.int(0))
    guard k >= 0, k <= cutpoints.count, changes.isEmpty || changes.count == cutpoints.count
    else { return .nan }
    // What the distance of a cutpoint from the location changes by.
    func slope(_ index: Int) -> Double {
      (changes.isEmpty ? 0 : changes[index]) - change.real(0)
    }
    if k == 0 { return logistic(p.real(0) - cutpoints[0]) * slope(0) }
    let low = cutpoints[k - 1] - p.real(0)
    if k == cutpoints.count { return -logistic(low) * slope(k - 1) }
    let high = cutpoints[k] - p.real(0)
    return (slope(k) - slope(k - 1)) / expm1(high - low) + logistic(-high) * slope(k)
      - logistic(low) * slope(k - 1)
  }
}
