import BorelBase

/// Parses a file.
///
/// Never fails: what cannot be parsed is left out or becomes a node of kind `error`, and the
/// diagnostics, ascending by position, say why. A program with no
/// diagnostic of severity `error` contains no `error` node.
///
/// - Parameters:
///   - file: The text.
///   - fileIndex: The number of the file in the `SourceMap`; every span carries it.
package func parse(
  _ file: SourceFile, fileIndex: Int = 0
) -> (program: Program, diagnostics: [Diagnostic]) {
  withDeepStack {
    var parser = Parser(file, fileIndex: fileIndex)
    let program = parser.program()
    return (program, parser.sortedDiagnostics())
  }
}

/// Parses a text that is one expression: the text of a method, or a value given on the command line.
package func parseExpression(
  _ file: SourceFile, fileIndex: Int = 0
) -> (expression: Expression, diagnostics: [Diagnostic]) {
  withDeepStack {
    var parser = Parser(file, fileIndex: fileIndex)
    let expression = parser.soleExpression()
    return (expression, parser.sortedDiagnostics())
  }
}

/// Whether a text ends before the construct that it starts: an interactive prompt then asks for
/// another line instead of reporting an error.
package func needsMoreInput(_ text: String) -> Bool {
  withDeepStack {
    var parser = Parser(SourceFile(name: "<input>", text: text), fileIndex: 0)
    _ = parser.program()
    return parser.failedAtEnd
  }
}

/// A recursive-descent parser with precedence climbing.
///
/// A production that cannot go on reports a diagnostic and throws `Abandoned`; the statement that
/// contains it skips to a place where a statement can start (`Parser+Recovery.swift`).
struct Parser {
  /// Thrown after the diagnostic has been recorded.
  struct Abandoned: Error {}

  /// The greatest depth of nested constructs, and the greatest height of an expression tree.
  static let nestingLimit = 250
  /// After so many diagnostics the rest of the file is not parsed.
  static let diagnosticLimit = 100

  let bytes: [UInt8]
  let fileIndex: Int
  let comments: [Comment]
  var tokens: [Token]
  var index = 0
  var diagnostics: [Diagnostic]

  /// Inside parentheses and brackets a line break ends nothing.
  var newlinesMatter = true
  /// In the head of `if`, `while`, `for` and `match` a `{` starts the body.
  var bracesStartBody = false
  /// Open parentheses and brackets since the innermost open brace.
  var bracketDepth = 0
  /// Depth of the productions that are being parsed.
  var depth = 0
  /// The greatest height of the expressions finished since the enclosing production started.
  var height = 0
  /// The innermost brace closed by a less indented one.
  var suspectBrace: Token?
  /// A limit was hit: what follows is not parsed and has no diagnostics.
  var isStopped = false
  /// An error was found where the text ends.
  var failedAtEnd = false
  /// What the formatter needs to know about each token; nil when nobody asks.
  var notes: TokenNotes?

  init(_ file: SourceFile, fileIndex: Int, takesNotes: Bool = false) {
    let list = Lexer.tokens(of: file, fileIndex: fileIndex)
    bytes = file.utf8
    self.fileIndex = fileIndex
    tokens = list.tokens
    comments = list.comments
    diagnostics = list.diagnostics
    failedAtEnd = diagnostics.contains(where: \.isUnfinishedAtEnd)
    if takesNotes { notes = TokenNotes(count: tokens.count) }
  }

  /// Diagnostics of the lexer and the parser in source order.
  func sortedDiagnostics() -> [Diagnostic] {
    let order = diagnostics.indices.sorted {
      (diagnostics[$0].span.start, $0) < (diagnostics[$1].span.start, $1)
    }
    return order.prefix(Self.diagnosticLimit).map { diagnostics[$0] }
  }

  // MARK: Tokens

  @inline(__always)
  var current: Token { tokens[index] }

  @inline(__always)
  var kind: TokenKind { tokens[index].kind }

  func peek(_ ahead: Int) -> Token { tokens[min(index + ahead, tokens.count - 1)] }

  /// The end of the token before the current one.
  var previousEnd: Int32 { index > 0 ? tokens[index - 1].end : 0 }

  @inline(__always)
  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  @inline(__always)
  mutating func accept(_ kind: TokenKind) -> Bool {
    guard tokens[index].kind == kind else { return false }
    advance()
    return true
  }

  /// Whether a line break that counts stands before the current token.
  @inline(__always)
  var isAtLineStart: Bool { newlinesMatter && tokens[index].isAfterNewline }

  /// Consumes a token of a kind, or reports what was found instead.
  ///
  /// - Parameter context: What the token belongs to, as in "after the name of a function".
  mutating func expect(_ kind: TokenKind, _ context: String) throws(Abandoned) {
    if accept(kind) { return }
    throw fail(unexpected("'\(kind.rawValue)'", context))
  }

