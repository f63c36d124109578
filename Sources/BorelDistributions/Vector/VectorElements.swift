import BorelHeap

extension LaneWords {
  /// The elements of an array of reals; none for a null handle.
  @inline(__always)
  func reals(_ index: Int) -> UnsafeBufferPointer<Double> { array(index).reals }

  /// The elements of an array of integers; none for a null handle.
  @inline(__always)
  func ints(_ index: Int) -> UnsafeBufferPointer<Int64> {
    let array = array(index)
    if array.object.isNull { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(array.elements).assumingMemoryBound(to: Int64.self),
      count: array.count)
  }
}

extension Arena {
  /// A new array of reals whose elements the caller writes.
  func makeReals(_ count: Int) -> (bits: UInt64, elements: UnsafeMutablePointer<Double>) {
    let array = makeArray(count: count)
    let elements = UnsafeMutableRawPointer(array.elements)
      .assumingMemoryBound(to: Double.self)
    return (array.object.bits, elements)
  }

  /// A new array of integers whose elements the caller writes.
  func makeInts(_ count: Int) -> (bits: UInt64, elements: UnsafeMutablePointer<Int64>) {
    let array = makeArray(count: count)
    let elements = UnsafeMutableRawPointer(array.elements)
      .assumingMemoryBound(to: Int64.self)
    return (array.object.bits, elements)
  }
}

/// Room for doubles on the stack (on the heap when they are many).
@inline(__always)
func withScratch<Result>(
  _ count: Int, _ body: (UnsafeMutablePointer<Double>) -> Result
) -> Result {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, count)) { buffer in
    body(buffer.baseAddress.unsafelyUnwrapped)
  }
}

extension Domain {
  /// Lengths of drawn arrays: at least 1, and few enough to be held in memory by many lanes.
  static let length = Domain.interval(1, 10_000_000, lowerOpen: false, upperOpen: false)
}
