import BorelBase

/// Reads JSON (RFC 8259) and nothing more, keeping the place of every value.
package struct JSONReader {
  /// Deepest nesting of arrays and objects.
  package static let nestingLimit = 200

  private let bytes: [UInt8]
  private let fileIndex: Int
  private var index = 0
  private var depth = 0

  /// - Parameters:
  ///   - file: The text.
  ///   - fileIndex: Its number in the source map; every span carries it.
  /// - Throws: E0401 for text that is not JSON, E0403 for a field given twice, E0404 for nesting.
  package static func read(_ file: SourceFile, fileIndex: Int) throws(Diagnostic) -> DataNode {
    var reader = JSONReader(bytes: file.utf8, fileIndex: fileIndex)
    if reader.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
    reader.skipSpace()
    let node = try reader.value()
    reader.skipSpace()
    guard reader.index == reader.bytes.count else {
      throw reader.malformed("the end of the file", from: reader.index)
    }
    return node
  }

  /// The same, with the problem as a list.
  package static func document(
    _ file: SourceFile, fileIndex: Int
  ) throws(Diagnostics) -> DataNode {
    do {
      return try read(file, fileIndex: fileIndex)
    } catch {
      throw Diagnostics([error])
    }
  }

  private init(bytes: [UInt8], fileIndex: Int) {
    self.bytes = bytes
    self.fileIndex = fileIndex
  }

  // MARK: Values

  private mutating func value() throws(Diagnostic) -> DataNode {
    let start = index
    guard let byte = peek else { throw malformed("a value", from: index) }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""):
      let text = try string()
      return DataNode(.string(text), at: span(from: start))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: return try word()
    }
  }

  private mutating func object() throws(Diagnostic) -> DataNode {
    let start = index
    try enter()
    defer { depth -= 1 }
    var fields: [DataNode.Field] = []
    var seen: [String: Span] = [:]
    index += 1
    skipSpace()
    if accept(UInt8(ascii: "}")) { return DataNode(.object([]), at: span(from: start)) }
    while true {
      let nameStart = index
      guard peek == UInt8(ascii: "\"") else {
        throw malformed("the name of a field in quotes", from: index)
      }
      let name = try string()
      let nameSpan = span(from: nameStart)
      if let first = seen.updateValue(nameSpan, forKey: name) {
        throw .repeatedField(name, at: nameSpan, first: first)
      }
      skipSpace()
      guard accept(UInt8(ascii: ":")) else {
        throw malformed("':' after the name of a field", from: index)
      }
      skipSpace()
      fields.append(DataNode.Field(name: name, node: try value(), span: nameSpan))
      skipSpace()
      if accept(UInt8(ascii: ",")) {
        skipSpace()
        continue
      }
      guard accept(UInt8(ascii: "}")) else { throw malformed("',' or '}'", from: index) }
      return DataNode(.object(fields), at: span(from: start))
    }
  }

  private mutating func array() throws(Diagnostic) -> DataNode {
    let start = index
    try enter()
    defer { depth -= 1 }
    var elements: [DataNode] = []
    index += 1
    skipSpace()
    if accept(UInt8(ascii: "]")) { return DataNode(.array([]), at: span(from: start)) }
    while true {
      elements.append(try value())
      skipSpace()
      if accept(UInt8(ascii: ",")) {
        skipSpace()
        continue
      }
      guard accept(UInt8(ascii: "]")) else { throw malformed("',' or ']'", from: index) }
      return DataNode(.array(elements), at: span(from: start))
    }
  }

  private mutating func word() throws(Diagnostic) -> DataNode {
    let start = index
    while let byte = peek, byte.isLetter { index += 1 }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    switch text {
    case "null": return DataNode(.null, at: span(from: start))
    case "true": return DataNode(.bool(true), at: span(from: start))
    case "false": return DataNode(.bool(false), at: span(from: start))
    case "NaN", "nan", "NA", "Infinity", "inf":
      throw .notANumber(text, at: span(from: start))
    default:
      index = start
      throw malformed("a value", from: start)
    }
  }

  private mutating func number() throws(Diagnostic) -> DataNode {
    let start = index
    var isInteger = true
    _ = accept(UInt8(ascii: "-"))
    if peek == UInt8(ascii: "I") {
      _ = try word()
    }
    let digits = skipDigits()
    if digits == 0 { throw malformed("a digit", from: index) }
    if digits > 1, bytes[index - digits] == UInt8(ascii: "0") {
      throw malformed("a number without leading zeros", from: start)
    }
    if accept(UInt8(ascii: ".")) {
      isInteger = false
      if skipDigits() == 0 { throw malformed("a digit after '.'", from: index) }
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      isInteger = false
      index += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
      if skipDigits() == 0 { throw malformed("a digit of the exponent", from: index) }
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if isInteger, let value = Int64(text) {
      return DataNode(.integer(value), at: span(from: start))
    }
    guard let value = Double(text), value.isFinite else {
      throw .tooLarge(text, at: span(from: start))
    }
    return DataNode(.number(value), at: span(from: start))
  }

  // MARK: Strings

  private mutating func string() throws(Diagnostic) -> String {
    let start = index
    index += 1
    var text: [UInt8] = []
    var runStart = index
    while true {
      guard let byte = peek, byte >= 0x20 else {
        throw malformed("'\"' at the end of the string", from: start)
      }
      if byte == UInt8(ascii: "\"") {
        text += bytes[runStart..<index]
        index += 1
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\") {
        text += bytes[runStart..<index]
        text += String(try escape()).utf8
        runStart = index
      } else {
        index += 1
      }
    }
  }

  private mutating func escape() throws(Diagnostic) -> Unicode.Scalar {
    let start = index
    index += 1
    let code = peek ?? 0
    index += 1
    switch code {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal(from: start)
      guard (0xD800..<0xDC00).contains(first) else {
        if let scalar = Unicode.Scalar(first) { return scalar }
        throw malformed("a pair of surrogates", from: start)
      }
      guard accept(UInt8(ascii: "\\")), accept(UInt8(ascii: "u")) else {
        throw malformed("a pair of surrogates", from: start)
      }
      let second = try hexadecimal(from: start)
      guard (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { throw malformed("a pair of surrogates", from: start) }
      return scalar
    default:
      throw malformed("an escape sequence", from: start)
    }
  }

  private mutating func hexadecimal(from start: Int) throws(Diagnostic) -> UInt32 {
    guard index + 4 <= bytes.count else { throw malformed("four hexadecimal digits", from: start) }
    var value: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw malformed("four hexadecimal digits", from: start)
      }
      value = value << 4 | UInt32(digit)
    }
    index += 4
    return value
  }

  // MARK: Bytes

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func accept(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
    }
  }

  private mutating func skipDigits() -> Int {
    let start = index
    while let byte = peek, (48...57).contains(byte) { index += 1 }
    return index - start
  }

  private mutating func enter() throws(Diagnostic) {
    depth += 1
    if depth > Self.nestingLimit {
      throw Diagnostic(
        "E0404", .data, "data are nested deeper than \(Self.nestingLimit) levels",
        at: span(from: index))
    }
  }

  private func span(from start: Int) -> Span {
    Span(start: start, end: max(index, start), file: fileIndex)
  }

  /// What was expected at a place, with what stands there.
  private func malformed(_ expected: String, from start: Int) -> Diagnostic {
    var found = "the end of the file"
    var end = min(start, bytes.count)
    if start < bytes.count {
      end = start + 1
      while end < bytes.count, end - start < 20, bytes[end].isLetter || bytes[end] >= 0x80 {
        end += 1
      }
      found = "'" + String(decoding: bytes[start..<end], as: UTF8.self) + "'"
      if bytes[start] < 0x20 { found = "a line break or control character" }
    }
    return Diagnostic(
      "E0401", .data, "malformed JSON: expected \(expected), found \(found)",
      at: Span(start: min(start, bytes.count), end: end, file: fileIndex),
      hints: [
        start < bytes.count
          ? "look for a missing or surplus comma, quote or bracket in front of it"
          : "a bracket, brace or quote is still open"
      ])
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}

extension Diagnostic {
  fileprivate static func repeatedField(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0403", .data, "field '\(name)' is given twice", at: span,
      labels: [Label(first, "first given here")])
  }

  fileprivate static func notANumber(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0401", .data, "malformed JSON: '\(text)' is not a JSON number", at: span,
      hints: ["write null for a missing value"])
  }

  fileprivate static func tooLarge(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0401", .data, "the number \(text.prefix(40)) is too large for a Real", at: span)
  }
}
