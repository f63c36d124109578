import BorelBase

extension Parser {
  /// The whole file.
  mutating func program() -> Program {
    var items: [Item] = []
    while kind != .endOfFile {
      if accept(.semicolon) { continue }
      if kind == .rightBrace {
        strayBrace()
        continue
      }
      items.append(item())
    }
    return Program(items)
  }

  /// The whole text as one expression.
  mutating func soleExpression() -> Expression {
    newlinesMatter = false
    do {
      let result = try element()
      if kind != .endOfFile {
        throw fail(
          .expected(
            "the end", "after the expression", found: describe(current), at: here,
            hint: operatorHint))
      }
      return result
    } catch {
      return Expression(.error, Span(start: 0, end: bytes.count, file: fileIndex))
    }
  }

  /// After another error an extra `}` is its consequence and not reported.
  private mutating func strayBrace() {
    if diagnostics.isEmpty { report(.strayBrace(at: here)) }
    advance()
  }

  private mutating func item() -> Item {
    let start = current
    let first = index
    let documentation = documentation(before: start)
    noteStart()
    guard kind.startsDeclaration || isAtMove else {
      let statement = recoveringStatement { _ in false }
      return Item(.statement(statement), statement.span, documentation: documentation)
    }
    do {
      let declaration = try declaration()
      if !current.isAfterNewline, kind != .endOfFile, kind != .semicolon {
        report(.missingSeparator(found: describe(current), at: here, hint: nil))
      }
      return Item(declaration, span(from: start), documentation: documentation)
    } catch {
      (newlinesMatter, bracesStartBody, depth, height) = (true, false, 0, 0)
      recover(from: first, brackets: 0)
      let span = span(from: start)
      return Item(.statement(Statement(.error, span)), span)
    }
  }

  private mutating func declaration() throws(Abandoned) -> Item.Kind {
    switch kind {
    case .keywordModel: .model(try function())
    case .keywordFunc: .function(try function())
    case .keywordStruct: .structure(try structure())
    case .identifier: .move(try move())
    default: .enumeration(try enumeration())
    }
  }

