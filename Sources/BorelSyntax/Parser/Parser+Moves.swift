import BorelBase

extension Parser {
  /// Whether a move is declared here. The words of a move are names elsewhere.
  var isAtMove: Bool {
    kind == .identifier && peek(1).kind == .identifier && !peek(1).isAfterNewline
      && peek(2).kind == .leftParenthesis && text(of: current) == "move"
  }

  /// `move split(t: Trace of m, y: [Real]) with u { ... } -> { ... }`.
  mutating func move() throws(Abandoned) -> MoveDeclaration {
    advance()
    let name = try declaredName(of: "move")
    note(.suffix)
    let (trace, model, arguments) = try inBrackets(closing: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in try parser.moveParameters()
    }
    var proposal: MoveDeclaration.Proposal?
    if accept(.keywordWith) {
      let auxiliary = try declaredName(of: "with")
      proposal = MoveDeclaration.Proposal(
        name: auxiliary, body: try block("before the auxiliary draws of '\(name.text)'"))
    }
    guard accept(.arrow) else {
      throw fail(
        .expected(
          proposal == nil ? "'with' or '->'" : "'->'", "before the involution of '\(name.text)'",
          found: describe(current), at: here,
          hint: "write 'move \(name.text)(t: Trace of m) with u { draws } -> { (t, u) }'"))
    }
    let involution = try block("before the involution of '\(name.text)'")
    return MoveDeclaration(
      name: name, trace: trace, model: model, arguments: arguments, proposal: proposal,
      involution: involution)
  }

  /// `t: Trace of m, y: [Real]`.
  private mutating func moveParameters() throws(Abandoned) -> (Name, Name, [Parameter]) {
    let trace = try declaredName(of: "(")
    guard accept(.colon) else { throw failedTrace("':'", trace.text) }
    try word("Trace", trace.text)
    try word("of", trace.text)
    guard kind == .identifier else { throw failedTrace("the name of a model", trace.text) }
    let model = name(of: current)
    advance()
    guard accept(.comma) else { return (trace, model, []) }
    let arguments = try commaSeparated(until: .rightParenthesis) {
      (parser: inout Parser) throws(Abandoned) in try parser.parameter()
    }
    return (trace, model, arguments)
  }

  private mutating func word(_ text: String, _ trace: String) throws(Abandoned) {
    guard kind == .identifier, self.text(of: current) == text else {
      throw failedTrace("'\(text)'", trace)
    }
    advance()
  }

  private mutating func failedTrace(_ expected: String, _ trace: String) -> Abandoned {
    fail(
      .expected(
        expected, "in the first parameter of a move", found: describe(current), at: here,
        hint: "a move starts from a trace of a model: '\(trace): Trace of m'"))
  }
}
