import BorelHeap
import BorelKernels

/// Zero with a probability, otherwise a draw from a distribution of numbers.
enum ZeroInflated: Combinator, HasQuantile, HasMoments, FiniteSupport, HasDensityBound, HasTangent {
  static let signature = FamilySignature(
    name: "ZeroInflated",
    summary: "0 with a probability, otherwise a draw from a distribution of numbers.",
    parametrisations: [
      Parametrisation([
        .init("probability", .real, .unitInterval, "Probability of the extra zero."),
        .init("distribution", .distribution, .any, "Distribution of a number."),
      ])
    ],
    value: .element, support: .dependent, baseMeasure: .mixed, isElementwise: false,
    jointCondition: condition,
    source: "Lambert (1992), Zero-inflated Poisson regression, Technometrics 34, section 2")

  private static let condition = "the distribution must be one of numbers"

  static func violation(_ p: LaneWords) -> String? {
    if let text = DistributionValue.violation(ofPart: p.word(1)) { return text }
    return p.distribution(1)?.valueLayout == .number ? nil : condition
  }

  static func numberKind(_ p: LaneWords) -> NumberKind? { p.distribution(1)?.numberKind }

  private static func isZero(_ value: LaneWords, _ p: LaneWords) -> Bool {
    value.word(0) == 0 || (numberKind(p) == .real && value.real(0) == 0)
  }

  static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    let atom = logAtom(value, p)
    if atom > -.infinity { return atom }
    return log1p(-p.real(0)) + (p.distribution(1)?.logDensity(value) ?? -.infinity)
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double {
    guard let part = p.distribution(1) else { return -.infinity }
    let atom = log1p(-p.real(0)) + part.logAtom(value)
    return isZero(value, p) ? borel_logaddexp(log(p.real(0)), atom) : atom
  }

  static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = 0
    if borel_next_uniform(&random) < p.real(0) { return }
    p.distribution(1)?.draw(using: &random, arena: arena, into: value)
  }

  static func cumulative(_ x: Double, _ p: LaneWords) -> Double {
    (x >= 0 ? p.real(0) : 0) + (1 - p.real(0)) * (p.distribution(1)?.cumulative(x) ?? .nan)
  }

  static func logCumulative(_ x: Double, _ p: LaneWords) -> Double {
    let part = log1p(-p.real(0)) + (p.distribution(1)?.logCumulative(x) ?? .nan)
    return x >= 0 ? min(0, borel_logaddexp(log(p.real(0)), part)) : part
  }

  static func logSurvival(_ x: Double, _ p: LaneWords) -> Double {
    let part = log1p(-p.real(0)) + (p.distribution(1)?.logSurvival(x) ?? .nan)
    return x < 0 ? min(0, borel_logaddexp(log(p.real(0)), part)) : part
  }

  /// That of the distribution on either side of the jump at 0.
  static func quantile(_ probability: Double, _ p: LaneWords) -> Double {
    guard let part = p.distribution(1), part.numberKind != nil else { return .nan }
    let rest = 1 - p.real(0)
    if rest == 0 { return 0 }
    guard let below = part.quantile(min(1, probability / rest)) else { return .nan }
    if below < 0 { return below }
    let through = part.cumulative(0) ?? .nan
    let before = max(0, through - exp(part.logAtom(word: 0)))
    if probability <= rest * before { return below }
    if probability <= p.real(0) + rest * through { return 0 }
    return part.quantile(min(1, max(0, (probability - p.real(0)) / rest))) ?? .nan
  }

  static func mean(_ p: LaneWords) -> Double {
    (1 - p.real(0)) * (p.distribution(1)?.mean ?? .nan)
  }

  static func variance(_ p: LaneWords) -> Double {
    guard let part = p.distribution(1), let mean = part.mean, let variance = part.variance else {
      return .nan
    }
    return (1 - p.real(0)) * (variance + p.real(0) * mean * mean)
  }

  /// Whether 0 is among the finitely many values of the distribution.
  private static func hasZero(_ part: DistributionValue, _ count: Int, _ p: LaneWords) -> Bool {
    LaneBuffer.withBuffer { words in
      let arena = Arena()
      return (0..<count).contains { index in
        part.supportValue(index, arena: arena, into: words)
        return isZero(LaneWords(words), p)
      }
    }
  }

  /// The values of the distribution, and 0 after them when it is not one of them.
  static func supportCount(_ p: LaneWords) -> Int {
    guard let part = p.distribution(1), let count = part.supportCount else { return -1 }
    if count > 1 << 20 { return .max }
    return hasZero(part, count, p) ? count : count + 1
  }

  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    guard let part = p.distribution(1), let count = part.supportCount else { return }
    if index < count {
      part.supportValue(index, arena: arena, into: value)
    } else {
      value[0] = 0
    }
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    guard let bound = p.distribution(1)?.logDensityBound else { return .infinity }
    return borel_logaddexp(log(p.real(0)), log1p(-p.real(0)) + bound)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    guard let part = p.distribution(1) else { return .nan }
    let inner = part.tangent(value, change: BoxObject(bits: change.word(1)), valueChange: nil)
    let probability = p.real(0)
    if !isZero(value, p) { return inner - change.real(0) / (1 - probability) }
    let atom = exp(part.logAtom(value))
    let total = probability + (1 - probability) * atom
    let kept = atom == 0 ? 0 : (1 - probability) * atom * inner
    return (change.real(0) * (1 - atom) + kept) / total
  }
}
