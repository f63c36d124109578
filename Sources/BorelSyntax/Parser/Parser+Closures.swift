import BorelBase

extension Parser {
  /// Whether the `{` here starts a record: a name and a colon follow.
  var startsRecord: Bool {
    let next = peek(1).kind
    return (next == .identifier || next.isKeyword) && peek(2).kind == .colon
  }

  /// A record or a closure.
  mutating func braced() throws(Abandoned) -> Expression {
    if bracesStartBody { throw fail(.braceInHead(at: here)) }
    if startsRecord { return try record() }
    if peek(1).kind == .stringOpen, stringKeyIsFollowedByColon {
      throw fail(.quotedFieldName(at: span(of: peek(1)).joined(span(of: peek(3)))))
    }
    return try closure()
  }

  private var stringKeyIsFollowedByColon: Bool {
    peek(2).kind == .stringText && peek(3).kind == .stringClose && peek(4).kind == .colon
  }

  private mutating func record() throws(Abandoned) -> Expression {
    let start = current
    note(.record)
    let fields = try inBrackets(closing: .rightBrace) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightBrace) {
        (parser: inout Parser) throws(Abandoned) in
        let name = try parser.label("a field name")
        try parser.expect(.colon, "after the name of a field")
        return RecordField(name: name, value: try parser.element())
      }
    }
    return make(.record(fields), span(from: start))
  }

  /// `{ (k: Int) -> Real in ... }`, `{ x, y in ... }`, `{ in ... }`, `{ $0 + 1 }`.
  mutating func closure() throws(Abandoned) -> Expression {
    let start = current
    try enter()
    defer { depth -= 1 }
    advance()
    let outerHeight = height
    height = 0
    let closure = try inBraces(start) { (parser: inout Parser) throws(Abandoned) in
      let (parameters, result) = try parser.closureHead()
      let first = parser.index
      let bodyStart = parser.current
      let statements = parser.statements { _ in false }
      let bodySpan =
        parser.index > first
        ? parser.span(from: bodyStart)
        : Span(start: Int(bodyStart.start), end: Int(bodyStart.start), file: parser.fileIndex)
      return Closure(
        parameters: parameters, result: result, body: Block(statements, bodySpan))
    }
    let expression = make(.closure(closure), span(from: start))
    height = max(height, outerHeight)
    return expression
  }

  /// The parameters before `in`; nil parameters when there is no `in`.
  private mutating func closureHead() throws(Abandoned) -> ([Closure.Parameter]?, TypeExpression?) {
    switch kind {
    case .keywordIn:
      advance()
      return ([], nil)
    case .identifier, .underscore:
      guard startsNameList else { return (nil, nil) }
      var parameters: [Closure.Parameter] = []
      repeat {
        parameters.append(Closure.Parameter(name: name(of: current), type: nil))
        advance()
      } while accept(.comma)
      try expect(.keywordIn, "after the parameters of a closure")
      return (parameters, nil)
    case .leftParenthesis:
      guard startsParameterList else { return (nil, nil) }
      let parameters = try closureParameters()
      let result = accept(.arrow) ? try type() : nil
      try expect(.keywordIn, "after the parameters of a closure")
      return (parameters, result)
    default: return (nil, nil)
    }
  }

  private mutating func closureParameters() throws(Abandoned) -> [Closure.Parameter] {
    try inBrackets(closing: .rightParenthesis) { (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in
        guard parser.kind == .identifier || parser.kind == .underscore else {
          throw parser.fail(
            .expected(
              "the name of a parameter", "", found: parser.describe(parser.current),
              at: parser.here))
        }
        let name = parser.name(of: parser.current)
        parser.advance()
        let type = parser.accept(.colon) ? try parser.type() : nil
        return Closure.Parameter(name: name, type: type)
      }
    }
  }

  /// `x in` or `x, y in`.
  private var startsNameList: Bool {
    var ahead = 0
    while ahead < 1_000 {
      let name = peek(ahead).kind
      guard name == .identifier || name == .underscore else { return false }
      switch peek(ahead + 1).kind {
      case .keywordIn: return true
      case .comma: ahead += 2
      default: return false
      }
    }
    return false
  }

  /// `( ... ) in` or `( ... ) ->` with nothing inside that a parameter list cannot contain.
  private var startsParameterList: Bool {
    var open = 0
    for ahead in 0..<1_000 {
      switch peek(ahead).kind {
      case .leftParenthesis: open += 1
      case .rightParenthesis:
        open -= 1
        if open == 0 {
          let next = peek(ahead + 1).kind
          return next == .keywordIn || next == .arrow
        }
      case .identifier, .underscore, .colon, .comma, .leftBracket, .rightBracket, .question,
        .coalesce, .less, .greater, .arrow, .leftBrace, .rightBrace:
        continue
      default:
        if !peek(ahead).kind.isKeyword { return false }
      }
    }
    return false
  }
}

extension Diagnostic {
  static func braceInHead(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0110", .check, "expected an expression, found '{'", at: span,
      hints: ["put a closure or record in the head of a statement into parentheses"])
  }

  static func quotedFieldName(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0128", .check, "the name of a field stands without quotes", at: span,
      hints: ["write '{a: 1}'"])
  }
}
