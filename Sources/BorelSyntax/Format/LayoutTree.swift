/// The tokens of a program by brackets, statements and elements: what the formatter lays out.
enum LayoutPiece {
  case token(Int)
  /// A whole string literal, from its opening to its closing token; printed as it is.
  case string(Int, Int)
  case group(LayoutGroup)

  var firstToken: Int {
    switch self {
    case .token(let index), .string(let index, _): index
    case .group(let group): group.open
    }
  }

  var lastToken: Int {
    switch self {
    case .token(let index), .string(_, let index): index
    case .group(let group): group.close
    }
  }
}

/// A statement, a field, a case of an enum, or the label of a case in `match`.
struct LayoutStatement {
  var pieces: [LayoutPiece] = []
  var isCaseLabel = false
  var hasSemicolon = false
}

/// A pair of brackets with what stands between them.
final class LayoutGroup {
  enum Kind {
    /// `( )` and `[ ]`: elements with commas.
    case list
    /// `{a: 1}`: a list in braces.
    case record
    /// `{ }` with statements or members.
    case block
    case match
  }

  let kind: Kind
  let open: Int
  var close: Int
  /// The elements of a list or record, each with its comma.
  var elements: [[LayoutPiece]] = []
  /// What stands before the first statement: the parameters of a closure and `in`.
  var head: [LayoutPiece] = []
  var statements: [LayoutStatement] = []
  /// A list that stands on several lines already or has a comment to the end of a line.
  var isForced = false
  /// A block that stands on one line.
  var isOneLine = false
  /// The width on one line up to the first line break that must be, and whether there is one.
  var flatWidth: (width: Int, isCut: Bool)?

  init(kind: Kind, open: Int) {
    self.kind = kind
    self.open = open
    close = open
  }

  var isEmpty: Bool { elements.isEmpty && head.isEmpty && statements.isEmpty }

  /// A long list of literals is filled line by line instead of one element per line.
  func isFilled(_ tokens: [Token]) -> Bool {
    guard kind == .list, tokens[open].kind == .leftBracket, elements.count > 6 else { return false }
    return elements.allSatisfy { element in
      element.allSatisfy { piece in
        guard case .token(let index) = piece else { return false }
        switch tokens[index].kind {
        case .integer, .real, .minus, .comma, .keywordNil, .keywordTrue, .keywordFalse: return true
        default: return false
        }
      }
    }
  }
}

/// Builds the layout tree of a program that has been parsed without errors.
struct LayoutTreeBuilder {
  let tokens: [Token]
  let notes: TokenNotes
  /// Whether a comment that ends a line stands before each token.
  let endsLineBefore: [Bool]
  private var index = 0

  init(tokens: [Token], notes: TokenNotes, endsLineBefore: [Bool]) {
    self.tokens = tokens
    self.notes = notes
    self.endsLineBefore = endsLineBefore
  }

  mutating func program() -> LayoutGroup {
    let root = LayoutGroup(kind: .block, open: 0)
    statements(of: root)
    root.close = index
    return root
  }

  private mutating func piece() -> LayoutPiece {
    let start = index
    switch tokens[index].kind {
    case .stringOpen:
      var depth = 0
      repeat {
        if tokens[index].kind == .stringOpen { depth += 1 }
        if tokens[index].kind == .stringClose { depth -= 1 }
        index += 1
      } while depth > 0 && index < tokens.count - 1
      return .string(start, index - 1)
    case .leftParenthesis, .leftBracket: return .group(list(kind: .list))
    case .leftBrace:
      switch notes.roles[index] {
      case .record: return .group(list(kind: .record))
      case .match: return .group(block(kind: .match))
      default: return .group(block(kind: .block))
      }
    default:
      index += 1
      return .token(start)
    }
  }

  private mutating func list(kind: LayoutGroup.Kind) -> LayoutGroup {
    let group = LayoutGroup(kind: kind, open: index)
    index += 1
    group.isForced = tokens[index].isAfterNewline
    var element: [LayoutPiece] = []
    while !isClosing {
      if endsLineBefore[index] { group.isForced = true }
      let isComma = tokens[index].kind == .comma
      element.append(piece())
      if isComma {
        group.elements.append(element)
        element = []
      }
    }
    if !element.isEmpty { group.elements.append(element) }
    if endsLineBefore[index] { group.isForced = true }
    if group.elements.isEmpty, !endsLineBefore[index] { group.isForced = false }
    group.close = index
    index += 1
    return group
  }

  private mutating func block(kind: LayoutGroup.Kind) -> LayoutGroup {
    let group = LayoutGroup(kind: kind, open: index)
    index += 1
    statements(of: group)
    group.close = index
    let isOnOneLine = tokens[(group.open + 1)...group.close].allSatisfy { !$0.isAfterNewline }
    let labelCount = group.statements.count(where: \.isCaseLabel)
    group.isOneLine = isOnOneLine && labelCount < 2
    index += 1
    return group
  }

  private var isClosing: Bool {
    switch tokens[index].kind {
    case .rightParenthesis, .rightBracket, .rightBrace, .endOfFile: true
    default: false
    }
  }

  private mutating func statements(of group: LayoutGroup) {
    while !isClosing {
      if tokens[index].kind == .semicolon {
        if !group.statements.isEmpty {
          group.statements[group.statements.count - 1].hasSemicolon = true
        }
        index += 1
        continue
      }
      if notes.starts[index] {
        group.statements.append(
          LayoutStatement(isCaseLabel: notes.roles[index] == .caseLabel))
      }
      let next = piece()
      if group.statements.isEmpty {
        group.head.append(next)
      } else {
        group.statements[group.statements.count - 1].pieces.append(next)
      }
    }
  }
}
