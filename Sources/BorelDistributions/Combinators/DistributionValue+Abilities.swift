import BorelHeap

// What a distribution can do beyond density and draws. Nil: it cannot.
extension DistributionValue {
  package init(family: any Family.Type, parameters: LaneWords) {
    self.family = family
    self.parameters = parameters
  }

  /// The kind of number that is drawn; nil for other values and for values of unknown type.
  package var numberKind: NumberKind? {
    if let family = family as? any Combinator.Type { return family.numberKind(parameters) }
    switch family.signature.value {
    case .real: return .real
    case .int: return .int
    case .bool: return .bool
    default: return nil
    }
  }

  /// The log of the probability of exactly this value; -infinity where there is no atom.
  package func logAtom(_ value: LaneWords) -> Double {
    if let family = family as? any Combinator.Type { return family.logAtom(value, parameters) }
    return family.signature.baseMeasure == .counting ? logDensity(value) : -.infinity
  }

  /// `logAtom` of a value of one word.
  func logAtom(word: UInt64) -> Double {
    withUnsafePointer(to: word) { logAtom(LaneWords($0)) }
  }

  /// Whether every value has a density without atoms.
  var isWithoutAtoms: Bool {
    !(family is any Combinator.Type) && family.signature.baseMeasure != .counting
  }

  /// P(X <= x).
  package func cumulative(_ x: Double) -> Double? {
    (family as? any HasCumulative.Type).flatMap { known($0.cumulative(x, parameters)) }
  }

  /// log P(X <= x).
  package func logCumulative(_ x: Double) -> Double? {
    (family as? any HasCumulative.Type).flatMap { known($0.logCumulative(x, parameters)) }
  }

  /// log P(X > x).
  package func logSurvival(_ x: Double) -> Double? {
    (family as? any HasCumulative.Type).flatMap { known($0.logSurvival(x, parameters)) }
  }

  /// The smallest x with P(X <= x) >= p, for p in [0, 1].
  package func quantile(_ p: Double) -> Double? {
    (family as? any HasQuantile.Type).flatMap { known($0.quantile(p, parameters)) }
  }

  /// The mean; may be infinite.
  package var mean: Double? {
    (family as? any HasMoments.Type).flatMap { known($0.mean(parameters)) }
  }

  /// The variance; may be infinite.
  package var variance: Double? {
    (family as? any HasMoments.Type).flatMap { known($0.variance(parameters)) }
  }

  /// An upper bound of the log-density over all values.
  package var logDensityBound: Double? {
    (family as? any HasDensityBound.Type).flatMap { family in
      let bound = family.logDensityBound(parameters)
      return bound < .infinity ? bound : nil
    }
  }

  /// The number of values, `Int.max` when there are more.
  package var supportCount: Int? {
    (family as? any FiniteSupport.Type).flatMap { family in
      let count = family.supportCount(parameters)
      return count >= 0 ? count : nil
    }
  }

  /// Writes the value with an index in `0..<supportCount`; nothing without finite support.
  package func supportValue(
    _ index: Int, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    (family as? any FiniteSupport.Type)?
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
    if part.family is any Combinator.Type, part.isTooDeep {
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
    guard family is any Combinator.Type else { return [] }
    var result: [UInt64] = []
    for (index, parameter) in family.signature.parametrisations[0].parameters.enumerated() {
      if parameter.kind == .distribution { result.append(parameters.word(index)) }
      if parameter.kind == .distributionArray {
        let array = parameters.array(index)
        result.append(contentsOf: (0..<array.count).map { array.elements[$0] })
      }
    }
    return result
  }
}
