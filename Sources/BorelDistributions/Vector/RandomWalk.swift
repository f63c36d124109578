import BorelHeap
import BorelKernels

/// A Gaussian random walk.
enum RandomWalk: HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "RandomWalk",
    summary: "A Gaussian random walk: element 0 is one step away from start.",
    parametrisations: [
      Parametrisation([
        .init("sd", .real, .positive, "Standard deviation of a step."),
        .init("count", .int, .length, "Number of elements."),
        .init("start", .real, .finite, "Where the first step starts.", defaultValue: 0),
      ])
    ],
    value: .realArray, support: .realVector, baseMeasure: .lebesgue, isElementwise: false,
    source: "Durbin and Koopman (2012), Time Series Analysis by State Space Methods, section 2.1")

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let x = value.reals(0)
    guard Int64(x.count) == p.int(1) else { return -.infinity }
    var previous = p.real(2)
    var squares = 0.0
    for element in x {
      if element.isInfinite { return -.infinity }
      let z = (element - previous) / p.real(0)
      squares += z * z
      previous = element
    }
    return logDensityBound(p) - 0.5 * squares
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let count = Int(p.int(1))
    let (bits, x) = arena.makeReals(count)
    value[0] = bits
    var level = p.real(2)
    for index in 0..<count {
      level += p.real(0) * borel_next_normal(&random)
      x[index] = level
    }
  }

  /// Where no step moves.
  static func logDensityBound(_ p: LaneWords) -> Double {
    -Double(p.int(1)) * (Constant.logSqrt2Pi + log(p.real(0)))
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (x, changes) = (value.reals(0), change.reals(3))
    let sd = p.real(0)
    var (previous, previousChange) = (p.real(2), change.real(2))
    var slope = 0.0
    for (index, element) in x.enumerated() {
      let z = (element - previous) / sd
      let moved = index < changes.count ? changes[index] : 0
      slope += ((z * z - 1) * change.real(0) - z * (moved - previousChange)) / sd
      (previous, previousChange) = (element, moved)
    }
    return slope
  }
}
