/// Derives random sentences from a grammar, and counts which alternatives it has used.
struct SentenceGenerator {
  let grammar: Grammar
  var random: SeededGenerator
  /// How often each alternative of each choice was taken; options and repetitions count as
  /// choices between some and none.
  var uses: [String: Int] = [:]

  private var costs: [String: Int] = [:]
  private var text = ""
  private var depth = 0
  private var tokenDepth = 0
  private var isAdjacent = false
  private var context = Context()
  private var outer: [Context] = []

  /// What the place of a token allows.
  private struct Context {
    var isInHead = false
    var newlinesAreBlanks = false
    var isOneLine = false
  }

  /// Productions whose sentences are programs.
  static let programs = [
    "program", "model", "function", "structure", "enumeration", "statements", "statement",
    "expression", "primary", "string", "multilineString", "match", "closure",
  ]
  static let depthLimit = 70
  private var lengthLimit = 600

  init(_ grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    random = SeededGenerator(seed: seed)
    for name in grammar.order { costs[name] = 1_000 }
    costs["NEWLINE"] = 0
    var changed = true
    while changed {
      changed = false
      for (name, body) in grammar.productions {
        let cost = 1 + self.cost(body)
        if cost < costs[name, default: 1_000] {
          costs[name] = cost
          changed = true
        }
      }
    }
  }

  /// A random sentence of a production.
  ///
  /// - Parameter lengthLimit: The number of bytes after which only the shortest ends are chosen.
  mutating func sentence(of production: String, lengthLimit: Int = 600) -> String {
    self.lengthLimit = lengthLimit
    (text, depth, tokenDepth, isAdjacent, context, outer) = ("", 0, 0, false, Context(), [])
    expand(.reference(production))
    return text
  }

  /// The least depth of productions below a node.
  private func cost(_ node: Grammar.Node) -> Int {
    switch node {
    case .literal, .characters, .optional, .star: 0
    case .reference(let name): costs[name, default: 1_000]
    case .sequence(let parts): parts.map(cost).max() ?? 0
    case .choice(_, let parts): parts.map(cost).min() ?? 0
    case .plus(let part), .adjacent(let part), .notInHead(let part), .except(let part, _):
      cost(part)
    }
  }

  private var isShort: Bool { depth > Self.depthLimit || text.utf8.count > lengthLimit }

  // MARK: Expansion

  private mutating func expand(_ node: Grammar.Node) {
    switch node {
    case .literal(let literal): emit(literal)
    case .reference(let name): expandReference(name)
    case .characters(let ranges):
      let range = ranges.randomElement(using: &random) ?? 97...97
      let value = UInt32.random(in: range, using: &random)
      text.unicodeScalars.append(Unicode.Scalar(value) ?? "a")
    case .sequence(let parts): for part in parts { expand(part) }
    case .choice(let identifier, let parts): expandChoice(identifier, parts)
    case .optional(let part): if chance(part, 0.35) { expand(part) }
    case .star(let part):
      var count = 0
      while count < 2, chance(part, count == 0 ? 0.35 : 0.3) {
        expand(part)
        count += 1
      }
    case .plus(let part):
      expand(part)
      if chance(part, 0.3) { expand(part) }
    case .adjacent(let part):
      isAdjacent = true
      expand(part)
    case .notInHead(let part): expand(part)
    case .except(let base, let excluded): expandExcept(base, excluded)
    }
  }

  private mutating func chance(_ part: Grammar.Node, _ probability: Double) -> Bool {
    if isBlocked(part) || (isShort && tokenDepth == 0) { return false }
    // Bracketed constructs give most of the growth; infix operators are kept rarer.
    return Double.random(in: 0..<1, using: &random) < (depth > 25 ? probability / 3 : probability)
  }

