import BorelBase

extension Parser {
  // MARK: Numbers

  mutating func integer() -> Expression {
    let token = current
    advance()
    guard let value = unsignedInteger(token), value <= UInt64(Int64.max) else {
      report(.integerTooLarge(text(of: token), at: span(of: token)))
      return make(.error, span(of: token))
    }
    return make(.integer(Int64(value)), span(of: token))
  }

  /// The value of an integer token; nil when it exceeds 64 bits.
  func unsignedInteger(_ token: Token) -> UInt64? {
    var index = Int(token.start)
    let end = Int(token.end)
    var radix: UInt64 = 10
    if end - index > 2, bytes[index + 1] | 0x20 == UInt8(ascii: "x") {
      radix = 16
      index += 2
    }
    var value: UInt64 = 0
    while index < end {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "_") { continue }
      let isDigit = byte <= UInt8(ascii: "9")
      let digit = isDigit ? byte - UInt8(ascii: "0") : (byte | 0x20) - UInt8(ascii: "a") + 10
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  mutating func real() -> Expression {
    let token = current
    advance()
    let digits = bytes[Int(token.start)..<Int(token.end)].filter { $0 != UInt8(ascii: "_") }
    let value = Double(String(decoding: digits, as: UTF8.self)) ?? .infinity
    guard value.isFinite else {
      report(.realTooLarge(text(of: token), at: span(of: token)))
      return make(.error, span(of: token))
    }
    return make(.real(value), span(of: token))
  }

  // MARK: Strings

  /// A piece of a string before its escapes are resolved.
  private enum RawPart {
    case text(Range<Int>)
    case interpolation(Expression)
  }

  /// `"..."` or `"""..."""` with its interpolations.
  mutating func string() throws(Abandoned) -> Expression {
    let open = current
    let isMultiline = open.end - open.start == 3
    advance()
    var raw: [RawPart] = []
    while kind != .stringClose, kind != .endOfFile {
      if kind == .stringText {
        raw.append(.text(Int(current.start)..<Int(current.end)))
        advance()
      } else {
        raw.append(.interpolation(try interpolation()))
      }
    }
    let close = current
    _ = accept(.stringClose)
    let isClosed = close.end > close.start
    let indentation = isMultiline && isClosed ? checkedIndentation(open: open, close: close) : []
    var parts: [StringPart] = []
    var startsLine = isMultiline
    for (offset, part) in raw.enumerated() {
      switch part {
      case .interpolation(let expression):
        parts.append(.interpolation(expression))
        startsLine = false
      case .text(var range):
        if isMultiline {
          if offset == 0 { range = dropFirstLineBreak(range) }
          if offset == raw.count - 1 { range = dropLastLine(range) }
        }
        let text = unescaped(
          range, indentation: indentation, isMultiline: isMultiline, startsLine: startsLine)
        if !text.isEmpty { parts.append(.text(text)) }
        startsLine = false
      }
    }
    return make(.string(parts), span(from: open))
  }

  /// `\(expression)`. A wrong one leaves an error node, and the rest of the string is still read.
  private mutating func interpolation() throws(Abandoned) -> Expression {
    let open = current
    guard accept(.interpolationOpen) else {
      throw fail(.expected("the text of a string", "", found: describe(current), at: here))
    }
    let saved = (newlinesMatter, bracesStartBody, bracketDepth)
    (newlinesMatter, bracesStartBody) = (false, false)
    defer { (newlinesMatter, bracesStartBody, bracketDepth) = saved }
    do {
      let expression = try element()
      if accept(.interpolationClose) { return expression }
      throw fail(
        .unclosed(
          .interpolationOpen, expected: "')'", found: describe(current), at: here,
          opened: span(of: open), hint: operatorHint))
    } catch {
      var nested = 0
      while kind != .endOfFile {
        if kind == .interpolationOpen { nested += 1 }
        if kind == .interpolationClose {
          if nested == 0 { break }
          nested -= 1
        }
        advance()
      }
      _ = accept(.interpolationClose)
      return Expression(.error, span(from: open))
    }
  }

  /// The blanks before the closing quotes, which every line of a multi-line string must start with.
  private mutating func checkedIndentation(open: Token, close: Token) -> ArraySlice<UInt8> {
    var lineStart = Int(close.start)
    while lineStart > Int(open.end), bytes[lineStart - 1] != UInt8(ascii: "\n") { lineStart -= 1 }
    let blanks = bytes[lineStart..<Int(close.start)]
    let isFirstLineEmpty = startsWithLineBreak(at: Int(open.end))
    if lineStart == Int(open.end) || !isFirstLineEmpty || !blanks.allSatisfy(isBlank) {
      report(.multilineLayout(at: span(of: isFirstLineEmpty ? close : open)))
      return []
    }
    return blanks
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private func startsWithLineBreak(at offset: Int) -> Bool {
    offset < bytes.count
      && (bytes[offset] == UInt8(ascii: "\n")
        || (bytes[offset] == UInt8(ascii: "\r") && offset + 1 < bytes.count
          && bytes[offset + 1] == UInt8(ascii: "\n")))
  }

  private func dropFirstLineBreak(_ range: Range<Int>) -> Range<Int> {
    guard startsWithLineBreak(at: range.lowerBound) else { return range }
    let length = bytes[range.lowerBound] == UInt8(ascii: "\r") ? 2 : 1
    return min(range.lowerBound + length, range.upperBound)..<range.upperBound
  }

  /// Leaves out the last line break and the blanks of the closing line.
  private func dropLastLine(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, isBlank(bytes[end - 1]) { end -= 1 }
    guard end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\n") else {
      return end == range.lowerBound ? end..<end : range
    }
    end -= 1
    if end > range.lowerBound, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return range.lowerBound..<end
  }

  /// Resolves escapes, and in a multi-line string removes the indentation and `\r` of line breaks.
  private mutating func unescaped(
    _ range: Range<Int>, indentation: ArraySlice<UInt8>, isMultiline: Bool, startsLine: Bool
  ) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var offset = range.lowerBound
    if startsLine { offset = skipIndentation(at: offset, range, indentation) }
    while offset < range.upperBound {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\\") {
        offset = appendEscape(at: offset, range, isMultiline: isMultiline, to: &result)
        if isMultiline, offset > range.lowerBound, bytes[offset - 1] == UInt8(ascii: "\n") {
          offset = skipIndentation(at: offset, range, indentation)
        }
      } else if isMultiline, byte == UInt8(ascii: "\r"), offset + 1 < range.upperBound,
        bytes[offset + 1] == UInt8(ascii: "\n")
      {
        offset += 1
      } else {
        result.append(byte)
        offset += 1
        if isMultiline, byte == UInt8(ascii: "\n") {
          offset = skipIndentation(at: offset, range, indentation)
        }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private mutating func skipIndentation(
    at offset: Int, _ range: Range<Int>, _ indentation: ArraySlice<UInt8>
  ) -> Int {
    if bytes[offset..<range.upperBound].starts(with: indentation) {
      return offset + indentation.count
    }
    var end = offset
    while end < range.upperBound, isBlank(bytes[end]) { end += 1 }
    let isEmptyLine = end == range.upperBound || startsWithLineBreak(at: end)
    if !isEmptyLine {
      report(.insufficientIndentation(at: Span(start: offset, end: end + 1, file: fileIndex)))
    }
    return end
  }

  /// Appends what the escape at an offset stands for; returns the offset after it.
  private mutating func appendEscape(
    at start: Int, _ range: Range<Int>, isMultiline: Bool, to result: inout [UInt8]
  ) -> Int {
    let next = start + 1 < range.upperBound ? bytes[start + 1] : 0
    let simple: UInt8?
    switch next {
    case UInt8(ascii: "n"): simple = UInt8(ascii: "\n")
    case UInt8(ascii: "t"): simple = UInt8(ascii: "\t")
    case UInt8(ascii: "r"): simple = UInt8(ascii: "\r")
    case UInt8(ascii: "0"): simple = 0
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): simple = next
    default: simple = nil
    }
    if let simple {
      result.append(simple)
      return start + 2
    }
    if next == UInt8(ascii: "u") { return appendScalar(at: start, range, to: &result) }
    if isMultiline, startsWithLineBreak(at: start + 1) {
      return start + (next == UInt8(ascii: "\r") ? 3 : 2)
    }
    var end = min(start + 2, range.upperBound)
    while end < range.upperBound, bytes[end] & 0xC0 == 0x80 { end += 1 }
    report(.invalidEscape(at: Span(start: start, end: end, file: fileIndex)))
    return end
  }

  /// `\u{3b1}`.
  private mutating func appendScalar(
    at start: Int, _ range: Range<Int>, to result: inout [UInt8]
  ) -> Int {
    var offset = start + 2
    var value: UInt32?
    if offset < range.upperBound, bytes[offset] == UInt8(ascii: "{") {
      let digits = bytes[(offset + 1)..<range.upperBound].prefix { $0 != UInt8(ascii: "}") }
      if digits.endIndex < range.upperBound, !digits.isEmpty, digits.count <= 8,
        digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") })
      {
        value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        offset = digits.endIndex + 1
      }
    }
    guard let value, let scalar = Unicode.Scalar(value) else {
      report(.invalidScalar(at: Span(start: start, end: offset, file: fileIndex)))
      return offset
    }
    result.append(contentsOf: Array(String(Character(scalar)).utf8))
    return offset
  }
}

extension Diagnostic {
  static func integerTooLarge(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0106", .check, "the integer \(text) is larger than 9223372036854775807", at: span,
      hints: ["write it as a Real, with '.0' or an exponent"])
  }

  static func realTooLarge(_ text: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0106", .check, "the number \(text) is larger than 1.7976931348623157e308", at: span,
      hints: ["'infinity' is a value"])
  }

  static func invalidEscape(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0104", .check, "unknown escape in a string", at: span,
      hints: [#"the escapes are \n \t \r \0 \\ \" \' \u{...} and \(...)"#])
  }

  static func invalidScalar(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0104", .check, #"expected the number of a character, as in '\u{3b1}'"#, at: span)
  }

  static func multilineLayout(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0108", .check, "the text of a multi-line string stands between the lines of its \"\"\"",
      at: span, hints: ["break the line after the first \"\"\" and before the last one"])
  }

  static func insufficientIndentation(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0108", .check, "this line is less indented than the closing \"\"\"", at: span)
  }
}
