import BorelBase

extension Parser {
  // MARK: Blocks

  /// `{ statements }`.
  ///
  /// - Parameter context: What the block belongs to, as in "after 'do'".
  mutating func block(_ context: String) throws(Abandoned) -> Block {
    let open = current
    guard kind == .leftBrace else {
      let hint =
        kind == .colon || kind == .keywordReturn || text(of: current) == "then"
        ? "a body stands in braces" : operatorHint
      throw fail(unexpected("'{'", context, hint: hint))
    }
    try enter()
    defer { depth -= 1 }
    advance()
    let body = try inBraces(open) { (parser: inout Parser) throws(Abandoned) in
      parser.statements { _ in false }
    }
    return Block(body, span(from: open))
  }

  /// Parses what stands between braces, up to and including the `}`; line breaks count there.
  mutating func inBraces<T>(
    _ open: Token, _ body: (inout Parser) throws(Abandoned) -> T
  ) throws(Abandoned) -> T {
    let saved = (newlinesMatter, bracesStartBody, bracketDepth)
    (newlinesMatter, bracesStartBody, bracketDepth) = (true, false, 0)
    defer { (newlinesMatter, bracesStartBody, bracketDepth) = saved }
    let result = try body(&self)
    guard kind == .rightBrace else { throw fail(unclosedBrace(open)) }
    checkIndentation(open: open, close: current)
    advance()
    return result
  }

  /// Statements up to `}`, the end of the file or a token that ends the list.
  mutating func statements(endingAt endsList: (TokenKind) -> Bool) -> [Statement] {
    var result: [Statement] = []
    while kind != .rightBrace, kind != .endOfFile, !endsList(kind) {
      if accept(.semicolon) { continue }
      if kind.startsDeclaration, indentation(of: current) == 0, current.isAfterNewline,
        kind != .keywordFunc
      {
        break
      }
      result.append(recoveringStatement(endingAt: endsList))
    }
    return result
  }

  /// A statement and the check that it ends; after an error, an error node.
  mutating func recoveringStatement(endingAt endsList: (TokenKind) -> Bool) -> Statement {
    let start = current
    let first = index
    let saved = (newlinesMatter, bracesStartBody, bracketDepth, depth)
    noteStart()
    do {
      let statement = try statement()
      try expectEnd(after: start, endingAt: endsList)
      return statement
    } catch {
      (newlinesMatter, bracesStartBody, _, depth) = saved
      recover(from: first, brackets: saved.2)
      return Statement(.error, span(from: start))
    }
  }

  private mutating func expectEnd(
    after start: Token, endingAt endsList: (TokenKind) -> Bool
  ) throws(Abandoned) {
    if current.isAfterNewline || endsList(kind) { return }
    switch kind {
    case .semicolon, .rightBrace, .endOfFile: return
    case .assign: throw fail(.assignmentInExpression(at: here))
    default:
      throw fail(
        .missingSeparator(
          found: describe(current), at: here, hint: separatorHint(after: start)))
    }
  }

  // MARK: Statements

  mutating func statement() throws(Abandoned) -> Statement {
    try enter()
    defer { depth -= 1 }
    let outerHeight = height
    height = 0
    defer { height = max(outerHeight, height) }
    let start = current
    let kind = try statementKind()
    return Statement(kind, span(from: start))
  }

  private mutating func statementKind() throws(Abandoned) -> Statement.Kind {
    switch kind {
    case .keywordLet, .keywordVar: return try binding()
    case .keywordFor: return try forLoop()
    case .keywordWhile:
      advance()
      let condition = try condition(of: "while")
      return .whileLoop(condition, try block("after the condition of 'while'"))
    case .keywordReturn:
      advance()
      return .returnValue(endsStatement ? nil : try element())
    case .keywordBreak:
      advance()
      return .breakLoop
    case .keywordContinue:
      advance()
      return .continueLoop
    case .keywordFactor:
      advance()
      return .factor(try element())
    case .keywordRequire:
      advance()
      let condition = try element()
      if kind == .assign { throw fail(.assignmentInCondition(at: here)) }
      return .require(condition)
    case .keywordTally: return try tally()
    case .keywordDebug:
      advance()
      return .debug(try element())
    case .keywordFunc: return .function(try function())
    case .keywordModel, .keywordStruct, .keywordEnum:
      throw fail(.nestedDeclaration(kind.rawValue, at: here))
    case .keywordElse: throw fail(.elseWithoutIf(at: here))
    case .keywordCase, .keywordDefault: throw fail(.caseOutsideMatch(kind.rawValue, at: here))
    default:
      if let hint = foreignWordHint { throw fail(.foreignWord(text(of: current), hint, at: here)) }
      return try expressionStatement()
    }
  }