  /// Whether the context forbids a node.
  private func isBlocked(_ node: Grammar.Node) -> Bool {
    switch node {
    case .notInHead(let part): context.isInHead || isBlocked(part)
    case .adjacent(let part): isBlocked(part)
    case .reference("NEWLINE"), .reference("multilineString"), .reference("DOCUMENTATION"):
      context.isOneLine
    default: false
    }
  }

  private mutating func expandChoice(_ identifier: String, _ parts: [Grammar.Node]) {
    let allowed = parts.indices.filter { !isBlocked(parts[$0]) }
    var choice = allowed.randomElement(using: &random) ?? 0
    if isShort, tokenDepth == 0 {
      choice = allowed.min { cost(parts[$0]) < cost(parts[$1]) } ?? 0
    } else if Bool.random(using: &random) {
      func count(_ index: Int) -> Int { uses["\(identifier).\(index)", default: 0] }
      choice = allowed.min { count($0) < count($1) } ?? 0
    }
    uses["\(identifier).\(choice)", default: 0] += 1
    expand(parts[choice])
  }

  private mutating func expandExcept(_ base: Grammar.Node, _ excluded: Grammar.Node) {
    let start = text.unicodeScalars.count
    guard case .reference(let name) = excluded, let body = grammar.productions[name],
      case .choice(_, let parts) = body
    else { return expand(base) }
    let words = Set(parts.compactMap { if case .literal(let word) = $0 { word } else { nil } })
    while true {
      expand(base)
      let written = String(text.unicodeScalars.dropFirst(start)).trimmingPrefix(" ")
      if !words.contains(String(written)) { return }
      text.unicodeScalars.removeLast(text.unicodeScalars.count - start)
    }
  }

  private mutating func expandReference(_ name: String) {
    if name == "NEWLINE" {
      if tokenDepth <= 1, !isAdjacent, Bool.random(using: &random) { addTrivia(endsLine: true) }
      text += "\n"
      isAdjacent = false
      return
    }
    guard let body = grammar.productions[name] else { return }
    uses[name, default: 0] += 1
    depth += 1
    defer { depth -= 1 }
    if Grammar.isToken(name) {
      if tokenDepth == 0, name != "END" { separate() }
      tokenDepth += 1
      expand(body)
      tokenDepth -= 1
      isAdjacent = false
      return
    }
    let saved = context
    if name == "head" { context.isInHead = true }
    if name == "string" { context.isOneLine = true }
    expand(body)
    context = saved
  }

  // MARK: Output

  private mutating func emit(_ literal: String) {
    if tokenDepth == 0 { separate() }
    if tokenDepth == 0, [")", "]", "}"].contains(literal), let last = outer.popLast() {
      context = last
    }
    text += literal
    if tokenDepth == 0, ["(", "[", "{", "\\("].contains(literal) {
      outer.append(context)
      context.isInHead = false
      context.newlinesAreBlanks = literal == "(" || literal == "["
    }
  }

  private mutating func separate() {
    defer { isAdjacent = false }
    if isAdjacent || text.isEmpty || text.last == "\n" { return }
    text += " "
    if Int.random(in: 0..<40, using: &random) == 0 { addTrivia(endsLine: false) }
    if context.newlinesAreBlanks, !context.isOneLine, Int.random(in: 0..<12, using: &random) == 0 {
      addTrivia(endsLine: true)
      text += "\n"
    }
  }

  /// A comment; one that goes to the end of the line only where a line break follows.
  private mutating func addTrivia(endsLine: Bool) {
    guard case .choice(let identifier, let parts)? = grammar.productions["COMMENT"] else { return }
    uses["COMMENT", default: 0] += 1
    let choice = endsLine ? 0 : 1
    uses["\(identifier).\(choice)", default: 0] += 1
    tokenDepth += 2
    text += " "
    guard case .sequence(let pieces) = parts[choice] else { return }
    for piece in pieces {
      if case .reference("NEWLINE") = piece { continue }
      expand(piece)
    }
    tokenDepth -= 2
    isAdjacent = false
    if !endsLine { text += " " }
  }
}
