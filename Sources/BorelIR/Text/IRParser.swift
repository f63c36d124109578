import BorelBase

/// Reads a program in the text form that `printIR` writes.
///
/// The result is not verified: see `verify`.
///
/// - Parameter keepsSpans: Whether instructions get their place in `text` as span; otherwise all
///   spans are `.none`, so that reading back what was printed gives an equal program, apart from
///   the spans that it had.
/// - Returns: The program, or one diagnostic E0190 at the first place that is wrong, or E0191 for
///   a reference to a function that is not there.
package func parseIR(
  _ text: String, keepsSpans: Bool = false
) -> Result<Program, Diagnostics> {
  do {
    var parser = IRParser(tokens: try IRLexer.tokens(of: text), keepsSpans: keepsSpans)
    return .success(try parser.parseProgram())
  } catch {
    return .failure(
      Diagnostics([Diagnostic("E0190", .check, error.message, at: error.span)]))
  }
}

/// Recursive descent over the tokens. Functions are parsed with references by name, resolved when
/// all names are known.
struct IRParser {
  let tokens: [IRToken]
  let keepsSpans: Bool
  var position = 0
  /// Numbers of the functions by name, collected before anything is parsed.
  var functionNumbers: [String: Int] = [:]
  /// Types that contain each other nest at most this deep.
  static let nestingLimit = 100
  var nesting = 0
  /// Types and names of the values of the function being read.
  var valueTypes: [Int: IRType] = [:]
  var valueNames: [Int32: String] = [:]
  var valueSpans: [Int: Span] = [:]

  init(tokens: [IRToken], keepsSpans: Bool) {
    self.tokens = tokens
    self.keepsSpans = keepsSpans
  }

  var token: IRToken { tokens[position] }
  var following: IRToken { tokens[min(position + 1, tokens.count - 1)] }

  mutating func advance() { position = min(position + 1, tokens.count - 1) }

  func failure(_ message: String) -> IRSyntaxError {
    IRSyntaxError(message: message, span: token.span)
  }

  func unexpected(_ expected: String) -> IRSyntaxError {
    failure("expected \(expected), found \(describe(token.kind))")
  }

  private func describe(_ kind: IRToken.Kind) -> String {
    switch kind {
    case .word(let text): "'\(text)'"
    case .string: "a string"
    case .int, .real: "a number"
    case .value(let index, _): "'%\(index)'"
    case .function(let name): "'@\(name)'"
    case .number(let number): "'#\(number)'"
    case .symbol(let text): "'\(text)'"
    case .end: "the end of the text"
    }
  }

  func isAt(_ symbol: String) -> Bool { token.kind == .symbol(symbol) }
  func isAt(word: String) -> Bool { token.kind == .word(word) }

  mutating func accept(_ symbol: String) -> Bool {
    guard isAt(symbol) else { return false }
    advance()
    return true
  }

  mutating func accept(word: String) -> Bool {
    guard isAt(word: word) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(IRSyntaxError) {
    guard accept(symbol) else { throw unexpected("'\(symbol)'") }
  }

  mutating func expect(word: String) throws(IRSyntaxError) {
    guard accept(word: word) else { throw unexpected("'\(word)'") }
  }

  /// A word or a string.
  mutating func name() throws(IRSyntaxError) -> String {
    switch token.kind {
    case .word(let text), .string(let text):
      advance()
      return text
    default: throw unexpected("a name")
    }
  }

  mutating func string() throws(IRSyntaxError) -> String {
    guard case .string(let text) = token.kind else { throw unexpected("a string") }
    advance()
    return text
  }

  /// A non-negative number below the lexer's limit.
  mutating func count() throws(IRSyntaxError) -> Int {
    guard case .int(let value) = token.kind, value >= 0, value < IRLexer.largestNumber else {
      throw unexpected("a small number")
    }
    advance()
    return Int(value)
  }

  /// An integer without bound: site numbers may be hashes.
  mutating func integer() throws(IRSyntaxError) -> Int {
    guard case .int(let value) = token.kind else { throw unexpected("an integer") }
    advance()
    return Int(value)
  }

  mutating func number() throws(IRSyntaxError) -> Int {
    guard case .number(let value) = token.kind else { throw unexpected("'#' and a number") }
    advance()
    return value
  }

  mutating func real() throws(IRSyntaxError) -> Double {
    defer { advance() }
    switch token.kind {
    case .real(let value): return value
    case .int(let value): return Double(value)
    case .word("inf"): return .infinity
    case .word("nan"): return .nan
    default: throw unexpected("a real number")
    }
  }

  mutating func functionReference() throws(IRSyntaxError) -> FunctionID {
    guard case .function(let name) = token.kind else { throw unexpected("'@' and a function") }
    guard let number = functionNumbers[name] else {
      throw failure("no function is called '\(name)'")
    }
    advance()
    return FunctionID(number)
  }

  /// `(a, b)`, `<a, b>` and the like; the brackets may be empty.
  mutating func list<Element>(
    _ open: String, _ close: String,
    _ element: (inout IRParser) throws(IRSyntaxError) -> Element
  ) throws(IRSyntaxError) -> [Element] {
    try expect(open)
    var elements: [Element] = []
    while !accept(close) {
      if !elements.isEmpty { try expect(",") }
      elements.append(try element(&self))
    }
    return elements
  }

  func span(from start: Span) -> Span {
    guard keepsSpans else { return .none }
    return start.joined(tokens[max(0, position - 1)].span)
  }
}
