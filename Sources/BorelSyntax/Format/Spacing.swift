extension Formatter {
  /// Whether a blank stands between two tokens of one line.
  func needsSpace(_ left: Int, _ right: Int) -> Bool {
    let (leftKind, rightKind) = (tokens[left].kind, tokens[right].kind)
    let (leftRole, rightRole) = (roles[left], roles[right])
    switch rightKind {
    case .comma, .semicolon, .colon, .rightParenthesis, .rightBracket: return false
    default: break
    }
    switch leftKind {
    case .leftParenthesis, .leftBracket: return false
    default: break
    }
    switch rightRole {
    case .dot: return joinsIntoReal(left, right)
    case .suffix, .typeSuffix, .generic: return false
    case .range: return leftKind.isKeyword && leftRole != .name
    default: break
    }
    switch leftRole {
    case .dot, .leadingDot, .prefix, .record: return false
    case .generic where leftKind == .less: return false
    case .range: return rightKind == .assign
    default: return true
    }
  }

  /// `1 .0` without the blank would be the number 1.0.
  private func joinsIntoReal(_ left: Int, _ dot: Int) -> Bool {
    let isPosition = left > 0 && roles[left - 1] == .dot
    return tokens[left].kind == .integer && !isPosition && tokens[dot + 1].kind == .integer
  }
}
