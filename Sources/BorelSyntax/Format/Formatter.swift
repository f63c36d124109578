import BorelBase

/// Formats a program.
///
/// Only blanks, line breaks, `;` at the end of a line and commas before a closing bracket change;
/// the program stays the same, and formatting twice is the same as once. Comments and single empty
/// lines are kept. Lists that do not fit in 100 columns get one element per line; blocks that stand
/// on one line stay there if they fit.
///
/// - Parameters:
///   - name: The name of the file, for its diagnostics.
/// - Returns: The text with a line break at its end, or the diagnostics of a program that cannot be
///   parsed.
package func format(_ source: String, name: String) -> Result<String, Diagnostics> {
  withDeepStack {
    var result = formatOnce(source, name: name)
    // A comment in an unusual place may make room for, or take it from, what follows only once it
    // has moved: repeated until nothing changes, which is nearly always at the first try.
    for _ in 0..<4 {
      guard case .success(let text) = result else { break }
      let next = formatOnce(text, name: name)
      guard case .success(let nextText) = next, nextText != text else { break }
      result = next
    }
    return result
  }
}

private func formatOnce(_ source: String, name: String) -> Result<String, Diagnostics> {
  var parser = Parser(SourceFile(name: name, text: source), fileIndex: 0, takesNotes: true)
  _ = parser.program()
  let diagnostics = parser.sortedDiagnostics()
  guard diagnostics.isEmpty, let notes = parser.notes else {
    return .failure(Diagnostics(diagnostics))
  }
  var formatter = Formatter(parser, notes)
  return .success(formatter.program())
}

/// Prints the tokens of a program with new blanks and line breaks.
struct Formatter {
  /// What stands before a token.
  enum Gap {
    case none
    case space
    /// A line break; the number is the indentation of the new line.
    case line(Int)
  }

  static let widestLine = 100
  static let indentWidth = 2

  let bytes: [UInt8]
  let tokens: [Token]
  let roles: [TokenRole]
  let comments: [Comment]
  let root: LayoutGroup
  /// Whether a comment that ends a line stands before each token.
  let endsLineBefore: [Bool]

  var output: [UInt8] = []
  /// The display column after the last character of the output.
  var column = 0
  /// The indentation of the line that is being written.
  var lineIndent = 0
  var nextComment = 0
  /// Where the last token or comment of the output ends in the source.
  var sourceEnd = 0

  init(_ parser: Parser, _ notes: TokenNotes) {
    bytes = parser.bytes
    tokens = parser.tokens
    roles = notes.roles
    comments = parser.comments
    endsLineBefore = Formatter.linesEnded(tokens: tokens, comments: comments)
    var builder = LayoutTreeBuilder(
      tokens: tokens, notes: notes, endsLineBefore: endsLineBefore)
    root = builder.program()
  }

  mutating func program() -> String {
    output.reserveCapacity(bytes.count + bytes.count / 8)
    printStatements(root.statements, indent: 0)
    printComments(before: bytes.count, gap: .line(0), allowsBlank: !output.isEmpty)
    if !output.isEmpty { output.append(UInt8(ascii: "\n")) }
    return String(decoding: output, as: UTF8.self)
  }

  // MARK: Statements

  /// Prints statements, each on a line of its own.
  mutating func printStatements(_ statements: [LayoutStatement], indent: Int) {
    for (position, statement) in statements.enumerated() {
      let isInCase = statements[0].isCaseLabel && !statement.isCaseLabel
      let own = isInCase ? indent + Formatter.indentWidth : indent
      var gap = Gap.line(own)
      if position > 0, staysBesideLabel(statements, position) { gap = .space }
      if case .line = gap { lineIndent = own }
      printSequence(
        statement.pieces, gap: gap, breaksOperators: true, allowsBlank: position > 0)
      if statement.hasSemicolon, position + 1 < statements.count,
        let next = statements[position + 1].pieces.first, roles[next.firstToken] == .leadingDot
      {
        // Without it the case on the next line would be a member of this expression.
        write(";")
      }
    }
  }

  /// Whether the only statement after a label of `match` stays on its line.
  private func staysBesideLabel(_ statements: [LayoutStatement], _ position: Int) -> Bool {
    let label = statements[position - 1]
    let isOnly = position + 1 == statements.count || statements[position + 1].isCaseLabel
    guard label.isCaseLabel, !statements[position].isCaseLabel, isOnly,
      let first = statements[position].pieces.first,
      !tokens[first.firstToken].isAfterNewline, !endsLineBefore[first.firstToken]
    else { return false }
    return column + 1 + measure(statements[position].pieces).width <= Formatter.widestLine
  }

  // MARK: Sequences

