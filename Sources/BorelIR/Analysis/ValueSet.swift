/// A set of small non-negative integers - values or blocks of one function - as a bit set.
package struct ValueSet: Hashable, Sendable {
  package private(set) var words: [UInt64]

  /// An empty set of numbers in `0..<capacity`.
  package init(capacity: Int) {
    words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
  }

  package init(_ members: some Sequence<ValueID>, capacity: Int) {
    self.init(capacity: capacity)
    for member in members { insert(member) }
  }

  package func contains(_ index: Int) -> Bool {
    words[index >> 6] & (1 << UInt64(index & 63)) != 0
  }
  package func contains(_ value: ValueID) -> Bool { contains(Int(value.index)) }

  /// Adds a member and says whether it is new.
  @discardableResult
  package mutating func insert(_ index: Int) -> Bool {
    let bit: UInt64 = 1 << UInt64(index & 63)
    let isNew = words[index >> 6] & bit == 0
    words[index >> 6] |= bit
    return isNew
  }
  @discardableResult
  package mutating func insert(_ value: ValueID) -> Bool { insert(Int(value.index)) }

  package mutating func remove(_ index: Int) { words[index >> 6] &= ~(1 << UInt64(index & 63)) }
  package mutating func remove(_ value: ValueID) { remove(Int(value.index)) }

  /// Adds the members of another set of the same capacity; true when that changed this one.
  @discardableResult
  package mutating func formUnion(_ other: ValueSet) -> Bool {
    var changed: UInt64 = 0
    for index in words.indices {
      let merged = words[index] | other.words[index]
      changed |= merged ^ words[index]
      words[index] = merged
    }
    return changed != 0
  }

  package mutating func formIntersection(_ other: ValueSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  package mutating func subtract(_ other: ValueSet) {
    for index in words.indices { words[index] &= ~other.words[index] }
  }

  package func isDisjoint(with other: ValueSet) -> Bool {
    for index in words.indices where words[index] & other.words[index] != 0 { return false }
    return true
  }

  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The members as numbers, ascending.
  package var indices: [Int] {
    var members: [Int] = []
    for (position, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        members.append(position << 6 + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return members
  }

  /// The members as values, ascending.
  package var values: [ValueID] { indices.map { ValueID($0) } }
}
