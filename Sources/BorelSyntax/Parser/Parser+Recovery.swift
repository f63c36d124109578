import BorelBase

extension Parser {
  /// Skips what is left of a statement that could not be parsed.
  ///
  /// Stops before a token that starts a line outside brackets, before a keyword that starts a
  /// statement at the start of a line, before `;` and before the `}` of the enclosing block.
  ///
  /// - Parameters:
  ///   - start: The index of the statement's first token; at least one token is consumed.
  ///   - brackets: The value of `bracketDepth` when the statement started.
  mutating func recover(from start: Int, brackets: Int) {
    var (openBrackets, openBraces) = openDelimiters(from: start)
    bracketDepth = brackets
    if index == start, kind != .rightBrace { skipOne(&openBrackets, &openBraces) }
    while kind != .endOfFile {
      if openBraces == 0 {
        if kind == .rightBrace { return }
        if kind == .semicolon, openBrackets == 0 { return }
        if current.isAfterNewline, openBrackets == 0 || kind.startsStatement { return }
      } else if current.isAfterNewline, kind.startsDeclaration, isAtColumnZero {
        return
      }
      skipOne(&openBrackets, &openBraces)
    }
  }

  /// Brackets and braces that are open here, counted from a token.
  private func openDelimiters(from start: Int) -> (brackets: Int, braces: Int) {
    var (brackets, braces) = (0, 0)
    for token in tokens[start..<index] {
      switch token.kind {
      case .leftParenthesis, .leftBracket: brackets += 1
      case .rightParenthesis, .rightBracket: brackets = max(0, brackets - 1)
      case .leftBrace: braces += 1
      case .rightBrace: braces = max(0, braces - 1)
      default: break
      }
    }
    return (brackets, braces)
  }

  private mutating func skipOne(_ openBrackets: inout Int, _ openBraces: inout Int) {
    switch kind {
    case .leftParenthesis, .leftBracket: openBrackets += 1
    case .rightParenthesis, .rightBracket: openBrackets = max(0, openBrackets - 1)
    case .leftBrace: openBraces += 1
    case .rightBrace: openBraces -= 1
    default: break
    }
    advance()
  }

  private var isAtColumnZero: Bool { indentation(of: current) == 0 }

  /// The number of blanks at the start of the line that contains a token.
  func indentation(of token: Token) -> Int {
    var start = Int(token.start)
    while start > 0, bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
    var end = start
    while end < bytes.count, bytes[end] == UInt8(ascii: " ") || bytes[end] == UInt8(ascii: "\t") {
      end += 1
    }
    return end - start
  }

  // MARK: Brackets

  /// Parses between `(` or `[` and its partner: line breaks do not count there.
  ///
  /// The current token is the opening one. A list may go on with a comma where it does not end.
  mutating func inBrackets<T>(
    closing: TokenKind, isList: Bool = true, _ body: (inout Parser) throws(Abandoned) -> T
  ) throws(Abandoned) -> T {
    let open = current
    let saved = (newlinesMatter, bracesStartBody)
    advance()
    bracketDepth += 1
    newlinesMatter = false
    bracesStartBody = false
    defer { (newlinesMatter, bracesStartBody) = saved }
    let result = try body(&self)
    guard kind == closing else {
      throw fail(
        .unclosed(
          open.kind, expected: isList ? "',' or '\(closing.rawValue)'" : "'\(closing.rawValue)'",
          found: describe(current), at: here, opened: span(of: open),
          hint: closing == .rightBrace && kind == .keywordIn
            ? "the parameters of a closure with types are in parentheses: '{ (x: Real) in ... }'"
            : operatorHint))
    }
    bracketDepth -= 1
    advance()
    return result
  }

  /// Parses a list with commas between its elements; a comma before the end is allowed.
  mutating func commaSeparated<T>(
    until closing: TokenKind, _ element: (inout Parser) throws(Abandoned) -> T
  ) throws(Abandoned) -> [T] {
    var elements: [T] = []
    while kind != closing, kind != .endOfFile {
      elements.append(try element(&self))
      if !accept(.comma) { break }
    }
    return elements
  }

  /// Remembers a brace that was closed by a less indented one, to blame it for a missing brace.
  mutating func checkIndentation(open: Token, close: Token) {
    guard suspectBrace == nil, close.isAfterNewline else { return }
    if indentation(of: close) < indentation(of: open) { suspectBrace = open }
  }

  func unclosedBrace(_ open: Token) -> Diagnostic {
    var diagnostic = Diagnostic.unclosed(
      .leftBrace, expected: "'}'", found: describe(current), at: here,
      opened: span(of: open), hint: nil)
    if let suspectBrace, suspectBrace.start != open.start {
      diagnostic.labels.append(
        Diagnostic.Label(
          span(of: suspectBrace), "the '}' that closes this one is less indented than its line"))
    }
    return diagnostic
  }

  // MARK: Hints

  /// A hint for a word or sign of another language that stands where an operator could.
  var operatorHint: String? {
    switch kind {
    case .identifier: Self.foreignOperators[text(of: current)].map { "write '\($0)'" }
    case .assign: "'=' assigns; a comparison is '=='"
    case .fatArrow: "a closure is '{ x in ... }', a label is followed by ':'"
    case .exclamation: "take a value out of an optional with '??' or 'if let'"
    case .question: "a choice is 'if c { a } else { b }'"
    case _ where kind.infixPrecedence != nil: "put 'e as T' into parentheses before an operator"
    default: nil
    }
  }

  private static let foreignOperators: [String: String] = [
    "and": "&&", "or": "||", "is": "==", "mod": "%", "to": "...", "then": "{",
  ]
}

extension TokenKind {
  /// Keywords that start a statement and occur nowhere else.
  var startsStatement: Bool {
    switch self {
    case .keywordLet, .keywordVar, .keywordFor, .keywordWhile, .keywordReturn, .keywordBreak,
      .keywordContinue, .keywordFactor, .keywordRequire, .keywordTally, .keywordDebug:
      true
    default: startsDeclaration
    }
  }

  var startsDeclaration: Bool {
    switch self {
    case .keywordModel, .keywordFunc, .keywordStruct, .keywordEnum: true
    default: false
    }
  }
}

extension Diagnostic {
  static func unclosed(
    _ open: TokenKind, expected: String, found: String, at span: Span, opened: Span, hint: String?
  ) -> Diagnostic {
    Diagnostic(
      "E0111", .check, "expected \(expected), found \(found)", at: span,
      labels: [Label(opened, "'\(open.rawValue)' opened here")], hints: hint.map { [$0] } ?? [])
  }
}
