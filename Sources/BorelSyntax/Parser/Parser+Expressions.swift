import BorelBase

extension Parser {
  /// A primary expression with its calls, indices, members and trailing closures.
  mutating func postfix() throws(Abandoned) -> Expression {
    let start = current
    var result = try primary()
    var endsInClosure = false
    while true {
      switch kind {
      case .leftParenthesis:
        if isAtLineStart { return result }
        note(.suffix)
        var arguments = try callArguments()
        endsInClosure = startsTrailingClosure
        if endsInClosure { arguments.append(try trailingClosure()) }
        result = make(.call(result, arguments), span(from: start))
      case .leftBracket:
        if isAtLineStart { return result }
        note(.suffix)
        result = make(.index(result, try indices()), span(from: start))
        endsInClosure = false
      case .dot:
        note(.dot)
        advance()
        result = make(.member(result, try memberName()), span(from: start))
        endsInClosure = false
      case .leftBrace:
        guard startsTrailingClosure, !endsInClosure, result.kind.canTakeTrailingClosure else {
          return result
        }
        result = make(.call(result, [try trailingClosure()]), span(from: start))
        endsInClosure = true
      default: return result
      }
    }
  }

  private mutating func memberName() throws(Abandoned) -> Name {
    if kind == .integer {
      defer { advance() }
      return name(of: current)
    }
    return try label("the name of a member after '.'")
  }

  /// `(a, label: b)`.
  private mutating func callArguments() throws(Abandoned) -> [Argument] {
    try inBrackets(closing: .rightParenthesis) { (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in
        var label: Name?
        if parser.peek(1).kind == .colon, parser.kind == .identifier || parser.kind.isKeyword {
          label = parser.name(of: parser.current)
          parser.note(.name)
          parser.advance()
          parser.advance()
        }
        return Argument(label: label, value: try parser.element())
      }
    }
  }

