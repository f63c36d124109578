/// An array to which elements are added while a program runs that holds its handle, with room for
/// the last ones only when no others are asked for.
///
/// The array object stays where it is and is pinned; its count and the place of its elements
/// change. Elements that are gone must not be read: the place where they would be is not memory.
package final class GrowingArray {
  private let header: UnsafeMutablePointer<UInt64>
  /// Words per element.
  package let stride: Int
  package let pointerMask: UInt64
  /// Elements behind the newest one that stay; nil keeps all.
  package let reach: Int?

  private var memory: UnsafeMutablePointer<UInt64>
  /// Elements that there is room for.
  private var capacity: Int
  /// The element at the start of the memory.
  private var first = 0

  package init(stride: Int, pointerMask: UInt64, reach: Int?) {
    self.stride = stride
    self.pointerMask = pointerMask
    self.reach = reach
    capacity = max(64, 4 * (reach ?? 0))
    memory = .allocate(capacity: max(capacity * stride, 1))
    header = .allocate(capacity: 3)
    header[0] = Object.header(.array, sizeInWords: 3) | Collector.pinnedFlag
    header[1] = 0
    place()
  }

  deinit {
    memory.deallocate()
    header.deallocate()
  }

  /// The handle.
  package var bits: UInt64 { UInt64(UInt(bitPattern: header)) }

  /// Elements so far, those that are gone included.
  package var count: Int { Int(header[1]) }

  /// The first element that is kept.
  package var firstKept: Int { max(first, reach.map { count - 1 - $0 } ?? 0) }

  package func append(_ words: some Collection<UInt64>) {
    if count - first == capacity { makeRoom() }
    var target = memory + (count - first) * stride
    for word in words {
      target.pointee = word
      target += 1
    }
    header[1] += 1
  }

  /// Goes on where another array with these last elements stood.
  package func restore(count: Int, words: [UInt64]) {
    let kept = stride == 0 ? 0 : words.count / stride
    first = count - kept
    if kept >= capacity {
      memory.deallocate()
      capacity = 2 * kept
      memory = .allocate(capacity: capacity * stride)
    }
    for index in 0..<(kept * stride) { memory[index] = words[index] }
    header[1] = UInt64(count)
    place()
  }

  /// The words of the elements from `firstKept` on.
  package var keptWords: [UInt64] {
    Array(
      UnsafeBufferPointer(
        start: memory + (firstKept - first) * stride, count: (count - firstKept) * stride))
  }

  /// Visits the handles among the words.
  package func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    if pointerMask == 0 { return }
    for index in (firstKept - first)..<(count - first) {
      for k in 0..<stride where pointerMask & (1 << UInt64(k)) != 0 {
        visit(memory + index * stride + k)
      }
    }
  }

  /// Moves the elements that stay to the start, of a larger memory when they fill most of this one.
  private func makeRoom() {
    let kept = count - firstKept
    let source = memory + (firstKept - first) * stride
    if kept > capacity / 2 {
      let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: max(2 * capacity * stride, 1))
      larger.update(from: source, count: kept * stride)
      memory.deallocate()
      memory = larger
      capacity *= 2
    } else {
      memory.update(from: source, count: kept * stride)
    }
    first = count - kept
    place()
  }

  /// Tells the array object where its element 0 would be.
  private func place() {
    let elements = UInt(bitPattern: memory) &- UInt(bitPattern: first &* stride &* 8)
    header[2] = UInt64(elements &- 32)
  }
}
