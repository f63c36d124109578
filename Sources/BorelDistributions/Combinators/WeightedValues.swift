import BorelHeap
import BorelKernels

/// Values with weights, in an array of any layout: what `Empirical` and `Posterior` draw from.
struct WeightedValues {
  let values: ArrayObject
  let layout: ValueLayout
  private let weight: (Int) -> Double

  /// - Parameter weight: The weight of a value by position; not negative, not normalised.
  init(_ values: ArrayObject, weight: @escaping (Int) -> Double) {
    self.values = values
    self.layout = ValueLayout(elementsOf: values)
    self.weight = weight
  }

  private func words(_ index: Int) -> UnsafeMutablePointer<UInt64> {
    values.elements + index * layout.wordCount
  }

  private func isEqual(_ index: Int, _ value: UnsafePointer<UInt64>) -> Bool {
    if layout == .number { return values.elements[index] == value[0] }
    return structurallyEqual(
      words(index), value, count: layout.wordCount, pointerMask: layout.pointerMask)
  }

  /// The running sums of the weights.
  var cumulative: [Double] {
    var sum = 0.0
    return (0..<values.count).map { index in
      sum += weight(index)
      return sum
    }
  }

  /// The log of the share of the weights that belongs to values equal to one.
  func logProbability(of value: LaneWords) -> Double {
    var total = 0.0
    var equal = 0.0
    for index in 0..<values.count {
      let w = weight(index)
      total += w
      if w > 0, isEqual(index, value.base) { equal += w }
    }
    return equal > 0 ? log(equal / total) : -.infinity
  }

  /// What `logProbability` changes by when the weights do.
  func tangent(of value: LaneWords, _ change: (Int) -> Double) -> Double {
    var (total, equal, totalChange, equalChange) = (0.0, 0.0, 0.0, 0.0)
    for index in 0..<values.count {
      total += weight(index)
      totalChange += change(index)
      if isEqual(index, value.base) {
        equal += weight(index)
        equalChange += change(index)
      }
    }
    return equalChange / equal - totalChange / total
  }

  /// Writes the value in which a share of the total falls.
  func write(_ uniform: Double, _ cumulative: [Double], into value: UnsafeMutablePointer<UInt64>) {
    guard let total = cumulative.last else { return }
    let target = uniform * total
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > target { high = middle } else { low = middle + 1 }
    }
    copy(low, into: value)
  }

  func copy(_ index: Int, into value: UnsafeMutablePointer<UInt64>) {
    value.update(from: words(index), count: layout.wordCount)
  }

  /// Positions of the different values with positive weight, each at its first place.
  var distinct: [Int] {
    var groups: [UInt64: [Int]] = [:]
    var result: [Int] = []
    for index in 0..<values.count where weight(index) > 0 {
      let hash = structuralHash(
        words(index), count: layout.wordCount, pointerMask: layout.pointerMask)
      if groups[hash, default: []].contains(where: { isEqual($0, words(index)) }) { continue }
      groups[hash, default: []].append(index)
      result.append(index)
    }
    return result
  }
}

/// Combinators that draw one of given values.
protocol WeightedValuesFamily: Combinator, FiniteSupport, HasDensityBound {
  static func weighted(_ parameters: LaneWords) -> WeightedValues
}

extension WeightedValuesFamily {
  package static func valueLayout(_ p: LaneWords) -> ValueLayout {
    ValueLayout(elementsOf: p.array(0))
  }

  package static func logDensity(_ value: LaneWords, _ p: LaneWords) -> Double {
    weighted(p).logProbability(of: value)
  }

  static func logAtom(_ value: LaneWords, _ p: LaneWords) -> Double { logDensity(value, p) }

  package static func draw(
    _ p: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>
  ) {
    let weighted = weighted(p)
    weighted.write(borel_next_uniform(&random), weighted.cumulative, into: value)
  }

  /// With the same values for all lanes the running sums are formed once.
  package static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    LaneBuffer.withBuffer { words in
      LaneBuffer.withBuffer { valueWords in
        let varying = LaneBuffer.loadUniform(parameters, parameterCount, into: words)
        var shared: [Double]?
        for lane in 0..<count {
          if varying { LaneBuffer.load(parameters, parameterCount, lane, into: words) }
          let weighted = weighted(LaneWords(words))
          let cumulative = shared ?? weighted.cumulative
          if !varying { shared = cumulative }
          var random = streams.random(lane)
          weighted.write(borel_next_uniform(&random), cumulative, into: valueWords)
          for k in 0..<weighted.layout.wordCount { value[k][lane] = valueWords[k] }
        }
      }
    }
  }

  package static func supportCount(_ p: LaneWords) -> Int { weighted(p).distinct.count }

  package static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    let weighted = weighted(p)
    weighted.copy(weighted.distinct[index], into: value)
  }

  /// A probability is at most 1.
  package static func logDensityBound(_ p: LaneWords) -> Double { 0 }
}
