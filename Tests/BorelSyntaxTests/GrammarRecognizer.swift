import BorelBase
import BorelSyntax

/// Decides by the grammar alone whether a text is a program: every derivation is tried.
///
/// Slow and without diagnostics; an oracle for the parser.
struct GrammarRecognizer {
  /// What the place of a token means for line breaks and braces.
  private struct Context: Hashable {
    var isInHead = false
    /// Inside brackets a line break is a blank.
    var newlinesAreBlanks = false
  }

  private struct Key: Hashable {
    var production: String
    var position: Int
    var context: Context
  }

  private let grammar: Grammar
  private let file: SourceFile
  private let tokens: [Token]
  private let texts: [String]
  private var known: [Key: Set<Int>] = [:]

  init(_ grammar: Grammar, _ text: String) {
    self.grammar = grammar
    let file = SourceFile(name: "<test>", text: text)
    self.file = file
    let tokens = BorelSyntax.tokens(of: file).tokens
    self.tokens = tokens
    texts = tokens.map { file.text(in: Span(start: Int($0.start), end: Int($0.end))) }
  }

  mutating func accepts() -> Bool {
    ends(of: "program", from: 0, Context()).contains(tokens.count - 1)
  }

  // MARK: Matching

  /// Where a production that starts at a token can end.
  private mutating func ends(
    of production: String, from position: Int, _ context: Context
  ) -> Set<Int> {
    if Grammar.isToken(production) { return tokenEnds(of: production, from: position) }
    if isForbidden(production, at: position, context) { return [] }
    let key = Key(production: production, position: position, context: context)
    if let result = known[key] { return result }
    var inner = context
    if production == "head" { inner.isInHead = true }
    guard let body = grammar.productions[production] else { return [] }
    let result =
      production == "multilineString"
      ? multilineEnds(from: position)
      : ends(of: body, from: [position], inner, in: production)
    known[key] = result
    return result
  }

  private mutating func ends(
    of node: Grammar.Node, from starts: Set<Int>, _ context: Context, in production: String
  ) -> Set<Int> {
    switch node {
    case .literal(let literal):
      return Set(starts.filter { matches(literal, $0, context, production) }.map { $0 + 1 })
    case .reference(let name):
      // What 'return' gives back starts on its line.
      let starts = production == "jump" ? starts.filter { !startsLine($0, context) } : starts
      return starts.reduce(into: []) { $0.formUnion(ends(of: name, from: $1, context)) }
    case .sequence(let parts):
      var current = starts
      var (inner, outer) = (context, [Context]())
      for part in parts {
        if case .literal(let text) = part, [")", "]", "}"].contains(text),
          let last = outer.popLast()
        {
          inner = last
        }
        current = ends(of: part, from: current, inner, in: production)
        if current.isEmpty { return [] }
        if case .literal(let text) = part, ["(", "[", "{", "\\("].contains(text) {
          outer.append(inner)
          let isBlock = text == "{" && !["record", "recordType"].contains(production)
          inner = Context(isInHead: false, newlinesAreBlanks: !isBlock)
        }
      }
      return current
    case .choice(_, let parts):
      return parts.reduce(into: []) {
        $0.formUnion(ends(of: $1, from: starts, context, in: production))
      }
    case .optional(let part):
      return starts.union(ends(of: part, from: starts, context, in: production))
    case .star(let part): return closure(of: part, from: starts, context, in: production)
    case .plus(let part):
      let once = ends(of: part, from: starts, context, in: production)
      return closure(of: part, from: once, context, in: production)
    case .adjacent(let part):
      let near = starts.filter { !needsAdjacency(part) || !tokens[$0].isAfterSpace }
      return ends(of: part, from: near, context, in: production)
    case .notInHead(let part):
      if context.isInHead { return [] }
      // A closure after an expression stands on its line.
      let near = starts.filter { production == "primary" || !startsLine($0, context) }
      return ends(of: part, from: near, context, in: production)
    case .characters, .except: return []
    }
  }

  private mutating func closure(
    of node: Grammar.Node, from starts: Set<Int>, _ context: Context, in production: String
  ) -> Set<Int> {
    var (result, new) = (starts, starts)
    while !new.isEmpty {
      new = ends(of: node, from: new, context, in: production).subtracting(result)
      result.formUnion(new)
    }
    return result
  }

  // MARK: Line breaks and blanks

  private func startsLine(_ position: Int, _ context: Context) -> Bool {
    !context.newlinesAreBlanks && tokens[position].isAfterNewline
  }

  /// The parser is lenient about a blank after a prefix `-` and before `?`.
  private func needsAdjacency(_ node: Grammar.Node) -> Bool {
    switch node {
    case .literal("<"), .literal("??"), .sequence: true
    default: false
    }
  }

  private func isForbidden(_ production: String, at position: Int, _ context: Context) -> Bool {
    guard startsLine(position, context) else { return false }
    switch production {
    case "arguments", "index": return true
    default: return false
    }
  }

  private func matches(
    _ literal: String, _ position: Int, _ context: Context, _ production: String
  ) -> Bool {
    guard texts[position] == literal, tokens[position].kind != .stringText else { return false }
    guard startsLine(position, context) else { return true }
    switch production {
    case "sum" where literal == "-": return tokens[position + 1].isAfterSpace
    case "casePattern" where literal == "(", "optional": return false
    default: return true
    }
  }

  // MARK: Tokens

  private func tokenEnds(of production: String, from position: Int) -> Set<Int> {
    let kind = tokens[position].kind
    let isMatch =
      switch production {
      case "IDENTIFIER": kind == .identifier
      case "LABEL": kind == .identifier || kind.isKeyword
      case "INTEGER": kind == .integer
      case "POSITION": kind == .integer && texts[position].allSatisfy(\.isNumber)
      case "REAL": kind == .real
      case "SHORTHAND": kind == .shorthand
      case "TEXT": kind == .stringText
      case "END": kind == .semicolon
      default: false
      }
    var result: Set<Int> = isMatch ? [position + 1] : []
    if production == "END", tokens[position].isAfterNewline { result.insert(position) }
    return result
  }

  private mutating func multilineEnds(from start: Int) -> Set<Int> {
    guard texts[start] == "\"\"\"", tokens[start].kind == .stringOpen else { return [] }
    let context = Context(isInHead: false, newlinesAreBlanks: true)
    var (result, new): (Set<Int>, Set<Int>) = ([], [start + 1])
    var seen = new
    while !new.isEmpty {
      var next: Set<Int> = []
      for position in new {
        switch tokens[position].kind {
        case .stringText: next.insert(position + 1)
        case .stringClose: result.insert(position + 1)
        default: next.formUnion(ends(of: "interpolation", from: position, context))
        }
      }
      new = next.subtracting(seen)
      seen.formUnion(new)
    }
    return result
  }
}
