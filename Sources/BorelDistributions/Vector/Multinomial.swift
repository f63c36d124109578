import BorelHeap
import BorelKernels

/// The multinomial distribution: counts of categories in independent trials.
enum Multinomial: FiniteSupport, HasTangent {
  static let signature = FamilySignature(
    name: "Multinomial", summary: "Counts of each category in n independent trials.",
    parametrisations: [
      Parametrisation([
        .init("n", .int, .intAtLeast(0), "Number of trials."),
        .init("probabilities", .realArray, .simplex, "Probability of each category."),
      ])
    ],
    value: .intArray, support: .naturalNumbers, baseMeasure: .counting, isElementwise: false,
    source: "Johnson, Kotz, Balakrishnan (1997), Discrete Multivariate Distributions, ch. 35")

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let counts = value.ints(0)
    let probabilities = p.reals(1)
    guard counts.count == probabilities.count else { return -.infinity }
    var total: Int64 = 0
    var sum = lgamma(Double(p.int(0)) + 1)
    for (count, probability) in zip(counts, probabilities) {
      if count < 0 || count > p.int(0) - total { return -.infinity }
      total += count
      sum += xlogy(Double(count), probability) - lgamma(Double(count) + 1)
    }
    if total != p.int(0) { return -.infinity }
    return sum - Double(total) * log(probabilities.reduce(0, +))
  }

  /// One category after the other, each binomial given those before it.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let probabilities = p.reals(1)
    let (bits, counts) = arena.makeInts(probabilities.count)
    value[0] = bits
    var remaining = p.int(0)
    for index in probabilities.indices {
      // Summed from this element on, so that the last category with mass gets exactly 1.
      var mass = 0.0
      for later in index..<probabilities.count { mass += probabilities[later] }
      let share = mass > 0 ? probabilities[index] / mass : 0
      counts[index] = remaining == 0 ? 0 : borel_draw_binomial(&random, remaining, min(1, share))
      remaining -= counts[index]
    }
  }

  static func supportCount(_ p: LaneWords) -> Int {
    Compositions.count(total: p.int(0), parts: p.array(1).count)
  }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    let (bits, counts) = arena.makeInts(p.array(1).count)
    Compositions.write(index, total: p.int(0), parts: p.array(1).count, into: counts)
    value[0] = bits
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (counts, probabilities, changes) = (value.ints(0), p.reals(1), change.reals(1))
    guard changes.count == probabilities.count, counts.count == changes.count else {
      return changes.isEmpty ? 0 : .nan
    }
    var (slope, total) = (0.0, 0.0)
    for (index, count) in counts.enumerated() {
      total += Double(count)
      if count > 0 { slope += Double(count) * changes[index] / probabilities[index] }
    }
    return slope - total * changes.reduce(0, +) / probabilities.reduce(0, +)
  }
}