  /// What was found instead of what a line should go on with: a token, or the end of the line.
  func unexpected(_ what: String, _ context: String, hint: String? = nil) -> Diagnostic {
    guard isAtLineStart, kind != .endOfFile, index > 0 else {
      return .expected(what, context, found: describe(current), at: here, hint: hint)
    }
    let end = Span(start: Int(previousEnd), end: Int(previousEnd), file: fileIndex)
    return .expected(what, context, found: "the end of the line", at: end, hint: hint)
  }

  func span(of token: Token) -> Span {
    Span(start: Int(token.start), end: Int(token.end), file: fileIndex)
  }

  /// The span of the current token; at the end of the file, that of its last character.
  var here: Span {
    if kind == .endOfFile, index > 0 {
      return Span(start: Int(previousEnd), end: Int(previousEnd), file: fileIndex)
    }
    return span(of: current)
  }

  /// From the start of a token to the end of the last consumed one.
  @inline(__always)
  func span(from start: Token) -> Span {
    Span(start: Int(start.start), end: Int(max(start.end, previousEnd)), file: fileIndex)
  }

  @inline(__always)
  func span(from start: Span) -> Span {
    Span(start: Int(start.start), end: Int(max(start.end, previousEnd)), file: fileIndex)
  }

  @inline(__always)
  func text(of token: Token) -> String {
    bytes.withUnsafeBufferPointer {
      String(decoding: $0[Int(token.start)..<Int(token.end)], as: UTF8.self)
    }
  }

  func name(of token: Token) -> Name { Name(text(of: token), span(of: token)) }

  /// A token as diagnostics name it.
  func describe(_ token: Token) -> String {
    switch token.kind {
    case .identifier, .shorthand, .integer, .real: "'\(text(of: token))'"
    case .endOfFile, .stringOpen, .stringText, .stringClose, .interpolationClose, .invalid:
      token.kind.rawValue
    default:
      token.kind.isKeyword ? "the keyword '\(token.kind.rawValue)'" : "'\(token.kind.rawValue)'"
    }
  }

  /// Notes the role of the token at an index for the formatter.
  @inline(__always)
  mutating func note(_ role: TokenRole, at index: Int) {
    if notes != nil { notes?.roles[index] = role }
  }

  /// Notes the role of the current token.
  @inline(__always)
  mutating func note(_ role: TokenRole) { note(role, at: index) }

  /// Notes that a statement, field or case starts at the current token.
  @inline(__always)
  mutating func noteStart() {
    if notes != nil { notes?.starts[index] = true }
  }

  // MARK: Diagnostics and limits

  /// Records a diagnostic, one per place, and returns what to throw.
  mutating func fail(_ diagnostic: Diagnostic) -> Abandoned {
    report(diagnostic)
    return Abandoned()
  }

  mutating func report(_ diagnostic: Diagnostic) {
    if kind == .endOfFile { failedAtEnd = true }
    if kind == .invalid || isStopped { return }
    if let last = diagnostics.last, last.span == diagnostic.span { return }
    diagnostics.append(diagnostic)
    if diagnostics.count >= Self.diagnosticLimit { stop() }
  }

  /// Gives up on the rest of the file: every production then sees its end.
  mutating func stop() {
    index = tokens.count - 1
    isStopped = true
  }

  @inline(__always)
  mutating func enter() throws(Abandoned) {
    depth += 1
    if depth > Self.nestingLimit { throw tooDeep() }
  }

  private mutating func tooDeep() -> Abandoned {
    if !diagnostics.contains(where: { $0.code == "E0114" }) {
      report(.nestedTooDeeply(limit: Self.nestingLimit, at: here))
    }
    stop()
    return Abandoned()
  }

  /// Makes an expression one higher than its operands; one that is too high becomes an error node.
  @inline(__always)
  mutating func make(_ kind: Expression.Kind, _ span: Span) -> Expression {
    height += 1
    if height > Self.nestingLimit { return cut(span) }
    return Expression(kind, span)
  }

  private mutating func cut(_ span: Span) -> Expression {
    height = 1
    if !diagnostics.contains(where: { $0.code == "E0114" }) {
      report(.nestedTooDeeply(limit: Self.nestingLimit, at: span))
    }
    return Expression(.error, span)
  }
}

extension Diagnostic {
  /// A comment or a multi-line string without an end.
  fileprivate var isUnfinishedAtEnd: Bool {
    code == "E0103" || (code == "E0102" && span.end - span.start == 3)
  }

  static func expected(
    _ what: String, _ context: String, found: String, at span: Span, hint: String? = nil
  ) -> Diagnostic {
    Diagnostic(
      "E0110", .check,
      "expected \(what)\(context.isEmpty ? "" : " " + context), found \(found)", at: span,
      hints: hint.map { [$0] } ?? [])
  }

  static func nestedTooDeeply(limit: Int, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0114", .limit, "this is nested more than \(limit) levels deep", at: span,
      hints: ["name the inner parts with 'let', or use an array and a loop"])
  }
}
