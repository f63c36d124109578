/// A set of directions in which a program is differentiated, numbered from 0.
struct Directions: Hashable, Sendable {
  /// Most directions of one program.
  static let limit = 64

  private(set) var bits: UInt64 = 0

  static let none = Directions()

  init() {}
  init(_ direction: Int) { bits = 1 << UInt64(direction) }
  init(_ range: Range<Int>) { for direction in range { bits |= 1 << UInt64(direction) } }

  var isEmpty: Bool { bits == 0 }
  func contains(_ direction: Int) -> Bool { bits & (1 << UInt64(direction)) != 0 }

  /// Adds the members of another set; true when that changed this one.
  @discardableResult
  mutating func formUnion(_ other: Directions) -> Bool {
    let before = bits
    bits |= other.bits
    return bits != before
  }

  static func | (a: Directions, b: Directions) -> Directions {
    var union = a
    union.formUnion(b)
    return union
  }

  /// Ascending.
  var members: [Int] {
    var members: [Int] = []
    var rest = bits
    while rest != 0 {
      members.append(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    return members
  }

  var count: Int { bits.nonzeroBitCount }
}

extension Sequence<Directions> {
  var union: Directions { reduce(.none) { $0 | $1 } }
}
