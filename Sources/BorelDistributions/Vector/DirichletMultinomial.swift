import BorelHeap
import BorelKernels

/// Multinomial counts whose probabilities are Dirichlet.
enum DirichletMultinomial: FiniteSupport, HasTangent {
  static let signature = FamilySignature(
    name: "DirichletMultinomial",
    summary: "Counts of n trials whose common probabilities are Dirichlet.",
    parametrisations: [
      Parametrisation([
        .init("n", .int, .intAtLeast(0), "Number of trials."),
        .init(
          "concentration", .realArray, .each(.positive), "Concentration of each category."),
      ])
    ],
    value: .intArray, support: .naturalNumbers, baseMeasure: .counting, isElementwise: false,
    source: "Johnson, Kotz, Balakrishnan (1997), Discrete Multivariate Distributions, ch. 35.13")

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let counts = value.ints(0)
    let concentration = p.reals(1)
    guard counts.count == concentration.count else { return -.infinity }
    var trials: Int64 = 0
    var total = 0.0
    var sum = 0.0
    for (count, a) in zip(counts, concentration) {
      if count < 0 || count > p.int(0) - trials { return -.infinity }
      trials += count
      total += a
      // x! Gamma(a) / Gamma(x + a) = x B(x, a) for x above 0.
      if count > 0 { sum -= log(Double(count)) + lbeta(Double(count), a) }
    }
    if trials != p.int(0) { return -.infinity }
    return trials == 0 ? 0 : sum + log(Double(trials)) + lbeta(Double(trials), total)
  }

  /// One category after the other, each beta-binomial given those before it.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let concentration = p.reals(1)
    let (bits, counts) = arena.makeInts(concentration.count)
    value[0] = bits
    var remaining = p.int(0)
    for (index, a) in concentration.enumerated() {
      if index == concentration.count - 1 || remaining == 0 {
        counts[index] = remaining
      } else {
        var rest = 0.0
        for later in (index + 1)..<concentration.count { rest += concentration[later] }
        let share = borel_draw_beta(&random, a, rest)
        counts[index] = borel_draw_binomial(&random, remaining, share)
      }
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
    let (counts, concentration, changes) = (value.ints(0), p.reals(1), change.reals(1))
    guard changes.count == concentration.count, counts.count == changes.count else {
      return changes.isEmpty ? 0 : .nan
    }
    let total = concentration.reduce(0, +)
    var slope = (digamma(total) - digamma(total + Double(p.int(0)))) * changes.reduce(0, +)
    for (index, count) in counts.enumerated() where count > 0 {
      let a = concentration[index]
      slope += changes[index] * (digamma(Double(count) + a) - digamma(a))
    }
    return slope
  }
}
