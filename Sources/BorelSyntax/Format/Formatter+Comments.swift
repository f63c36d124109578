extension Formatter {
  /// For each token whether a comment before it forces a line break: one to the end of the line,
  /// or one that contains or stands on a line of its own.
  static func linesEnded(tokens: [Token], comments: [Comment]) -> [Bool] {
    var result = Array(repeating: false, count: tokens.count)
    var next = 0
    var endsLine = false
    for (index, token) in tokens.enumerated() {
      while next < comments.count, comments[next].start < token.start {
        if comments[next].kind != .block || token.isAfterNewline { endsLine = true }
        next += 1
      }
      result[index] = endsLine
      // A `;` may be left out: its comments then stand before the next token.
      if token.kind != .semicolon { endsLine = false }
    }
    return result
  }

  /// The comments that start in a range of the source.
  func commentsFrom(_ low: Int, to high: Int) -> ArraySlice<Comment> {
    guard low < high, !comments.isEmpty else { return [] }
    func firstIndex(from offset: Int) -> Int {
      var (left, right) = (0, comments.count)
      while left < right {
        let middle = (left + right) / 2
        if Int(comments[middle].start) < offset { left = middle + 1 } else { right = middle }
      }
      return left
    }
    let start = firstIndex(from: low)
    var end = start
    while end < comments.count, Int(comments[end].start) < high { end += 1 }
    return comments[start..<end]
  }

  // MARK: Output

  /// Prints a token, or the tokens of a string as they stand, after the comments before it.
  ///
  /// - Parameters:
  ///   - commentIndent: The indentation of comments that have their own lines inside a statement.
  ///   - allowsBlank: Whether an empty line before it is kept.
  mutating func emit(
    _ first: Int, through last: Int, _ gap: Gap, commentIndent: Int, allowsBlank: Bool = false
  ) {
    let start = Int(tokens[first].start)
    var isClosing = false
    switch tokens[first].kind {
    case .rightParenthesis, .rightBracket, .rightBrace: isClosing = true
    default: break
    }
    var commentGap = gap
    if isClosing { commentGap = .line(commentIndent) }
    if case .line = gap {} else { commentGap = .line(commentIndent) }
    let written = printComments(before: start, gap: commentGap, allowsBlank: allowsBlank)
    let hasBlank = newlineCount(sourceEnd, start) >= 2
    switch gap {
    case .line(let indent):
      startLine(indent, blank: hasBlank && !isClosing && (allowsBlank || written.any))
    case .none, .space:
      if written.needsLine || (written.any && tokens[first].isAfterNewline) {
        startLine(commentIndent, blank: false)
      } else if written.any {
        write(" ")
      } else if case .space = gap {
        write(" ")
      }
    }
    write(bytes[start..<Int(tokens[last].end)])
    sourceEnd = Int(tokens[last].end)
    while nextComment < comments.count, Int(comments[nextComment].start) < sourceEnd {
      nextComment += 1
    }
  }

  /// Prints the comments that stand before an offset of the source.
  ///
  /// - Returns: Whether there were any, and whether the last one needs a line break after it.
  @discardableResult
  mutating func printComments(
    before end: Int, gap: Gap, allowsBlank: Bool
  ) -> (any: Bool, needsLine: Bool) {
    var result = (any: false, needsLine: false)
    var allowsBlank = allowsBlank
    while nextComment < comments.count, Int(comments[nextComment].start) < end {
      let comment = comments[nextComment]
      nextComment += 1
      let newlines = newlineCount(sourceEnd, Int(comment.start))
      if newlines > 0 || output.isEmpty, case .line(let indent) = gap {
        startLine(indent, blank: newlines >= 2 && allowsBlank)
      } else if result.needsLine {
        startLine(lineIndent, blank: false)
      } else {
        write(comment.kind == .block ? " " : "  ")
      }
      writeComment(comment)
      sourceEnd = Int(comment.end)
      result = (true, comment.kind != .block)
      allowsBlank = true
    }
    return result
  }

  private mutating func writeComment(_ comment: Comment) {
    var end = Int(comment.end)
    if comment.kind != .block {
      while end > Int(comment.start),
        bytes[end - 1] == UInt8(ascii: " ")
          || bytes[end - 1] == UInt8(ascii: "\t") || bytes[end - 1] == UInt8(ascii: "\r")
      {
        end -= 1
      }
    }
    write(bytes[Int(comment.start)..<end])
  }

  private func newlineCount(_ low: Int, _ high: Int) -> Int {
    guard low < high else { return 0 }
    var count = 0
    for byte in bytes[low..<high] where byte == UInt8(ascii: "\n") { count += 1 }
    return count
  }

  /// Ends the line and starts one with an indentation, after an empty line if asked for.
  private mutating func startLine(_ indent: Int, blank: Bool) {
    lineIndent = indent
    if !output.isEmpty {
      output.append(UInt8(ascii: "\n"))
      if blank { output.append(UInt8(ascii: "\n")) }
    }
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent))
    column = indent
  }

  mutating func write(_ text: StaticString) {
    text.withUTF8Buffer { output.append(contentsOf: $0) }
    column += text.utf8CodeUnitCount
  }

  /// Writes source text; line breaks become `\n`.
  private mutating func write(_ text: ArraySlice<UInt8>) {
    for (index, byte) in zip(text.indices, text) {
      if byte == UInt8(ascii: "\r"), index + 1 < text.endIndex,
        text[index + 1] == UInt8(ascii: "\n")
      {
        continue
      }
      output.append(byte)
      if byte == UInt8(ascii: "\n") { column = 0 } else if byte & 0xC0 != 0x80 { column += 1 }
    }
  }
}
