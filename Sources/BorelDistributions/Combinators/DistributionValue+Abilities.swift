import BorelHeap

// What a distribution can do beyond density and draws. Nil: it cannot.
extension DistributionValue {
  /// The kind of number that is drawn; nil for other values and for values of unknown type.
  package var numberKind: NumberKind? {
    if let family = abilities.pointee.combinator { return family.numberKind(parameters) }
    return abilities.pointee.numberKind
  }

  /// The log of the probability of exactly this value; -infinity where there is no atom.
  package func logAtom(_ value: LaneWords) -> Double {
    if let family = abilities.pointee.combinator { return family.logAtom(value, parameters) }
    return abilities.pointee.isCounting ? logDensity(value) : -.infinity
  }

  /// `logAtom` of a value of one word.
  func logAtom(word: UInt64) -> Double {
    withUnsafePointer(to: word) { logAtom(LaneWords($0)) }
  }

  /// Whether every value has a density without atoms.
  var isWithoutAtoms: Bool {
    abilities.pointee.combinator == nil && !abilities.pointee.isCounting
  }

  /// P(X <= x).
  package func cumulative(_ x: Double) -> Double? {
    abilities.pointee.cumulative.flatMap { known($0.cumulative(x, parameters)) }
  }

  /// log P(X <= x).
  package func logCumulative(_ x: Double) -> Double? {
    abilities.pointee.cumulative.flatMap { known($0.logCumulative(x, parameters)) }
  }

  /// log P(X > x).
  package func logSurvival(_ x: Double) -> Double? {
    abilities.pointee.cumulative.flatMap { known($0.logSurvival(x, parameters)) }
  }

  /// The smallest x with P(X <= x) >= p, for p in [0, 1].
  package func quantile(_ p: Double) -> Double? {
    abilities.pointee.quantile.flatMap { known($0.quantile(p, parameters)) }
  }

  /// The mean; may be infinite.
  package var mean: Double? {
    abilities.pointee.moments.flatMap { known($0.mean(parameters)) }
  }

  /// The variance; may be infinite.
  package var variance: Double? {
    abilities.pointee.moments.flatMap { known($0.variance(parameters)) }
  }

  /// An upper bound of the log-density over all values.
  package var logDensityBound: Double? {
    abilities.pointee.bound.flatMap { family in
      let bound = family.logDensityBound(parameters)
      return bound < .infinity ? bound : nil
    }
  }

  /// The number of values, `Int.max` when there are more.
  package var supportCount: Int? {
    abilities.pointee.finite.flatMap { family in
      let count = family.supportCount(parameters)
      return count >= 0 ? count : nil
    }
  }

  /// Writes the value with an index in `0..<supportCount`; nothing without finite support.
  package func supportValue(
    _ index: Int, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    abilities.pointee.finite?
      .supportValue(index, parameters, arena: arena, into: value)
  }

  private func known(_ x: Double) -> Double? { x.isNaN ? nil : x }
}

// Checks of the parts of a combinator.
extension DistributionValue {
  /// Deepest nesting of distributions in distributions: their code is recursive.
  private static let deepest = 100

  /// What is wrong with the parts behind a word, or how deep they are nested; nil when all is well.
  static func violation(ofPart bits: UInt64) -> String? {
    guard let part = DistributionValue(bits: bits) else { return "a distribution is missing" }
    if part.abilities.pointee.combinator != nil, part.isTooDeep {
      return "distributions must be nested at most \(deepest) deep"
    }
    return part.violation
  }

  /// What is wrong with the parts in an array; nil when all is well.
  static func violation(ofParts array: ArrayObject) -> String? {
    for index in 0..<array.count {
      if let text = violation(ofPart: array.elements[index]) { return text }
    }
    return nil
  }

  /// Level by level, each shared part once per level.
  private var isTooDeep: Bool {
    var level = Set(parts)
    for _ in 0..<Self.deepest {
      if level.isEmpty { return false }
      level = Set(level.flatMap { DistributionValue(bits: $0)?.parts ?? [] })
    }
    return true
  }

  /// The handles of the distributions among the parameters.
  private var parts: [UInt64] {
    guard abilities.pointee.combinator != nil else { return [] }
    var result: [UInt64] = []
    for (index, parameter) in abilities.pointee.parameters.enumerated() {
      if parameter.kind == .distribution { result.append(parameters.word(index)) }
      if parameter.kind == .distributionArray {
        let array = parameters.array(index)
        result.append(contentsOf: (0..<array.count).map { array.elements[$0] })
      }
    }
    return result
  }
}
