import Foundation

/// The productions of `grammar/borel.ebnf`.
struct Grammar {
  indirect enum Node {
    case literal(String)
    case reference(String)
    case characters([ClosedRange<UInt32>])
    case sequence([Node])
    /// The identifier is unique in the grammar: the coverage is counted by it.
    case choice(String, [Node])
    case optional(Node)
    case star(Node)
    case plus(Node)
    /// `% a`
    case adjacent(Node)
    /// `^ a`
    case notInHead(Node)
    /// `a - b`
    case except(Node, Node)
  }

  var productions: [String: Node] = [:]
  var order: [String] = []

  /// The root of the package, found from the place of this file.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  static func load() throws -> Grammar {
    let url = root.appendingPathComponent("grammar/borel.ebnf")
    return Grammar(try String(contentsOf: url, encoding: .utf8))
  }

  init(_ text: String) {
    let stripped = text.replacing(/\/\*(?:[^*]|\*[^\/])*\*\/\n/, with: "")
    for line in stripped.split(separator: "\n") {
      guard let sign = line.firstRange(of: " ::= ") else { continue }
      let name = String(line[..<sign.lowerBound])
      var reader = NotationReader(name, Array(line[sign.upperBound...]))
      productions[name] = reader.choice()
      order.append(name)
    }
  }

  /// All nodes below a node, itself included.
  static func nodes(_ node: Node) -> [Node] {
    switch node {
    case .literal, .reference, .characters: [node]
    case .sequence(let parts), .choice(_, let parts): [node] + parts.flatMap(nodes)
    case .optional(let part), .star(let part), .plus(let part), .adjacent(let part),
      .notInHead(let part):
      [node] + nodes(part)
    case .except(let base, let excluded): [node] + nodes(base) + nodes(excluded)
    }
  }

  /// The literals of the productions of a kind: `isToken` for those in capitals.
  func literals(inTokens isToken: Bool) -> Set<String> {
    var result: Set<String> = []
    for (name, body) in productions where Grammar.isToken(name) == isToken {
      for case .literal(let text) in Grammar.nodes(body) { result.insert(text) }
    }
    return result
  }

  static func isToken(_ name: String) -> Bool { name.first?.isUppercase ?? false }
}

/// Reads the right side of a production.
struct NotationReader {
  private let name: String
  private let characters: [Character]
  private var position = 0
  private var choiceCount = 0

  init(_ name: String, _ characters: [Character]) {
    self.name = name
    self.characters = characters
  }

  private var next: Character? {
    mutating get {
      while position < characters.count, characters[position] == " " { position += 1 }
      return position < characters.count ? characters[position] : nil
    }
  }

  mutating func choice() -> Grammar.Node {
    choiceCount += 1
    let identifier = "\(name)#\(choiceCount)"
    var alternatives = [sequence()]
    while next == "|" {
      position += 1
      alternatives.append(sequence())
    }
    return alternatives.count == 1 ? alternatives[0] : .choice(identifier, alternatives)
  }

  private mutating func sequence() -> Grammar.Node {
    var parts: [Grammar.Node] = []
    while let character = next, character != "|", character != ")" {
      if character == "-" {
        position += 1
        parts.append(.except(parts.removeLast(), repeated()))
      } else {
        parts.append(repeated())
      }
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func repeated() -> Grammar.Node {
    var node = item()
    while position < characters.count, let sign = "?*+".first(where: { $0 == characters[position] })
    {
      position += 1
      node = sign == "?" ? .optional(node) : sign == "*" ? .star(node) : .plus(node)
    }
    return node
  }

  private mutating func item() -> Grammar.Node {
    switch next {
    case "%":
      position += 1
      return .adjacent(repeated())
    case "^":
      position += 1
      return .notInHead(repeated())
    case "(":
      position += 1
      let inner = choice()
      _ = next
      position += 1
      return inner
    case "'":
      position += 1
      return .literal(take { $0 != "'" })
    case "[":
      position += 1
      return .characters(ranges(Array(take { $0 != "]" })))
    default:
      let start = position
      while position < characters.count,
        characters[position].isLetter || characters[position] == "_"
      {
        position += 1
      }
      return .reference(String(characters[start..<position]))
    }
  }

  /// The characters up to one that does not satisfy a condition, which is skipped.
  private mutating func take(while condition: (Character) -> Bool) -> String {
    let start = position
    while position < characters.count, condition(characters[position]) { position += 1 }
    defer { position += 1 }
    return String(characters[start..<position])
  }

  private func ranges(_ text: [Character]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var index = 0
    func value(_ at: Int) -> UInt32 { text[at].unicodeScalars.first?.value ?? 0 }
    while index < text.count {
      if index + 2 < text.count, text[index + 1] == "-" {
        result.append(value(index)...value(index + 2))
        index += 3
      } else {
        result.append(value(index)...value(index))
        index += 1
      }
    }
    return result
  }
}