  /// Prints a statement or an element, with line breaks before operators where the source has them
  /// or where it does not fit.
  mutating func printSequence(
    _ pieces: [LayoutPiece], gap: Gap, breaksOperators: Bool, allowsBlank: Bool = false
  ) {
    guard let first = pieces.first else { return }
    var base = lineIndent
    if case .line(let indent) = gap { base = indent }
    let continuation = base + (startsHead(first) ? 2 : 1) * Formatter.indentWidth
    let breaks = lineBreaks(
      in: pieces, from: startColumn(gap), breaksOperators: breaksOperators)
    breakBranchesTogether(pieces, from: startColumn(gap))
    var previous: Int?
    for (position, piece) in pieces.enumerated() {
      var pieceGap = gap
      if let previous {
        let isSpaced = needsSpace(previous, piece.firstToken)
        pieceGap = breaks[position] ? .line(continuation) : isSpaced ? .space : .none
      }
      switch piece {
      case .token(let index):
        emit(
          index, through: index, pieceGap, commentIndent: continuation,
          allowsBlank: allowsBlank && previous == nil)
      case .string(let open, let close):
        emit(
          open, through: close, pieceGap, commentIndent: continuation,
          allowsBlank: allowsBlank && previous == nil)
      case .group(let group):
        let rest = restWidth(pieces, after: position, breaks)
        printGroup(
          group, gap: pieceGap, rest: rest, commentIndent: continuation,
          allowsBlank: allowsBlank && previous == nil)
      }
      previous = piece.lastToken
    }
  }

  /// Either all branches of an `if` with `else` stand on its line, or none does.
  private func breakBranchesTogether(_ pieces: [LayoutPiece], from start: Int) {
    let hasElse = pieces.contains { piece in
      guard case .token(let index) = piece else { return false }
      return tokens[index].kind == .keywordElse && roles[index] != .name
    }
    guard hasElse else { return }
    let (width, isCut) = measure(pieces)
    if !isCut, start + width <= Formatter.widestLine { return }
    for case .group(let group) in pieces where group.kind == .block && group.isOneLine {
      group.isOneLine = false
      group.flatWidth = nil
    }
  }

  /// The body of these is indented by one step, so their heads go on with two.
  private func startsHead(_ piece: LayoutPiece) -> Bool {
    switch tokens[piece.firstToken].kind {
    case .keywordIf, .keywordWhile, .keywordFor, .keywordMatch: true
    default: false
    }
  }

  private func startColumn(_ gap: Gap) -> Int {
    switch gap {
    case .none: column
    case .space: column + 1
    case .line(let indent): indent
    }
  }

  /// For each piece whether a line break stands before it.
  private func lineBreaks(
    in pieces: [LayoutPiece], from start: Int, breaksOperators: Bool
  ) -> [Bool] {
    var breaks = pieces.indices.map { $0 > 0 && keepsLineBreak(pieces, $0) }
    guard breaksOperators, !breaks.contains(true) else { return breaks }
    let operators = pieces.indices.filter { $0 > 0 && breakPrecedence(pieces[$0]) != nil }
    guard !operators.isEmpty else { return breaks }
    if start + measure(pieces, untilLastList: true).width <= Formatter.widestLine { return breaks }
    let loosest = operators.compactMap { breakPrecedence(pieces[$0]) }.min()
    for position in operators where breakPrecedence(pieces[position]) == loosest {
      breaks[position] = true
    }
    return breaks
  }

  private func breakPrecedence(_ piece: LayoutPiece) -> Precedence? {
    guard case .token(let index) = piece, roles[index] == .infix else { return nil }
    let precedence = tokens[index].kind.infixPrecedence
    return precedence == .ascription ? nil : precedence
  }

  /// Line breaks of the source that stay: before an operator, a member, `@` and `with`, and after
  /// the comma between cases. One after an operator moves before it.
  private func keepsLineBreak(_ pieces: [LayoutPiece], _ position: Int) -> Bool {
    guard case .token(let index) = pieces[position] else {
      return isComma(pieces[position - 1]) && tokens[pieces[position].firstToken].isAfterNewline
    }
    let isAfterNewline = tokens[index].isAfterNewline
    switch roles[index] {
    case .infix:
      guard tokens[index].kind != .keywordAs, position + 1 < pieces.count else { return false }
      return isAfterNewline || tokens[pieces[position + 1].firstToken].isAfterNewline
    case .dot: return isAfterNewline
    default: break
    }
    guard isAfterNewline else { return false }
    switch tokens[index].kind {
    case .at: return true
    case .keywordWith: return roles[index] != .name
    default: return isComma(pieces[position - 1])
    }
  }

  private func isComma(_ piece: LayoutPiece) -> Bool {
    if case .token(let index) = piece { return tokens[index].kind == .comma }
    return false
  }
}
