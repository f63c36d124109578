import BorelHeap
import BorelKernels

/// Arrays whose elements are independent, each with its own distribution.
struct IndependentDraws {
  let count: Int
  /// The distribution of all elements, or nil when `list` has one for each.
  private let common: DistributionValue?
  private let list: DistributionList

  init(_ count: Int, of common: DistributionValue) {
    self.count = count
    self.common = common
    list = DistributionList(ArrayObject(bits: 0))
  }

  init(_ list: DistributionList) {
    count = list.count
    common = nil
    self.list = list
  }

  private func part(_ index: Int) -> DistributionValue? { common ?? list[index] }

  /// The sum of a term of each element; -infinity for an array of another length.
  func sum(_ value: LaneWords, _ term: (DistributionValue, LaneWords) -> Double) -> Double {
    let array = value.array(0)
    guard !array.object.isNull, array.count == count else { return -.infinity }
    var sum = 0.0
    for index in 0..<count {
      guard let part = part(index) else { return -.infinity }
      let logTerm = term(part, LaneWords(array.elements + index * array.stride))
      if logTerm == -.infinity { return logTerm }
      sum += logTerm
    }
    return sum
  }

  /// The sum over the elements of what their log-densities change by.
  ///
  /// - Parameter change: The change of the distribution of an element, by position.
  func tangent(_ value: LaneWords, _ change: (Int) -> UInt64) -> Double {
    let array = value.array(0)
    guard !array.object.isNull, array.count == count else { return .nan }
    var sum = 0.0
    for index in 0..<count {
      let change = change(index)
      guard change != 0, let part = part(index) else { continue }
      sum += part.tangent(
        LaneWords(array.elements + index * array.stride), change: BoxObject(bits: change),
        valueChange: nil)
    }
    return sum
  }

  /// A new array of the layout of the elements, each written by `write`.
  private func makeArray(
    in arena: Arena, _ write: (Int, UnsafeMutablePointer<UInt64>) -> Void
  ) -> UInt64 {
    let layout = part(0)?.valueLayout ?? .number
    let array = arena.makeArray(
      count: count, stride: layout.wordCount, pointerMask: layout.pointerMask)
    array.elements.update(repeating: 0, count: count * layout.wordCount)
    for index in 0..<count { write(index, array.elements + index * layout.wordCount) }
    return array.object.bits
  }

  /// Draws each element from a stream of its own: samplers of one draw may use the part of a
  /// stream that does not advance.
  func draw(using random: inout LaneRandom, arena: Arena) -> UInt64 {
    let (key, lane, generation, number) = (
      random.key, random.lane, random.generation, random.draw
    )
    return makeArray(in: arena) { index, words in
      var own = borel_lane_random_make(
        borel_key_child(key, Self.childKind, UInt64(index)), lane, generation, number)
      part(index)?.draw(using: &own, arena: arena, into: words)
    }
  }

  /// The kind of the keys of elements in the tree of stream keys (semantics, 3.1), beside those of
  /// the kernels' header.
  private static let childKind: UInt32 = 32

  /// The product of the numbers of values; -1 without finite support, `Int.max` on overflow.
  var supportCount: Int {
    var product = 1
    for index in 0..<count {
      guard let count = part(index)?.supportCount else { return -1 }
      let (next, overflow) = product.multipliedReportingOverflow(by: count)
      product = overflow ? .max : next
    }
    return product
  }

  /// The array with an index: its digits, the first element varying slowest.
  func supportValue(_ index: Int, arena: Arena) -> UInt64 {
    var digits = [Int](repeating: 0, count: count)
    var rest = index
    for position in stride(from: count - 1, through: 0, by: -1) {
      let base = max(1, part(position)?.supportCount ?? 1)
      digits[position] = rest % base
      rest /= base
    }
    return makeArray(in: arena) { index, words in
      part(index)?.supportValue(digits[index], arena: arena, into: words)
    }
  }
}
