import BorelBase

extension Lexer {
  /// Reads `10_000`, `0.5`, `1e-3` or `0x1F`. The dot of `1..<3` and of `1.max` is not part of it,
  /// and after a member dot only digits are read, so that `pair.0.1` works.
  mutating func readNumber() {
    let start = position
    if bytes[start] == UInt8(ascii: "0"), byte(1) | 0x20 == UInt8(ascii: "x") {
      return readHexadecimal(from: start)
    }
    skipDigits()
    if let previous = tokens.last, previous.kind == .dot, Int(previous.end) == start {
      return finishNumber(.integer, from: start)
    }
    var kind = TokenKind.integer
    if byte() == UInt8(ascii: "."), isDigit(byte(1)) {
      position += 1
      skipDigits()
      kind = .real
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let isSigned = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
      if isDigit(byte(isSigned ? 2 : 1)) {
        position += isSigned ? 2 : 1
        skipDigits()
        kind = .real
      }
    }
    finishNumber(kind, from: start)
  }

  private mutating func readHexadecimal(from start: Int) {
    position += 2
    var digitCount = 0
    while isHexadecimalDigit(byte()) || byte() == UInt8(ascii: "_") {
      if byte() != UInt8(ascii: "_") { digitCount += 1 }
      position += 1
    }
    if digitCount == 0 {
      diagnostics.append(.invalidNumber(text(from: start), span(from: start), hint: nil))
      return emit(.invalid, from: start)
    }
    finishNumber(.integer, from: start)
  }

  /// A letter directly after a number is an error, as in `2x` and `1e`.
  private mutating func finishNumber(_ kind: TokenKind, from start: Int) {
    let end = position
    while ByteClass.isASCIIWord(byte()) { position += 1 }
    guard position > end else { return emit(kind, from: start) }
    let number = String(decoding: bytes[start..<end], as: UTF8.self)
    let rest = String(decoding: bytes[end..<position], as: UTF8.self)
    let startsName = bytes[end] != UInt8(ascii: "_") && !isDigit(bytes[end])
    diagnostics.append(
      .invalidNumber(
        number + rest, span(from: start),
        hint: startsName ? "write '\(number) * \(rest)' for a product" : nil))
    emit(kind, from: start)
    tokens[tokens.count - 1].end = Int32(end)
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func skipDigits() {
    while isDigit(byte()) || (byte() == UInt8(ascii: "_") && isDigitOrSeparator(byte(1))) {
      position += 1
    }
  }

  private func isDigitOrSeparator(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_")
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "f"))
  }
}

extension Diagnostic {
  static func invalidNumber(_ text: String, _ span: Span, hint: String?) -> Diagnostic {
    Diagnostic(
      "E0105", .check, "'\(text)' is not a number", at: span, hints: hint.map { [$0] } ?? [])
  }
}
