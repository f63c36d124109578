import BorelHeap
import BorelKernels

/// The Dirichlet distribution.
enum Dirichlet: HasTangent {
  static let signature = FamilySignature(
    name: "Dirichlet", summary: "Random probabilities of categories.",
    parametrisations: [
      Parametrisation([
        .init(
          "concentration", .realArray, .each(.positive),
          "Concentration of each category; the means are proportional to it.")
      ])
    ],
    value: .realArray, support: .simplex, baseMeasure: .simplexChart, isElementwise: false,
    source: "Kotz, Balakrishnan, Johnson (2000), Continuous Multivariate Distributions 1, ch. 49")

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let x = value.reals(0)
    let concentration = p.reals(0)
    guard Simplex.contains(x, count: concentration.count) else { return -.infinity }
    var total = 0.0
    var sum = 0.0
    for (x, a) in zip(x, concentration) {
      // The faces of the simplex belong to the support only where the density is finite there.
      if x == 0, a != 1 { return -.infinity }
      total += a
      sum += xlogy(a - 1, x) - lgamma(a)
    }
    return sum + lgamma(total)
  }

  /// Gamma variates normalised on the log scale, so that small concentrations do not underflow to
  /// 0 / 0; no element is exactly 0.
  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let concentration = p.reals(0)
    let (bits, x) = arena.makeReals(concentration.count)
    value[0] = bits
    for (index, a) in concentration.enumerated() { x[index] = borel_draw_log_gamma(&random, a) }
    Simplex.normalizeLogs(x, count: concentration.count)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (x, concentration, changes) = (value.reals(0), p.reals(0), change.reals(0))
    guard changes.count == concentration.count, x.count == changes.count else {
      return changes.isEmpty ? 0 : .nan
    }
    var slope = 0.0
    for (index, change) in changes.enumerated() where change != 0 {
      slope += change * (log(x[index]) - digamma(concentration[index]))
    }
    return slope + digamma(concentration.reduce(0, +)) * changes.reduce(0, +)
  }
}

/// Points of the simplex.
enum Simplex {
  /// Whether numbers are non-negative with sum 1 within 1e-6, the tolerance of the domain.
  static func contains(_ x: UnsafeBufferPointer<Double>, count: Int) -> Bool {
    guard x.count == count, count > 0 else { return false }
    var sum = 0.0
    for element in x {
      guard element >= 0 else { return false }
      sum += element
    }
    return (sum - 1).magnitude <= 1e-6
  }

  /// Overwrites logarithms of weights by the normalised weights, at least the smallest normal
  /// number each.
  static func normalizeLogs(_ x: UnsafeMutablePointer<Double>, count: Int) {
    var largest = -Double.infinity
    for index in 0..<count where x[index] > largest { largest = x[index] }
    var sum = 0.0
    for index in 0..<count {
      x[index] = exp(x[index] - largest)
      sum += x[index]
    }
    for index in 0..<count { x[index] = max(x[index] / sum, .leastNormalMagnitude) }
  }
}
