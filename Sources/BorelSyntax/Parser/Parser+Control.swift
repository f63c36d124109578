import BorelBase

extension Parser {
  /// Parses the head of a statement with a body: a `{` outside brackets starts the body.
  mutating func inHead<T>(
    _ body: (inout Parser) throws(Abandoned) -> T
  ) throws(Abandoned) -> T {
    let saved = bracesStartBody
    bracesStartBody = true
    defer { bracesStartBody = saved }
    return try body(&self)
  }

  /// `if c { } else if d { } else { }`.
  mutating func conditional() throws(Abandoned) -> Expression {
    let start = current
    try enter()
    defer { depth -= 1 }
    advance()
    let condition = try condition(of: "if")
    let then = try block("after the condition of 'if'")
    var otherwise: Block?
    if accept(.keywordElse) {
      if kind == .keywordIf {
        let nested = try conditional()
        otherwise = Block([Statement(.expression(nested), nested.span)], nested.span)
      } else {
        otherwise = try block("after 'else'")
      }
    } else if kind == .identifier, Self.foreignElse.contains(text(of: current)) {
      throw fail(.foreignElse(text(of: current), at: here))
    }
    return make(.conditional(condition, then: then, otherwise: otherwise), span(from: start))
  }

  private static let foreignElse: Set<String> = ["elif", "elsif", "elseif"]

  /// The condition of `if` or `while`: an expression, or `let x = optional`.
  mutating func condition(of keyword: String) throws(Abandoned) -> Condition {
    try inHead { (parser: inout Parser) throws(Abandoned) in
      let result: Condition
      if parser.accept(.keywordLet) {
        result = try parser.bindingCondition(of: keyword)
      } else {
        result = .expression(try parser.element())
      }
      switch parser.kind {
      case .assign: throw parser.fail(.assignmentInCondition(at: parser.here))
      case .comma: throw parser.fail(.severalConditions(at: parser.here))
      default: return result
      }
    }
  }

  /// `x = optional`, or `x` alone for `x = x`.
  private mutating func bindingCondition(of keyword: String) throws(Abandoned) -> Condition {
    guard kind == .identifier else {
      throw fail(
        .expected("a name", "after '\(keyword) let'", found: describe(current), at: here))
    }
    let bound = name(of: current)
    advance()
    if kind == .leftBrace { return .binding(bound, make(.name(bound.text), bound.span)) }
    try expect(.assign, "after the name in '\(keyword) let'")
    return .binding(bound, try element())
  }

  /// `match e { case p where c: ... default: ... }`.
  mutating func match() throws(Abandoned) -> Expression {
    let start = current
    try enter()
    defer { depth -= 1 }
    advance()
    let subject = try inHead { (parser: inout Parser) throws(Abandoned) in
      try parser.element()
    }
    let open = current
    note(.match)
    try expect(.leftBrace, "after the value of 'match'")
    let cases = try inBraces(open) { (parser: inout Parser) throws(Abandoned) in
      var cases: [MatchCase] = []
      while parser.kind != .rightBrace, parser.kind != .endOfFile {
        if parser.accept(.semicolon) { continue }
        cases += try parser.matchCases()
      }
      return cases
    }
    return make(.match(subject, cases), span(from: start))
  }

  /// One `case` or `default` with its body; a case with several patterns gives several.
  private mutating func matchCases() throws(Abandoned) -> [MatchCase] {
    let start = current
    noteStart()
    note(.caseLabel)
    var patterns: [Pattern] = []
    var guardCondition: Expression?
    if accept(.keywordDefault) {
      patterns = [Pattern(.wildcard, span(of: start))]
    } else {
      guard accept(.keywordCase) else {
        throw fail(
          .expected("'case', 'default' or '}'", "in 'match'", found: describe(current), at: here))
      }
      repeat { patterns.append(try pattern()) } while accept(.comma)
      if accept(.keywordWhere) { guardCondition = try element() }
    }
    let isArrow = kind == .fatArrow || kind == .arrow
    if isArrow {
      report(unexpected("':'", "after the pattern", hint: "write 'case p: e'"))
      advance()
    } else {
      try expect(.colon, "after the pattern")
    }
    let body = caseBody()
    let span = span(from: start)
    return patterns.map {
      MatchCase(pattern: $0, guardCondition: guardCondition, body: body, span: span)
    }
  }

  private mutating func caseBody() -> Block {
    let start = current
    let first = index
    let body = statements { $0 == .keywordCase || $0 == .keywordDefault }
    let span =
      index > first
      ? span(from: start)
      : Span(
        start: Int(previousEnd), end: Int(previousEnd), file: fileIndex)
    return Block(body, span)
  }
}

extension Diagnostic {
  static func assignmentInCondition(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0115", .check, "'=' assigns and cannot stand in a condition", at: span,
      hints: ["compare with '=='"])
  }

  static func severalConditions(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0115", .check, "a condition is one expression, found ','", at: span,
      hints: ["join conditions with '&&', or put one 'if' into another"])
  }

  static func foreignElse(_ word: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0117", .check, "unexpected '\(word)' after '}'", at: span, hints: ["write 'else if'"])
  }
}
