/// What a byte can start.
enum ByteClass: UInt8 {
  case other
  case letter
  case digit
  case punctuation
  /// Part of a character beyond ASCII.
  case nonASCII

  static let table: [ByteClass] = (0...255).map { (byte: Int) -> ByteClass in
    switch UInt8(byte) {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"):
      .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case 0x80...0xFF: .nonASCII
    case let other where "()[]{},:;.~@?\"$=-+*/%^!<>&|".utf8.contains(other): .punctuation
    default: .other
    }
  }

  @inline(__always)
  static func isASCIIWord(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5F
  }
}

/// The keywords by their letters, packed into one integer.
struct KeywordTable: Sendable {
  static let shared = KeywordTable()
  /// The length of the longest keyword in bytes; at most 8.
  static let longest = 8

  private var keys: [UInt64]
  private var kinds: [TokenKind]

  private init() {
    keys = Array(repeating: 0, count: 256)
    kinds = Array(repeating: .identifier, count: 256)
    for kind in TokenKind.keywords {
      let packed = kind.rawValue.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      var slot = Self.slot(of: packed)
      while keys[slot] != 0 { slot = (slot + 1) & 255 }
      keys[slot] = packed
      kinds[slot] = kind
    }
  }

  @inline(__always)
  private static func slot(of packed: UInt64) -> Int {
    Int(truncatingIfNeeded: (packed &* 0x9E37_79B9_7F4A_7C15) >> 56)
  }

  /// The keyword with these letters, nil when there is none.
  @inline(__always)
  subscript(packed: UInt64) -> TokenKind? {
    var slot = Self.slot(of: packed)
    while keys[slot] != 0 {
      if keys[slot] == packed { return kinds[slot] }
      slot = (slot + 1) & 255
    }
    return nil
  }
}
