/// A copying collection: every object that is reachable from the roots is moved into a new arena.
///
/// The machine visits each root word that holds a handle; the collector leaves the new handle
/// there. Objects are scanned iteratively, so depth of nesting costs no stack.
///
/// Objects that were allocated in an arena outside the collection (data of the run) are recognised
/// by a flag in their header, set by `pin`, and stay.
package struct Collector {
  private let target: Arena
  private var pending: [UnsafeMutablePointer<UInt64>] = []
  static let pinnedFlag: UInt64 = 1 << 8

  package init(into target: Arena) { self.target = target }

  /// Marks an object and all that it reaches as never to be moved.
  package static func pin(_ bits: UInt64) {
    var pending = [bits]
    while let next = pending.popLast() {
      guard next != 0 else { continue }
      let words = Object(bits: next).words
      if words[0] & pinnedFlag != 0 { continue }
      words[0] |= pinnedFlag
      forEachPointer(in: words) { pending.append($0.pointee) }
    }
  }

  /// Moves the object behind a root word and all that it reaches.
  package mutating func visit(_ root: UnsafeMutablePointer<UInt64>) {
    move(root)
    while let words = pending.popLast() {
      var fields: [UnsafeMutablePointer<UInt64>] = []
      Self.forEachPointer(in: words) { fields.append($0) }
      for field in fields { move(field) }
    }
  }

  private mutating func move(_ slot: UnsafeMutablePointer<UInt64>) {
    let bits = slot.pointee
    if bits == 0 { return }
    let words = Object(bits: bits).words
    let header = words[0]
    if header & Self.pinnedFlag != 0 { return }
    if UInt8(truncatingIfNeeded: header) == Object.Kind.forwarded.rawValue {
      slot.pointee = words[1]
      return
    }
    let size = Int(header >> 32)
    let copy = target.allocate(words: max(size, 2))
    copy.update(from: words, count: size)
    words[0] = Object.header(.forwarded, sizeInWords: size)
    words[1] = UInt64(UInt(bitPattern: copy))
    slot.pointee = words[1]
    if header & BoxObject.ownerFlag != 0 { target.received(copy, isCopy: false) }
    pending.append(copy)
  }

  static func forEachPointer(
    in words: UnsafeMutablePointer<UInt64>, _ body: (UnsafeMutablePointer<UInt64>) -> Void
  ) {
    switch Object.Kind(rawValue: UInt8(truncatingIfNeeded: words[0])) {
    case .array:
      if words[2] != 0 { body(words + 2) }
    case .buffer:
      let stride = Int(words[3] & 0xFFFF)
      let mask = words[3] >> 16
      if mask == 0 { return }
      for element in 0..<Int(words[1]) {
        let start = words + 4 + element * stride
        for k in 0..<stride where mask & (1 << UInt64(k)) != 0 && start[k] != 0 {
          body(start + k)
        }
      }
    case .box:
      let mask = words[1]
      if mask == 0 { return }
      let count = Int(words[0] >> 32) - 2
      for k in 0..<count where mask & (1 << UInt64(k)) != 0 && words[2 + k] != 0 {
        body(words + 2 + k)
      }
    default: return
    }
  }
}
