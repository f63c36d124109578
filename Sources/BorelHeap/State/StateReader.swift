/// What is thrown where a state does not read as it was written.
package struct DamagedState: Error {
  package init() {}
}

/// Reads what a `StateWriter` has written. Never trusts a length or a number: whatever the words
/// are, it ends with values or with `DamagedState`.
package struct StateReader {
  private let words: [UInt64]
  private var position: Int
  /// Where each object starts.
  private var starts: [Int] = []
  /// The objects that have been made, by arena and number.
  private var made: [ObjectIdentifier: [Int: UInt64]] = [:]

  /// - Throws: `DamagedState` when the objects are not well formed.
  package init(_ words: [UInt64]) throws {
    self.words = words
    guard words.count >= 2, let count = Int(exactly: words[0]),
      let length = Int(exactly: words[1]), length <= words.count - 2, count <= length
    else { throw DamagedState() }
    position = 2
    let end = 2 + length
    for _ in 0..<count {
      guard position < end else { throw DamagedState() }
      starts.append(position)
      position += try Self.size(of: words[position..<end])
    }
    guard position == end else { throw DamagedState() }
    for start in starts { try checkHandles(start) }
  }

  /// The words of a well-formed object at the start of some words.
  private static func size(of words: ArraySlice<UInt64>) throws -> Int {
    let start = words.startIndex
    let size = Int(words[start] >> 32)
    guard size >= 2, size <= words.count else { throw DamagedState() }
    let isGood: Bool
    switch Object.Kind(rawValue: UInt8(truncatingIfNeeded: words[start])) {
    case .array: isGood = size == 3
    case .buffer:
      guard size >= 4, let used = Int(exactly: words[start + 1]) else { throw DamagedState() }
      let stride = Int(words[start + 3] & 0xFFFF)
      let (count, overflow) = used.multipliedReportingOverflow(by: stride)
      isGood =
        words[start + 2] == words[start + 1] && stride <= HeapLimits.elementWords && !overflow
        && count == size - 4 && (stride > 0 || used <= Int(Int32.max))
    case .matrix:
      guard size >= 3, let rows = Int(exactly: words[start + 1]),
        let columns = Int(exactly: words[start + 2])
      else { throw DamagedState() }
      let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
      isGood = !overflow && count == size - 3
    case .box: isGood = size - 2 <= HeapLimits.boxFields
    case .forwarded, nil: isGood = false
    }
    guard isGood, words[start] & 0xFF00 == 0 else { throw DamagedState() }
    return size
  }

  private func kind(at start: Int) -> Object.Kind? {
    Object.Kind(rawValue: UInt8(truncatingIfNeeded: words[start]))
  }

  /// Places of the words of an object that number other objects.
  private func references(_ start: Int) -> [Int] {
    switch kind(at: start) {
    case .array: return [start + 2]
    case .buffer:
      let (used, stride) = (Int(words[start + 1]), Int(words[start + 3] & 0xFFFF))
      let mask = words[start + 3] >> 16
      if mask == 0 || stride == 0 { return [] }
      let fields = (0..<stride).filter { mask & (1 << UInt64($0)) != 0 }
      return (0..<used).flatMap { element in fields.map { start + 4 + element * stride + $0 } }
    case .box:
      let count = Int(words[start] >> 32) - 2
      return (0..<count).filter { words[start + 1] & (1 << UInt64($0)) != 0 }
        .map { start + 2 + $0 }
    default: return []
    }
  }

  private func checkHandles(_ start: Int) throws {
    for place in references(start) where words[place] != 0 {
      guard words[place] <= UInt64(starts.count) else { throw DamagedState() }
      let isBuffer = kind(at: starts[Int(words[place]) - 1]) == .buffer
      guard isBuffer == (kind(at: start) == .array) else { throw DamagedState() }
    }
    guard kind(at: start) == .array else { return }
    guard words[start + 2] != 0 else { throw DamagedState() }
    let buffer = starts[Int(words[start + 2]) - 1]
    guard words[start + 1] <= words[buffer + 1] else { throw DamagedState() }
  }

  /// Whether everything has been read.
  package var isAtEnd: Bool { position == words.count }

  package mutating func readWord() throws -> UInt64 {
    guard position < words.count else { throw DamagedState() }
    defer { position += 1 }
    return words[position]
  }

  package mutating func readInt() throws -> Int { Int(Int64(bitPattern: try readWord())) }
  package mutating func readDouble() throws -> Double { Double(bitPattern: try readWord()) }

  package mutating func readBool() throws -> Bool {
    let word = try readWord()
    guard word <= 1 else { throw DamagedState() }
    return word == 1
  }

  /// An integer of a range.
  package mutating func readInt(in range: Range<Int>) throws -> Int {
    let value = try readInt()
    guard range.contains(value) else { throw DamagedState() }
    return value
  }

  /// The length of a list, of which each element takes a word or more.
  package mutating func readCount() throws -> Int {
    try readInt(in: 0..<(words.count - position + 1))
  }

  private mutating func readSlice() throws -> ArraySlice<UInt64> {
    let count = try readCount()
    guard count <= words.count - position else { throw DamagedState() }
    defer { position += count }
    return words[position..<(position + count)]
  }

  package mutating func readWords() throws -> [UInt64] { Array(try readSlice()) }

  package mutating func readInts() throws -> [Int64] {
    try readSlice().map { Int64(bitPattern: $0) }
  }

  package mutating func readDoubles() throws -> [Double] {
    try readSlice().map { Double(bitPattern: $0) }
  }

  package mutating func readBools() throws -> [Bool] {
    let count = try readCount()
    return try (0..<count).map { _ in try readBool() }
  }

  package mutating func readText() throws -> String {
    let count = try readInt()
    let left = words.count - position
    guard count >= 0, count <= left * 8 else { throw DamagedState() }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let word = try readWord()
      for k in 0..<min(8, count - bytes.count) {
        bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(k))))
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw DamagedState() }
    return text
  }

  /// A word of a register.
  ///
  /// - Parameter arena: Where the object is made when the word is a handle.
  package mutating func readWord(isHandle: Bool, into arena: Arena) throws -> UInt64 {
    let word = try readWord()
    if !isHandle || word == 0 { return word }
    guard word <= UInt64(starts.count), kind(at: starts[Int(word) - 1]) != .buffer else {
      throw DamagedState()
    }
    return object(Int(word), in: arena)
  }

  /// The object with a number and all that it reaches.
  private mutating func object(_ number: Int, in arena: Arena) -> UInt64 {
    var known = made.removeValue(forKey: ObjectIdentifier(arena)) ?? [:]
    defer { made[ObjectIdentifier(arena)] = known }
    var pending: [Int] = []
    func handle(_ number: Int) -> UInt64 {
      if let bits = known[number] { return bits }
      let memory = arena.allocate(words: Int(words[starts[number - 1]] >> 32))
      let bits = UInt64(UInt(bitPattern: memory))
      known[number] = bits
      pending.append(number)
      return bits
    }
    let root = handle(number)
    while let next = pending.popLast() {
      let start = starts[next - 1]
      let target = Object(bits: known[next] ?? 0).words
      for k in 0..<Int(words[start] >> 32) { target[k] = words[start + k] }
      for place in references(start) where words[place] != 0 {
        target[place - start] = handle(Int(words[place]))
      }
    }
    return root
  }
}
