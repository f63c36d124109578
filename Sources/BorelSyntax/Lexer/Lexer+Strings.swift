import BorelBase

extension Lexer {
  /// Reads the opening quotes and the text up to the first interpolation or the end.
  mutating func openString() {
    let start = position
    let isMultiline = byte(1) == UInt8(ascii: "\"") && byte(2) == UInt8(ascii: "\"")
    position += isMultiline ? 3 : 1
    emit(.stringOpen, from: start)
    openStrings.append(
      OpenString(start: start, isMultiline: isMultiline, parentheses: 0, interpolationStart: 0))
    readStringText()
  }

  /// Reads string text until an interpolation opens or the string ends.
  mutating func readStringText() {
    guard let open = openStrings.last else { return }
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"):
        if byte(1) == UInt8(ascii: "(") {
          if position > start { emit(.stringText, from: start) }
          openStrings[openStrings.count - 1].parentheses = 1
          openStrings[openStrings.count - 1].interpolationStart = position
          let escape = position
          position += 2
          return emit(.interpolationOpen, from: escape)
        }
        // The escape is checked by the parser; a backslash hides the next byte from this loop.
        let hidden = byte(1)
        let hidesLineBreak = hidden == UInt8(ascii: "\n") || hidden == UInt8(ascii: "\r")
        position += hidesLineBreak ? 1 : min(2, bytes.count - position)
      case UInt8(ascii: "\""):
        if open.isMultiline {
          guard byte(1) == UInt8(ascii: "\""), byte(2) == UInt8(ascii: "\"") else {
            position += 1
            continue
          }
        }
        if position > start { emit(.stringText, from: start) }
        let quote = position
        position += open.isMultiline ? 3 : 1
        openStrings.removeLast()
        return emit(.stringClose, from: quote)
      case UInt8(ascii: "\n") where !open.isMultiline:
        return endUnterminated(open, textStart: start)
      default:
        position += 1
      }
    }
    endUnterminated(open, textStart: start)
  }

  private mutating func endUnterminated(_ open: OpenString, textStart: Int) {
    if position > textStart { emit(.stringText, from: textStart) }
    openStrings.removeLast()
    reportUnterminated(open)
    emit(.stringClose, from: position)
  }

  /// A line break inside an interpolation of a one-line string: the string ends here.
  mutating func endInterpolationsAtNewline() {
    while let open = openStrings.last, !open.isMultiline {
      openStrings.removeLast()
      closeUnfinished(open)
    }
  }

  /// Ends a string whose interpolation is still open.
  mutating func closeUnfinished(_ open: OpenString) {
    diagnostics.append(
      .unterminatedInterpolation(
        Span(
          start: open.interpolationStart, end: open.interpolationStart + 2, file: fileIndex)))
    emit(.interpolationClose, from: position)
    emit(.stringClose, from: position)
  }

  private mutating func reportUnterminated(_ open: OpenString) {
    let length = open.isMultiline ? 3 : 1
    diagnostics.append(
      .unterminatedString(
        Span(start: open.start, end: open.start + length, file: fileIndex),
        isMultiline: open.isMultiline))
  }
}

extension Diagnostic {
  static func unterminatedString(_ span: Span, isMultiline: Bool) -> Diagnostic {
    Diagnostic(
      "E0102", .check, "the string that starts here is never closed", at: span,
      hints: [
        isMultiline
          ? "close it with \"\"\""
          : "close it with '\"' on the same line, or use \"\"\" for several lines"
      ])
  }

  static func unterminatedInterpolation(_ span: Span) -> Diagnostic {
    Diagnostic(
      "E0107", .check, "the interpolation that starts here is never closed", at: span,
      hints: ["close it with ')' on the same line"])
  }
}
