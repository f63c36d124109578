import BorelHeap
import BorelKernels

/// The first weights of a Dirichlet process by stick breaking, the last one taking the rest.
enum StickBreaking: HasTangent {
  static let signature = FamilySignature(
    name: "StickBreaking",
    summary: "Weights by stick breaking, cut after count: the last weight is all that is left.",
    parametrisations: [
      Parametrisation([
        .init("alpha", .real, .positive, "Concentration; each break is Beta(1, alpha)."),
        .init("count", .int, .length, "Number of weights."),
      ])
    ],
    value: .realArray, support: .simplex, baseMeasure: .simplexChart, isElementwise: false,
    source: "Ishwaran and James (2001), Gibbs sampling methods for stick-breaking priors, "
      + "J. American Statistical Association 96, section 3.2")

  /// With rest(k) the sum of the weights from k on, the break k is w(k) / rest(k) and the change of
  /// variables has the determinant 1 / product of rest(k).
  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let weights = value.reals(0)
    let alpha = p.real(0)
    guard Int64(weights.count) == p.int(1), Simplex.contains(weights, count: weights.count)
    else { return -.infinity }
    let last = weights.count - 1
    // Summed from the end, so that small remainders keep their accuracy.
    var rest = weights[last]
    if last == 0 { return 0 }
    if rest == 0, alpha != 1 { return -.infinity }
    var sum = Double(last) * log(alpha) + xlogy(alpha - 1, rest)
    for index in stride(from: last - 1, through: 1, by: -1) {
      rest += weights[index]
      if rest == 0 { return -.infinity }
      sum -= log(rest)
    }
    return sum
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let count = Int(p.int(1))
    let (bits, weights) = arena.makeReals(count)
    value[0] = bits
    var logRest = 0.0
    for index in 0..<(count - 1) {
      // One minus a Beta(1, alpha) break is exp(-e / alpha).
      let logKept = -borel_next_exponential(&random) / p.real(0)
      weights[index] = max(-expm1(logKept) * exp(logRest), .leastNormalMagnitude)
      logRest += logKept
    }
    weights[count - 1] = max(exp(logRest), .leastNormalMagnitude)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let weights = value.reals(0)
    guard change.word(0) != 0, weights.count > 1 else { return 0 }
    let last = weights.count - 1
    return (Double(last) / p.real(0) + log(weights[last])) * change.real(0)
  }
}