  private mutating func indices() throws(Abandoned) -> [Expression] {
    let open = current
    let indices = try inBrackets(closing: .rightBracket) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightBracket) {
        (parser: inout Parser) throws(Abandoned) in try parser.element()
      }
    }
    if indices.isEmpty {
      throw fail(.expected("an index", "", found: "']'", at: span(from: open)))
    }
    return indices
  }

  /// An expression one level deeper: inside brackets or braces.
  mutating func element() throws(Abandoned) -> Expression {
    try enter()
    defer { depth -= 1 }
    return try expression()
  }

  private var startsTrailingClosure: Bool {
    kind == .leftBrace && !bracesStartBody && !isAtLineStart && !startsRecord
  }

  private mutating func trailingClosure() throws(Abandoned) -> Argument {
    Argument(label: nil, value: try closure())
  }

  // MARK: Primary expressions

  mutating func primary() throws(Abandoned) -> Expression {
    let start = current
    switch kind {
    case .identifier, .shorthand:
      advance()
      return make(.name(text(of: start)), span(of: start))
    case .integer: return integer()
    case .real: return real()
    case .stringOpen: return try string()
    case .keywordTrue, .keywordFalse:
      advance()
      return make(.bool(start.kind == .keywordTrue), span(of: start))
    case .keywordNil:
      advance()
      return make(.nilLiteral, span(of: start))
    case .leftParenthesis: return try parenthesized()
    case .leftBracket: return try array()
    case .leftBrace: return try braced()
    case .dot:
      note(.leadingDot)
      advance()
      let name = try label("the name of a case after '.'")
      return make(.implicitMember(name), span(from: start))
    case .keywordIf: return try conditional()
    case .keywordMatch: return try match()
    case .keywordDo:
      advance()
      return make(.block(try block("after 'do'")), span(from: start))
    case .keywordSample: return try sample()
    case .keywordObserve: throw fail(.observeAsOperand(at: here))
    case .keywordMem: return try mem()
    default: throw fail(missingExpression())
    }
  }

  private mutating func parenthesized() throws(Abandoned) -> Expression {
    let start = current
    let elements = try inBrackets(closing: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in try parser.element()
      }
    }
    switch elements.count {
    case 0: return make(.unit, span(from: start))
    case 1: return Expression(elements[0].kind, span(from: start))
    default: return make(.tuple(elements), span(from: start))
    }
  }

  private mutating func array() throws(Abandoned) -> Expression {
    let start = current
    let elements = try inBrackets(closing: .rightBracket) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightBracket) {
        (parser: inout Parser) throws(Abandoned) in
        let element = try parser.element()
        if parser.kind == .colon { throw parser.fail(.dictionary(at: parser.here)) }
        if parser.kind == .keywordFor { throw parser.fail(.comprehension(at: parser.here)) }
        return element
      }
    }
    return make(.array(elements), span(from: start))
  }

  // MARK: Randomness

  /// `sample D`: the operand is a primary expression with its calls and members.
  private mutating func sample() throws(Abandoned) -> Expression {
    let start = current
    advance()
    let distribution = try prefixOperand()
    let options = try drawOptions()
    return make(.sample(distribution, options), span(from: start))
  }

  /// `mem f`, with the same operand as `sample`.
  private mutating func mem() throws(Abandoned) -> Expression {
    let start = current
    advance()
    return make(.mem(try prefixOperand()), span(from: start))
  }

  private mutating func prefixOperand() throws(Abandoned) -> Expression {
    try enter()
    defer { depth -= 1 }
    return try postfix()
  }

  /// `observe v ~ D`: both operands are whole expressions, so it cannot be an operand itself.
  mutating func observe() throws(Abandoned) -> Expression {
    let start = current
    advance()
    let value = try element()
    if kind == .assign { throw fail(.observeWithoutTilde(at: here)) }
    try expect(.tilde, "after the value of 'observe'")
    let distribution = try element()
    let options = try drawOptions()
    return make(.observe(value, distribution, options), span(from: start))
  }

  /// `@ "name"` and `with Drift(0.1)`, in either order; a second one belongs to an enclosing draw.
  mutating func drawOptions() throws(Abandoned) -> DrawOptions {
    var options = DrawOptions()
    while (kind == .at && options.address == nil)
      || (kind == .keywordWith && options.proposal == nil)
    {
      let isAddress = kind == .at
      advance()
      let operandHeight = height
      height = 0
      let operand = try prefixOperand()
      height = max(height, operandHeight)
      if isAddress { options.address = operand } else { options.proposal = operand }
    }
    return options
  }

  // MARK: Errors

  private func missingExpression() -> Diagnostic {
    var hint: String?
    switch kind {
    case .star where index > 0 && tokens[index - 1].kind == .star: hint = "a power is 'a ^ b'"
    case .plus where index > 0 && tokens[index - 1].kind == .plus: hint = "write 'x += 1'"
    case .plus, .star, .slash: hint = "an operator stands between two operands"
    case .underscore: hint = "'_' stands only in patterns and parameters"
    case .leftBrace where bracesStartBody:
      hint = "put a closure or record in the head of a statement into parentheses"
    case .assign: hint = "a comparison is '=='"
    default: break
    }
    return .expected("an expression", "", found: describe(current), at: here, hint: hint)
  }
}

extension Expression.Kind {
  /// Whether a `{` directly after the expression is a closure given to it.
  fileprivate var canTakeTrailingClosure: Bool {
    switch self {
    case .name, .member, .implicitMember, .index: true
    default: false
    }
  }
}

extension Diagnostic {
  static func observeWithoutTilde(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0116", .check, "expected '~' after the value of 'observe', found '='", at: span,
      hints: ["write 'observe y ~ Normal(0, 1)'"])
  }

  static func observeAsOperand(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0116", .check, "'observe' cannot be an operand", at: span,
      hints: ["put 'observe y ~ D' into parentheses"])
  }

  static func dictionary(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0111", .check, "expected ',' or ']', found ':'", at: span,
      hints: ["there are no dictionaries; a record is '{a: 1, b: 2}'"])
  }

  static func comprehension(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0111", .check, "expected ',' or ']', found the keyword 'for'", at: span,
      hints: ["write 'xs.map { x in ... }'"])
  }
}
