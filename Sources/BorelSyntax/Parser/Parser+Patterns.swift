import BorelBase

extension Parser {
  /// What `let`, `for` and `case` bind: `_`, `x`, `(p, q)`, a literal, `.node(l, r)`.
  mutating func pattern() throws(Abandoned) -> Pattern {
    try enter()
    defer { depth -= 1 }
    let start = current
    switch kind {
    case .underscore:
      advance()
      return Pattern(.wildcard, span(from: start))
    case .identifier: return try namePattern()
    case .dot:
      note(.leadingDot)
      advance()
      return try casePattern(type: nil, from: start)
    case .leftParenthesis: return try tuplePattern()
    case .minus, .integer, .real, .stringOpen, .keywordTrue, .keywordFalse, .keywordNil:
      return Pattern(.literal(try literal()), span(from: start))
    case .keywordLet, .keywordVar:
      report(.bindingKeywordInPattern(kind.rawValue, at: here))
      advance()
      return try pattern()
    default:
      throw fail(.expected("a pattern", "", found: describe(current), at: here))
    }
  }

  private mutating func namePattern() throws(Abandoned) -> Pattern {
    let start = current
    advance()
    if kind == .dot, !isAtLineStart {
      note(.dot)
      advance()
      return try casePattern(type: name(of: start), from: start)
    }
    if kind == .leftParenthesis, !isAtLineStart {
      throw fail(.casePatternWithoutDot(text(of: start), at: span(of: start)))
    }
    return Pattern(.binding(name(of: start)), span(from: start))
  }

  private mutating func casePattern(type: Name?, from start: Token) throws(Abandoned) -> Pattern {
    let caseName = try label("the name of a case after '.'")
    var payload: [Pattern] = []
    if kind == .leftParenthesis, !isAtLineStart {
      note(.suffix)
      payload = try patternList()
    }
    return Pattern(
      .enumCase(type: type, name: caseName, payload: payload), span(from: start))
  }

  private mutating func tuplePattern() throws(Abandoned) -> Pattern {
    let start = current
    let elements = try patternList()
    switch elements.count {
    case 1: return Pattern(elements[0].kind, span(from: start))
    case 0: throw fail(.expected("a pattern", "", found: "'()'", at: span(from: start)))
    default: return Pattern(.tuple(elements), span(from: start))
    }
  }

  private mutating func patternList() throws(Abandoned) -> [Pattern] {
    try inBrackets(closing: .rightParenthesis) { (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in
        if parser.kind == .identifier, parser.peek(1).kind == .colon {
          throw parser.fail(.labelInPattern(at: parser.here))
        }
        return try parser.pattern()
      }
    }
  }

  /// A literal, with a sign before a number.
  private mutating func literal() throws(Abandoned) -> Expression {
    let start = current
    guard kind == .minus else { return try primary() }
    if isLeastInteger { return leastInteger() }
    note(.prefix)
    advance()
    guard kind == .integer || kind == .real else {
      throw fail(
        .expected("a number", "after '-' in a pattern", found: describe(current), at: here))
    }
    let operand = try primary()
    return make(.unary(.negate, operand), span(from: start))
  }
}

extension Diagnostic {
  static func bindingKeywordInPattern(_ keyword: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0122", .check, "a pattern binds its names without '\(keyword)'", at: span,
      hints: ["write 'case .node(left, right):'"])
  }

  static func casePatternWithoutDot(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0122", .check, "a case in a pattern starts with '.', found '\(name)('", at: span,
      hints: ["write '.\(name)(...)'"])
  }

  static func labelInPattern(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0122", .check, "the patterns of a payload stand in order, without labels", at: span,
      hints: ["leave the label and the ':' out"])
  }
}
