import BorelBase

extension Parser {
  /// `struct Point { x: Real, y: Real }`.
  mutating func structure() throws(Abandoned) -> StructDeclaration {
    let (name, open) = try typeHead()
    let fields = try inBraces(open) { (parser: inout Parser) throws(Abandoned) in
      var fields: [TypedName] = []
      while parser.kind != .rightBrace, parser.kind != .endOfFile {
        if parser.accept(.semicolon) { continue }
        parser.noteStart()
        if parser.peek(1).kind != .colon {
          if parser.kind == .keywordLet || parser.kind == .keywordVar { parser.advance() }
          let isField = parser.peek(1).kind == .colon
          if parser.kind == .keywordFunc, !isField { throw parser.fail(.method(at: parser.here)) }
        }
        let name = try parser.label("the name of a field")
        try parser.expect(.colon, "after the name of a field")
        let type = try parser.type()
        if parser.kind == .assign { throw parser.fail(.fieldDefault(at: parser.here)) }
        fields.append(TypedName(name: name, type: type))
        if !parser.accept(.comma) { try parser.expectMemberEnd("field") }
      }
      return fields
    }
    return StructDeclaration(name: name, fields: fields)
  }

  /// `enum Tree { case leaf, node(Tree, Tree) }`.
  mutating func enumeration() throws(Abandoned) -> EnumDeclaration {
    let (name, open) = try typeHead()
    let cases = try inBraces(open) { (parser: inout Parser) throws(Abandoned) in
      var cases: [EnumDeclaration.Case] = []
      while parser.kind != .rightBrace, parser.kind != .endOfFile {
        if parser.accept(.semicolon) { continue }
        parser.noteStart()
        if parser.kind == .keywordFunc { throw parser.fail(.method(at: parser.here)) }
        if !parser.accept(.keywordCase) {
          parser.report(
            .expected(
              "'case'", "in an enum", found: parser.describe(parser.current), at: parser.here,
              hint: "write 'case \(parser.text(of: parser.current))'"))
          guard parser.kind == .identifier else { throw Abandoned() }
        }
        repeat { cases.append(try parser.enumCase()) } while parser.accept(.comma)
        try parser.expectMemberEnd("case")
      }
      return cases
    }
    return EnumDeclaration(name: name, cases: cases)
  }

  /// The name and the `{` of a type.
  private mutating func typeHead() throws(Abandoned) -> (Name, Token) {
    let keyword = kind.rawValue
    advance()
    guard kind == .identifier else {
      throw fail(.expected("a name", "after '\(keyword)'", found: describe(current), at: here))
    }
    let name = name(of: current)
    advance()
    let open = current
    let hint = kind == .colon || kind == .less ? "types have no parents and no parameters" : nil
    guard accept(.leftBrace) else {
      throw fail(
        .expected(
          "'{'", "after the name of a \(keyword)", found: describe(current), at: here, hint: hint))
    }
    return (name, open)
  }

  private mutating func enumCase() throws(Abandoned) -> EnumDeclaration.Case {
    let name = try label("the name of a case")
    guard kind == .leftParenthesis else { return EnumDeclaration.Case(name: name, payload: []) }
    note(.suffix)
    let payload = try inBrackets(closing: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in
      try parser.commaSeparated(until: .rightParenthesis) {
        (parser: inout Parser) throws(Abandoned) in
        var label = Name("", parser.here)
        if parser.peek(1).kind == .colon { label = try parser.label("a label") }
        if !label.text.isEmpty { parser.advance() }
        return TypedName(name: label, type: try parser.type())
      }
    }
    return EnumDeclaration.Case(name: name, payload: payload)
  }

  private mutating func expectMemberEnd(_ what: String) throws(Abandoned) {
    if current.isAfterNewline { return }
    switch kind {
    case .semicolon, .rightBrace, .endOfFile: return
    default:
      throw fail(
        .expected("',' or a new line", "after a \(what)", found: describe(current), at: here))
    }
  }
}

extension Diagnostic {
  static func method(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0126", .check, "a type has no functions of its own", at: span,
      hints: ["write a 'func' at the top level with the value as its first parameter"])
  }

  static func fieldDefault(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0126", .check, "a field has no default value", at: span,
      hints: ["write a 'func' that makes the value"])
  }
}
