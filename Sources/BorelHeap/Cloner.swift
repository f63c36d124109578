/// Copies objects between arenas without touching the originals; shared parts stay shared.
package struct Cloner {
  private let target: Arena
  private var copies: [UInt64: UInt64] = [:]

  package init(into target: Arena) { self.target = target }

  /// The copy of an object and all that it reaches. Nested objects cost no stack.
  package mutating func clone(_ bits: UInt64) -> UInt64 {
    var root = bits
    var pending: [UnsafeMutablePointer<UInt64>] = []
    withUnsafeMutablePointer(to: &root) { copy($0, &pending) }
    while let words = pending.popLast() {
      Collector.forEachPointer(in: words) { copy($0, &pending) }
    }
    return root
  }

  private mutating func copy(
    _ slot: UnsafeMutablePointer<UInt64>, _ pending: inout [UnsafeMutablePointer<UInt64>]
  ) {
    let bits = slot.pointee
    if bits == 0 { return }
    if let known = copies[bits] {
      slot.pointee = known
      return
    }
    let words = Object(bits: bits).words
    let size = Int(words[0] >> 32)
    let copied = target.allocate(words: max(size, 2))
    copied.update(from: words, count: size)
    copied[0] &= ~Collector.pinnedFlag
    let address = UInt64(UInt(bitPattern: copied))
    copies[bits] = address
    slot.pointee = address
    if copied[0] & BoxObject.ownerFlag != 0 { target.received(copied, isCopy: true) }
    pending.append(copied)
  }
}
