import BorelHeap
import BorelKernels

/// One of several distributions, chosen by weights.
enum Mixture: Combinator, HasQuantile, HasMoments, FiniteSupport, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "Mixture", summary: "A draw from one of several distributions, chosen by weights.",
    parametrisations: [
      Parametrisation([
        .init("weights", .realArray, .weights, "Weight of each component, not normalised."),
        .init("components", .distributionArray, .each(.any), "The distributions."),
      ])
    ],
    value: .element, support: .dependent, baseMeasure: .dependent, isElementwise: false,
    jointCondition: condition,
    source: "McLachlan and Peel (2000), Finite Mixture Models, section 1.4")

  private static let condition = "there must be as many weights as components"

  static func violation(_ p: LaneWords) -> String? {
    p.array(0).count == p.array(1).count
      ? DistributionValue.violation(ofParts: p.array(1)) : condition
  }

  static func valueLayout(_ p: LaneWords) -> ValueLayout {
    p.distributions(1)[0]?.valueLayout ?? .number
  }

  static func numberKind(_ p: LaneWords) -> NumberKind? {
    p.distributions(1).lazy.compactMap(\.numberKind).first
  }

  /// The log of the weighted sum of exp of a term of each component with positive weight.
  private static func logSum(_ p: LaneWords, _ term: (DistributionValue) -> Double) -> Double {
    let weights = p.reals(0)
    let components = p.distributions(1)
    guard components.count == weights.count else {
      return -.infinity
    }
    return withScratch(components.count) { terms in
      var total = 0.0
      var largest = -Double.infinity
      for (index, component) in components.enumerated() {
        total += weights[index]
        terms[index] =
          weights[index] > 0 ? kernelLog(weights[index]) + term(component) : -.infinity
        if terms[index].isNaN { return .nan }
        largest = max(largest, terms[index])
      }
      if largest.isInfinite { return largest }
      for index in 0..<components.count { terms[index] -= largest }
      _ = borel_k_exp(Int64(components.count), terms, terms, nil, nil, 0)
      var sum = 0.0
      for index in 0..<components.count { sum += terms[index] }
      return largest + kernelLog(sum) - kernelLog(total)
    }
  }

  /// The logarithm as a column has it, to the bit.
  private static func kernelLog(_ x: Double) -> Double {
    var (x, result) = (x, 0.0)
    _ = borel_k_log(1, &result, &x, nil, nil, 0)
    return result
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let atom = logAtom(value, p)
    return atom > -.infinity ? atom : logSum(p) { $0.logDensity(value) }
  }

  /// Blocks of lanes by `MixtureColumns`, others lane by lane.
  static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    let columns = MixtureColumns()
    if columns.layOut(count: count, parameters: parameters, areChecked: true),
      columns.unfit.isEmpty
    {
      columns.accumulate(value[0], into: logWeights)
    } else {
      accumulateEachLane(
        count: count, value: value, parameters: parameters, into: logWeights)
    }
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    if p.distributions(1).allSatisfy(\.isWithoutAtoms) { return -.infinity }
    return logSum(p) { $0.logAtom(value) }
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let weights = p.reals(0)
    var left = borel_next_uniform(&random) * weights.reduce(0, +)
    var chosen = weights.lastIndex { $0 > 0 } ?? 0
    for index in weights.indices where weights[index] > 0 {
      left -= weights[index]
      if left < 0 {
        chosen = index
        break
      }
    }
    p.distributions(1)[chosen]?.draw(using: &random, arena: arena, into: value)
  }

  /// The weighted mean of a term of each component.
  private static func average(_ p: LaneWords, _ term: (DistributionValue) -> Double?) -> Double {
    let weights = p.reals(0)
    let components = p.distributions(1)
    guard components.count == weights.count else {
      return .nan
    }
    var total = 0.0
    var sum = 0.0
    for (component, weight) in zip(components, weights) where weight > 0 {
      total += weight
      sum += weight * (term(component) ?? .nan)
    }
    return sum / total
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    min(1, average(p) { $0.cumulative(x) })
  }
  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    min(0, logSum(p) { $0.logCumulative(x) ?? .nan })
  }
  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    min(0, logSum(p) { $0.logSurvival(x) ?? .nan })
  }

  /// Between the smallest and the largest quantile of the components, by bisection.
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    let weights = p.reals(0)
    let components = p.distributions(1)
    guard components.count == weights.count else {
      return .nan
    }
    var low = Double.infinity
    var high = -Double.infinity
    for (component, weight) in zip(components, weights) where weight > 0 {
      guard let quantile = component.quantile(probability) else { return .nan }
      low = min(low, quantile)
      high = max(high, quantile)
    }
    return NumberSearch.smallest(from: low, through: high, isWhole: numberKind(p) != .real) {
      cumulative($0, p) >= probability
    }
  }

  static func mean(_ p: LaneWords) -> Double { average(p) { $0.mean } }

  /// The mean of the variances plus the variance of the means.
  static func variance(_ p: LaneWords) -> Double {
    let center = mean(p)
    return average(p) { component in
      guard let mean = component.mean, let variance = component.variance else { return nil }
      return variance + (mean - center) * (mean - center)
    }
  }

  static func supportCount(_ p: LaneWords) -> Int {
    MergedSupport.count(Array(p.distributions(1)))
  }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    MergedSupport.write(index, Array(p.distributions(1)), arena: arena, into: value)
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    logSum(p) { $0.logDensityBound ?? .infinity }
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (weights, components, changes) = (p.reals(0), p.distributions(1), change.reals(0))
    let parts = change.array(1)
    guard components.count == weights.count, changes.isEmpty || changes.count == weights.count,
      parts.object.isNull || parts.count == weights.count
    else { return .nan }
    let isAtom = logAtom(value, p) > -.infinity
    return withScratch(weights.count) { shares in
      var largest = -Double.infinity
      for (index, component) in components.enumerated() {
        let term = isAtom ? component.logAtom(value) : component.logDensity(value)
        shares[index] = weights[index] > 0 ? log(weights[index]) + term : -.infinity
        largest = max(largest, shares[index])
      }
      if largest.isInfinite { return .nan }
      var (total, slope) = (0.0, 0.0)
      for (index, component) in components.enumerated() {
        let share = exp(shares[index] - largest)
        if share == 0 { continue }
        total += share
        if !changes.isEmpty { slope += share * changes[index] / weights[index] }
        guard !parts.object.isNull, parts.elements[index] != 0 else { continue }
        slope +=
          share
          * component.tangent(
            value, change: BoxObject(bits: parts.elements[index]), valueChange: nil)
      }
      return slope / total - changes.reduce(0, +) / weights.reduce(0, +)
    }
  }
}