  /// The last group of `///` lines before a token; other comments may stand between.
  private func documentation(before token: Token) -> String {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].start < token.start { low = middle + 1 } else { high = middle }
    }
    var lines: [String] = []
    let least = previousEnd
    while low > 0, comments[low - 1].start >= least {
      low -= 1
      guard comments[low].kind == .documentation, isFirstOnLine(comments[low]) else {
        if lines.isEmpty { continue } else { break }
      }
      let line = bytes[Int(comments[low].start) + 3..<trimmedEnd(of: comments[low])]
      let trimmed = line.first == UInt8(ascii: " ") ? line.dropFirst() : line
      lines.append(String(decoding: trimmed, as: UTF8.self))
    }
    return lines.reversed().joined(separator: "\n")
  }

  /// The end of a comment without the blanks at the end of its line.
  private func trimmedEnd(of comment: Comment) -> Int {
    var end = Int(comment.end)
    while end > Int(comment.start) + 3,
      [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains(bytes[end - 1])
    {
      end -= 1
    }
    return end
  }

  /// Whether only blanks and `;` stand before a comment on its line.
  private func isFirstOnLine(_ comment: Comment) -> Bool {
    var start = Int(comment.start)
    let passed = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: ";")]
    while start > 0, passed.contains(bytes[start - 1]) { start -= 1 }
    return start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
  }

  // MARK: Functions

  /// `model m(...) -> T { }` and `func f<T>(...) -> T { }`.
  mutating func function() throws(Abandoned) -> FunctionDeclaration {
    let keyword = kind.rawValue
    advance()
    let name = try declaredName(of: keyword)
    let generics = kind == .less ? try genericParameters() : []
    guard kind == .leftParenthesis else {
      throw fail(
        .expected(
          "'('", "after the name of a \(keyword)", found: describe(current), at: here,
          hint: kind == .leftBrace || kind == .assign
            ? "write '\(keyword) \(name.text)() { }'" : nil))
    }
    note(.suffix)
    let parameters = try inBrackets(closing: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in try parser.parameter()
      }
    }
    var result: TypeExpression?
    if accept(.arrow) { result = try type() }
    if kind == .colon || kind == .fatArrow {
      throw fail(
        .expected(
          "'{' or '->'", "after the parameters", found: describe(current), at: here,
          hint: "the type of the result follows '->'"))
    }
    if kind == .assign {
      throw fail(
        .expected(
          "'{'", "before the body", found: "'='", at: here, hint: "a body stands in braces"))
    }
    let body = try block("before the body of '\(name.text)'")
    return FunctionDeclaration(
      name: name, generics: generics, parameters: parameters, result: result, body: body)
  }

  mutating func declaredName(of keyword: String) throws(Abandoned) -> Name {
    guard kind == .identifier else {
      throw fail(.expected("a name", "after '\(keyword)'", found: describe(current), at: here))
    }
    defer { advance() }
    return name(of: current)
  }

  /// `<T: Number, U>`.
  private mutating func genericParameters() throws(Abandoned) -> [GenericParameter] {
    let open = current
    note(.generic)
    advance()
    var generics: [GenericParameter] = []
    repeat {
      let name = try declaredName(of: "<")
      var constraint: Name?
      if accept(.colon) { constraint = try declaredName(of: ":") }
      generics.append(GenericParameter(name: name, constraint: constraint))
    } while accept(.comma)
    note(.generic)
    guard accept(.greater) else {
      throw fail(
        .unclosed(
          .less, expected: "',' or '>'", found: describe(current), at: here, opened: span(of: open),
          hint: nil))
    }
    return generics
  }

  /// `x: T`, `param sd: Real in 0<.. = 40`.
  mutating func parameter() throws(Abandoned) -> Parameter {
    let isLearnable = accept(.keywordParam)
    if kind == .underscore, peek(1).kind == .identifier {
      report(.argumentLabel(at: here))
      advance()
    }
    guard kind == .identifier else {
      throw fail(
        .expected("the name of a parameter", "", found: describe(current), at: here))
    }
    let name = name(of: current)
    advance()
    let type = try parameterType(of: name)
    let domain = accept(.keywordIn) ? try domain() : nil
    let defaultValue = accept(.assign) ? try element() : nil
    return Parameter(
      name: name, type: type, isLearnable: isLearnable, domain: domain, defaultValue: defaultValue)
  }

  /// A parameter without a type is reported and the list is read on.
  private mutating func parameterType(of name: Name) throws(Abandoned) -> TypeExpression {
    if accept(.colon) { return try type() }
    if kind == .identifier {
      throw fail(.typeBeforeName(name.text, text(of: current), at: name.span))
    }
    guard kind == .comma || kind == .rightParenthesis || kind == .keywordIn || kind == .assign
    else {
      throw fail(
        .expected("':'", "after the name of a parameter", found: describe(current), at: here))
    }
    report(.parameterWithoutType(name.text, at: name.span))
    return TypeExpression(.error, name.span)
  }

  // MARK: Domains

  /// `0<..`, `0<..<1`, `..<1`, `0...1`, `0...`: an interval with open or closed ends.
  private mutating func domain() throws(Abandoned) -> DomainExpression {
    let start = current
    var lower: Expression?
    var isLowerOpen = true
    if kind != .halfOpenRange, kind != .closedRange {
      lower = try domainBound()
      note(kind == .less ? .range : .plain)
      isLowerOpen = accept(.less)
    }
    note(.range)
    let sign = current
    guard kind == .halfOpenRange || kind == .closedRange || (kind == .twoDots && isLowerOpen) else {
      throw fail(.invalidDomain(found: describe(current), at: here))
    }
    advance()
    var upper: Expression?
    if startsDomainBound { upper = try domainBound() }
    if upper == nil, sign.kind == .halfOpenRange || lower == nil {
      throw fail(.invalidDomain(found: describe(current), at: here))
    }
    if upper != nil, sign.kind == .twoDots {
      throw fail(.invalidDomain(found: "a bound after '..'", at: span(of: sign)))
    }
    return DomainExpression(
      lower: lower, isLowerOpen: isLowerOpen, upper: upper,
      isUpperOpen: upper == nil || sign.kind == .halfOpenRange, span: span(from: start))
  }

  private mutating func domainBound() throws(Abandoned) -> Expression {
    try enter()
    defer { depth -= 1 }
    return try infix(.sum)
  }

  private var startsDomainBound: Bool {
    switch kind {
    case .comma, .rightParenthesis, .assign, .endOfFile: false
    default: true
    }
  }
}

extension Diagnostic {
  static func strayBrace(at span: Span) -> Diagnostic {
    Diagnostic("E0111", .check, "'}' without an open '{'", at: span)
  }

  static func argumentLabel(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0124", .check, "a parameter has one name, found '_' before it", at: span,
      hints: ["leave '_' out; every argument may be given with or without its label"])
  }

  static func typeBeforeName(_ type: String, _ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0124", .check, "expected ':' after the name of a parameter, found '\(name)'", at: span,
      hints: ["the type follows the name: '\(name): \(type)'"])
  }

  static func parameterWithoutType(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0124", .check, "the parameter '\(name)' needs a type", at: span,
      hints: ["write '\(name): Real'"])
  }

  static func invalidDomain(found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0123", .check, "expected an interval after 'in', found \(found)", at: span,
      hints: ["intervals are '0<..', '0<..<1', '..<1', '0...1' and '0...'"])
  }
}
