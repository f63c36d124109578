import BorelBase

/// A hash of data that is the same on every machine (FNV-1a, 64 bits).
package enum DataHash {
  /// - Parameters:
  ///   - names: Of the values.
  ///   - values: nil where a default is taken.
  package static func of(names: [String], values: [Value?]) -> UInt64 {
    var state = State()
    for (name, value) in zip(names, values) {
      guard let value else { continue }
      state.add(name)
      state.add(value)
    }
    return state.hash
  }

  private struct State {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

    mutating func add(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) {
        add(byte: UInt8(truncatingIfNeeded: word >> shift))
      }
    }

    mutating func add(_ text: String) {
      for byte in text.utf8 { add(byte: byte) }
      // No text contains this byte, so that texts do not run together.
      add(byte: 0xFF)
    }

    mutating func add(_ values: [Value]) {
      add(UInt64(values.count))
      for value in values { add(value) }
    }

    mutating func add(_ value: Value) {
      switch value {
      case .unit: add(byte: 0)
      case .bool(let value):
        add(byte: 1)
        add(byte: value ? 1 : 0)
      case .int(let value):
        add(byte: 2)
        add(UInt64(bitPattern: value))
      case .real(let value):
        add(byte: 3)
        add(value.bitPattern)
      case .string(let text):
        add(byte: 4)
        add(text)
      case .array(let elements), .tuple(let elements):
        add(byte: 5)
        add(elements)
      case .record(let fields):
        add(byte: 6)
        for field in fields {
          add(field.name)
          add(field.value)
        }
      case .optional(let value):
        add(byte: value == nil ? 7 : 8)
        if let value { add(value) }
      case .matrix(let rows, let columns, let entries):
        add(byte: 9)
        add(UInt64(rows))
        add(UInt64(columns))
        for entry in entries { add(entry.bitPattern) }
      case .variant(let name, let payload):
        add(byte: 10)
        add(name)
        add(payload)
      case .opaque(let text):
        add(byte: 11)
        add(text)
      }
    }
  }
}
