import BorelHeap

/// What a word of a numeric value means.
package enum NumberKind: Hashable, Sendable {
  case real, int, bool

  /// The number in a word.
  func number(_ word: UInt64) -> Double {
    switch self {
    case .real: Double(bitPattern: word)
    case .int: Double(Int64(bitPattern: word))
    case .bool: word != 0 ? 1 : 0
    }
  }

  /// The word of a number; integers are saturated, which only infinities need.
  func word(_ number: Double) -> UInt64 {
    switch self {
    case .real: return number.bitPattern
    case .int:
      if let exact = Int64(exactly: number.rounded()) { return UInt64(bitPattern: exact) }
      return UInt64(bitPattern: number < 0 ? .min : .max)
    case .bool: return number != 0 ? 1 : 0
    }
  }
}

/// Families that are built from values or distributions, so that what they are depends on their
/// parameters.
protocol Combinator: Family {
  /// The kind of number that is drawn; nil for other values and for values of unknown type.
  static func numberKind(_ parameters: LaneWords) -> NumberKind?

  /// The log of the probability of exactly this value, -infinity where there is no atom.
  ///
  /// The density of a family with atoms is that probability at an atom, and the density with
  /// respect to the Lebesgue measure elsewhere.
  static func logAtom(_ value: LaneWords, _ parameters: LaneWords) -> Double
}

extension Combinator {
  static func numberKind(_ parameters: LaneWords) -> NumberKind? { nil }

  package static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    accumulateEachLane(count: count, value: value, parameters: parameters, into: logWeights)
  }

  static func accumulateEachLane(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>
  ) {
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
        for lane in 0..<count {
          if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
          let layout = valueLayout(LaneWords(words))
          for k in 0..<layout.wordCount { valueWords[k] = value[k].word(lane) }
          logWeights[lane] += logDensity(LaneWords(valueWords), LaneWords(words))
        }
      }
    }
  }

  package static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
        for lane in 0..<count {
          if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
          var random = streams.random(lane)
          draw(LaneWords(words), using: &random, arena: arena, into: valueWords)
          let layout = valueLayout(LaneWords(words))
          for k in 0..<layout.wordCount { value[k][lane] = valueWords[k] }
        }
      }
    }
  }
}

extension LaneWords {
  /// The distribution in a word; nil for the null handle of a dead lane.
  func distribution(_ index: Int) -> DistributionValue? { DistributionValue(bits: word(index)) }

  /// The distributions in an array.
  func distributions(_ index: Int) -> DistributionList { DistributionList(array(index)) }
}

/// The distributions in an array, read where they are. Those that are missing (in a dead lane) end
/// the list.
struct DistributionList: Sequence, IteratorProtocol {
  let count: Int
  private let words: UnsafePointer<UInt64>?
  private var position = 0

  init(_ array: ArrayObject) {
    count = array.count
    words = count > 0 ? UnsafePointer(array.elements) : nil
  }

  subscript(index: Int) -> DistributionValue? {
    index < count ? words.flatMap { DistributionValue(bits: $0[index]) } : nil
  }

  mutating func next() -> DistributionValue? {
    defer { position += 1 }
    return self[position]
  }
}
