import BorelBase

/// A token of the text form of the IR.
struct IRToken: Hashable {
  enum Kind: Hashable {
    case word(String)
    case string(String)
    case int(Int64)
    case real(Double)
    /// `%3`, `%3.level`: number and name.
    case value(Int, String?)
    /// `@main`
    case function(String)
    /// `#2`
    case number(Int)
    case symbol(String)
    case end
  }
  var kind: Kind
  var span: Span
}

/// The first thing wrong with a text; thrown inside the lexer and the parser only.
struct IRSyntaxError: Error {
  var message: String
  var span: Span
}

/// Splits the text form into tokens. Comments run from `;` to the end of the line.
struct IRLexer {
  private let bytes: [UInt8]
  private var position = 0

  /// Numbers of values, blocks, functions and tallies stay below this.
  static let largestNumber = 1 << 24

  init(_ text: String) { bytes = Array(text.utf8) }

  static func tokens(of text: String) throws(IRSyntaxError) -> [IRToken] {
    var lexer = IRLexer(text)
    var tokens: [IRToken] = []
    while true {
      let token = try lexer.next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  private mutating func next() throws(IRSyntaxError) -> IRToken {
    skipBlanks()
    let start = position
    let kind = try scan()
    return IRToken(kind: kind, span: Span(start: start, end: position))
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      case UInt8(ascii: ";"):
        while position < bytes.count, bytes[position] != 0x0a { position += 1 }
      default: return
      }
    }
  }

  private mutating func scan() throws(IRSyntaxError) -> IRToken.Kind {
    guard position < bytes.count else { return .end }
    let byte = bytes[position]
    if isIdentifierStart(byte) { return .word(identifier()) }
    if isDigit(byte) { return try number() }
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "%"):
      position += 1
      let number = try index()
      guard peek(0) == UInt8(ascii: ".") else { return .value(number, nil) }
      position += 1
      return .value(number, try name())
    case UInt8(ascii: "@"):
      position += 1
      return .function(try name())
    case UInt8(ascii: "#"):
      position += 1
      return .number(try index())
    case UInt8(ascii: "-"):
      if peek(1) == UInt8(ascii: ">") {
        position += 2
        return .symbol("->")
      }
      return try number()
    default:
      guard "(){}[]<>,:=?".utf8.contains(byte) else {
        throw failure("unexpected character '\(describe(byte))'", length: 1)
      }
      position += 1
      return .symbol(String(UnicodeScalar(byte)))
    }
  }

  private func peek(_ offset: Int) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private func describe(_ byte: UInt8) -> String {
    byte < 0x7f && byte >= 0x20 ? String(UnicodeScalar(byte)) : "byte \(byte)"
  }

  private func failure(_ message: String, length: Int) -> IRSyntaxError {
    IRSyntaxError(message: message, span: Span(start: position, end: position + length))
  }

  private mutating func identifier() -> String {
    let start = position
    while position < bytes.count, isIdentifierPart(bytes[position]) { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func name() throws(IRSyntaxError) -> String {
    if peek(0) == UInt8(ascii: "\"") { return try string() }
    guard isIdentifierStart(peek(0)) else { throw failure("expected a name", length: 1) }
    return identifier()
  }

  private mutating func index() throws(IRSyntaxError) -> Int {
    let start = position
    while isDigit(peek(0)) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Int(digits), number < Self.largestNumber else {
      position = start
      throw failure("expected a number below \(Self.largestNumber)", length: max(1, digits.count))
    }
    return number
  }

  private mutating func number() throws(IRSyntaxError) -> IRToken.Kind {
    let start = position
    if peek(0) == UInt8(ascii: "-") { position += 1 }
    while isIdentifierPart(peek(0))
      || ((peek(0) == UInt8(ascii: "+") || peek(0) == UInt8(ascii: "-")) && isExponent(start))
    {
      position += 1
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if let value = Int64(text) { return .int(value) }
    if let value = Double(text), isDecimal(text) { return .real(value) }
    position = start
    throw failure("'\(text)' is not a number", length: max(1, text.utf8.count))
  }

  /// Whether the sign at the current position belongs to the exponent of a number.
  private func isExponent(_ start: Int) -> Bool {
    position > start && (bytes[position - 1] == UInt8(ascii: "e"))
  }

  /// Hexadecimal floats and the like are no part of the text form.
  private func isDecimal(_ text: String) -> Bool {
    text == "-inf" || text.utf8.allSatisfy { isDigit($0) || ".e+-".utf8.contains($0) }
  }

  private mutating func string() throws(IRSyntaxError) -> String {
    let start = position
    position += 1
    var scalars: [UInt8] = []
    while position < bytes.count, bytes[position] != 0x0a {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: scalars, as: UTF8.self) }
      if byte == UInt8(ascii: "\\") {
        scalars += try escape()
      } else {
        scalars.append(byte)
      }
    }
    position = start
    throw failure("string without end", length: 1)
  }

  private mutating func escape() throws(IRSyntaxError) -> [UInt8] {
    let byte = peek(0)
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [byte]
    case UInt8(ascii: "u"):
      let start = position + 1
      while position < bytes.count, bytes[position] != UInt8(ascii: "}"), bytes[position] != 0x0a {
        position += 1
      }
      let digits = String(decoding: bytes[min(start, position)..<position], as: UTF8.self)
      if peek(0) == UInt8(ascii: "}"), let code = UInt32(digits, radix: 16),
        let scalar = UnicodeScalar(code)
      {
        position += 1
        return Array(String(Character(scalar)).utf8)
      }
      fallthrough
    default:
      position -= 1
      throw failure("unknown escape", length: 1)
    }
  }
}