  private var endsStatement: Bool {
    switch kind {
    case .semicolon, .rightBrace, .endOfFile, .keywordCase, .keywordDefault: true
    default: isAtLineStart
    }
  }

  /// `let p = e`, `var x: T = e`, `var x ~ D`.
  private mutating func binding() throws(Abandoned) -> Statement.Kind {
    let keyword = current
    let isVariable = kind == .keywordVar
    advance()
    let pattern = try pattern()
    if kind == .tilde { return try declaredDraw(keyword, pattern) }
    var annotation: TypeExpression?
    if accept(.colon) { annotation = try type() }
    if kind == .tilde { throw fail(.annotatedDraw(at: here)) }
    guard accept(.assign) else {
      throw fail(
        unexpected(
          "'='", "after '\(keyword.kind.rawValue)' and its name",
          hint: operatorHint ?? "every variable starts with a value"))
    }
    let value = try element()
    return .binding(isVariable: isVariable, pattern, annotation, value)
  }

  private mutating func declaredDraw(
    _ keyword: Token, _ pattern: Pattern
  ) throws(Abandoned) -> Statement.Kind {
    guard case .binding(let name) = pattern.kind else {
      throw fail(.drawTarget("a pattern", at: pattern.span, hint: "draw each name by itself"))
    }
    if keyword.kind == .keywordLet { report(.letBeforeDraw(name.text, at: span(of: keyword))) }
    advance()
    let distribution = try element()
    let options = try drawOptions()
    return .draw(isVariable: keyword.kind == .keywordVar, name, distribution, options)
  }

  /// `for p in e { }`.
  private mutating func forLoop() throws(Abandoned) -> Statement.Kind {
    let start = current
    advance()
    if kind == .leftParenthesis, peek(2).kind == .keywordIn {
      throw fail(
        .parenthesizedFor(
          text(of: peek(1)),
          at: Span(start: Int(start.start), end: Int(current.end), file: fileIndex)
        ))
    }
    let pattern = try pattern()
    try expect(.keywordIn, "after the pattern of 'for'")
    let sequence = try inHead { (parser: inout Parser) throws(Abandoned) in
      try parser.element()
    }
    return .forIn(pattern, sequence, try block("after the sequence of 'for'"))
  }

  /// `tally s += e`.
  private mutating func tally() throws(Abandoned) -> Statement.Kind {
    advance()
    guard kind == .identifier else {
      throw fail(.expected("a name", "after 'tally'", found: describe(current), at: here))
    }
    let name = name(of: current)
    advance()
    guard accept(.addAssign) else {
      throw fail(
        unexpected(
          "'+='", "after the name of a tally",
          hint: "a tally only adds: 'tally \(name.text) += e'"))
    }
    return .tally(name, try element())
  }

  /// An expression, or what an expression can start: a draw or an assignment.
  private mutating func expressionStatement() throws(Abandoned) -> Statement.Kind {
    let target = try expression()
    switch kind {
    case .tilde: return try draw(target)
    case .assign, .addAssign, .subtractAssign, .multiplyAssign, .divideAssign, .remainderAssign,
      .powerAssign:
      guard target.isAssignable || kind == .assign && target.isTupleOfAssignables else {
        throw fail(.assignmentTarget(at: target.span))
      }
      let operation = kind.assignedOperator
      advance()
      return .assign(target, operation, try element())
    default: return .expression(target)
    }
  }

  private mutating func draw(_ target: Expression) throws(Abandoned) -> Statement.Kind {
    guard case .name(let name) = target.kind else {
      throw fail(.drawTarget("an expression", at: target.span, hint: drawHint(target)))
    }
    advance()
    let distribution = try element()
    let options = try drawOptions()
    return .draw(isVariable: false, Name(name, target.span), distribution, options)
  }

  private func drawHint(_ target: Expression) -> String {
    switch target.kind {
    case .index, .member:
      "data are scored with 'observe v ~ D'; an element is drawn with "
        + "'a[i] = sample D'"
    default: "data are scored with 'observe v ~ D'"
    }
  }
}

extension Expression {
  /// Whether it is a variable, or an element or field of one.
  var isAssignable: Bool {
    switch kind {
    case .name: true
    case .member(let base, _), .index(let base, _): base.isAssignable
    default: false
    }
  }

  /// Whether it is a tuple of what can be assigned: `(a, b[i])`.
  var isTupleOfAssignables: Bool {
    if case .tuple(let parts) = kind { return parts.allSatisfy(\.isAssignable) }
    return false
  }
}

extension TokenKind {
  /// The operator of `+=` and its kin; nil for `=`.
  var assignedOperator: BinaryOperator? {
    switch self {
    case .addAssign: .add
    case .subtractAssign: .subtract
    case .multiplyAssign: .multiply
    case .divideAssign: .divide
    case .remainderAssign: .remainder
    case .powerAssign: .power
    default: nil
    }
  }
}
