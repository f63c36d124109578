import BorelBase

extension Parser {
  /// `Real`, `[T]`, `T?`, `(A, B)`, `{a: T}`, `(A) -> B`, `Dist<T>`.
  mutating func type() throws(Abandoned) -> TypeExpression {
    try enter()
    defer { depth -= 1 }
    let start = current
    if kind == .leftParenthesis { return try parenthesizedType() }
    let type = try optionalSuffixes(of: primaryType(), from: start)
    if kind == .arrow, !isAtLineStart {
      let found = text(from: start)
      throw fail(.unparenthesizedArgument(found, at: span(from: start)))
    }
    return type
  }

  private func text(from start: Token) -> String {
    String(decoding: bytes[Int(start.start)..<Int(previousEnd)], as: UTF8.self)
  }

  private mutating func primaryType() throws(Abandoned) -> TypeExpression {
    let start = current
    switch kind {
    case .identifier:
      advance()
      let arguments = try genericArguments()
      return TypeExpression(.name(text(of: start), arguments), span(from: start))
    case .leftBracket:
      let element = try inBrackets(closing: .rightBracket, isList: false) {
        (parser: inout Parser) throws(Abandoned) in try parser.type()
      }
      return TypeExpression(.array(element), span(from: start))
    case .leftBrace: return try recordType()
    default:
      throw fail(.expected("a type", "", found: describe(current), at: here))
    }
  }

  /// The `?` after a type; `??` counts as two when it stands directly after it.
  private mutating func optionalSuffixes(
    of type: TypeExpression, from start: Token
  ) throws(Abandoned) -> TypeExpression {
    var result = type
    var count = 0
    while !isAtLineStart {
      let isDouble = kind == .coalesce && !current.isAfterSpace
      guard isDouble || kind == .question else { break }
      count += isDouble ? 2 : 1
      note(.typeSuffix)
      if count > 8 { throw fail(.expected("at most 8 '?'", "", found: "more", at: here)) }
      advance()
      result = TypeExpression(.optional(result), span(from: start))
      if isDouble { result = TypeExpression(.optional(result), span(from: start)) }
    }
    return result
  }

  /// `<T, U>` directly after a name.
  private mutating func genericArguments() throws(Abandoned) -> [TypeExpression] {
    guard kind == .less, !current.isAfterSpace else { return [] }
    let open = current
    note(.generic)
    advance()
    var arguments = [try type()]
    while accept(.comma) { arguments.append(try type()) }
    if kind == .greaterEqual {
      // In `let d: Dist<Real>= x` the last two characters are two tokens.
      splitToken(.greater, .assign)
    }
    note(.generic)
    guard accept(.greater) else {
      throw fail(
        .unclosed(
          .less, expected: "',' or '>'", found: describe(current), at: here, opened: span(of: open),
          hint: nil))
    }
    return arguments
  }

  /// Makes two tokens of the current one: its first character and the rest.
  private mutating func splitToken(_ first: TokenKind, _ rest: TokenKind) {
    let token = current
    tokens[index] = Token(
      first, start: Int(token.start), end: Int(token.start) + 1, flags: token.flags)
    tokens.insert(
      Token(rest, start: Int(token.start) + 1, end: Int(token.end), flags: []), at: index + 1)
    notes?.roles.insert(.plain, at: index + 1)
    notes?.starts.insert(false, at: index + 1)
  }

  private mutating func parenthesizedType() throws(Abandoned) -> TypeExpression {
    let start = current
    let elements = try inBrackets(closing: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in try parser.type()
      }
    }
    if accept(.arrow) {
      let result = try type()
      return TypeExpression(.function(elements, result), span(from: start))
    }
    let inner =
      elements.count == 1
      ? TypeExpression(elements[0].kind, span(from: start))
      : TypeExpression(.tuple(elements), span(from: start))
    return try optionalSuffixes(of: inner, from: start)
  }

  private mutating func recordType() throws(Abandoned) -> TypeExpression {
    let start = current
    note(.record)
    let fields = try inBrackets(closing: .rightBrace) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightBrace) {
        (parser: inout Parser) throws(Abandoned) in
        let name = try parser.label("a field name")
        try parser.expect(.colon, "after the name of a field")
        return TypedName(name: name, type: try parser.type())
      }
    }
    if fields.isEmpty { throw fail(.emptyRecord(at: span(from: start))) }
    return TypeExpression(.record(fields), span(from: start))
  }

  /// A name or a keyword where only a name can stand: a field or a label.
  mutating func label(_ what: String) throws(Abandoned) -> Name {
    guard kind == .identifier || kind.isKeyword else {
      throw fail(.expected(what, "", found: describe(current), at: here))
    }
    note(.name)
    defer { advance() }
    return name(of: current)
  }
}

extension Diagnostic {
  static func unparenthesizedArgument(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0118", .check, "the argument types of a function type stand in parentheses", at: span,
      hints: ["write '(\(found)) -> ...'"])
  }

  static func emptyRecord(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0128", .check, "a record has at least one field", at: span,
      hints: ["the type without values is '()'"])
  }
}
