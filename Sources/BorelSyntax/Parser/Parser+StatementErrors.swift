import BorelBase

extension Parser {
  /// What to write instead of a word that starts a statement in another language; nil when the
  /// word is an ordinary name here.
  var foreignWordHint: String? {
    guard kind == .identifier else { return nil }
    let next = peek(1)
    guard !next.isAfterNewline,
      next.kind == .identifier || next.kind == .keywordFor || next.kind == .leftBrace
    else { return nil }
    let isFollowedByName = next.kind == .identifier
    switch text(of: current) {
    case "fn", "def", "function", "fun", "proc":
      return isFollowedByName ? "a function starts with 'func'" : nil
    case "const", "val", "mut": return isFollowedByName ? "write 'let' or 'var'" : nil
    case "switch": return isFollowedByName ? "write 'match'" : nil
    case "import", "include", "using":
      return isFollowedByName ? "the standard library needs no import" : nil
    case "class", "record", "type": return isFollowedByName ? "write 'struct'" : nil
    case "elif", "elsif", "elseif": return "write 'else if'"
    case "until", "unless": return isFollowedByName ? "write 'while !' or 'if !'" : nil
    case "loop", "repeat", "forever": return next.kind == .leftBrace ? nil : "write 'while true'"
    default: return nil
    }
  }

  /// A hint for what stands where a statement should end.
  func separatorHint(after start: Token) -> String? {
    switch kind {
    case .keywordElse: return nil
    case .leftBrace: return "a '{' after this cannot start a block"
    case .colon where start.kind == .identifier && start.end == current.start:
      return "a variable is declared with 'let \(text(of: start)): ... = ...'"
    case .fatArrow, .arrow: return "a closure is '{ x in ... }'"
    default: break
    }
    if let hint = operatorHint { return hint }
    if kind == .identifier, index > 0, tokens[index - 1].start == start.start,
      start.kind == .identifier
    {
      if peek(1).kind == .assign {
        return "a variable is declared with 'let \(text(of: current)) = ...'"
      }
      return "a call has parentheses: '\(text(of: start))(...)'"
    }
    if kind == .stringOpen || kind == .integer, index > 0, tokens[index - 1].start == start.start,
      start.kind == .identifier
    {
      return "a call has parentheses: '\(text(of: start))(...)'"
    }
    return nil
  }
}

extension Diagnostic {
  static func missingSeparator(found: String, at span: Span, hint: String?) -> Diagnostic {
    Diagnostic(
      "E0112", .check, "expected a new line or ';' after the statement, found \(found)", at: span,
      hints: hint.map { [$0] } ?? [])
  }

  static func assignmentInExpression(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0115", .check, "'=' cannot stand inside an expression", at: span,
      hints: ["compare with '=='; an assignment is a statement of its own"])
  }

  static func assignmentTarget(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0120", .check,
      "the left side of an assignment must be a variable, an element or a field", at: span)
  }

  static func drawTarget(_ found: String, at span: Span, hint: String) -> Diagnostic {
    Diagnostic(
      "E0116", .check, "the left side of '~' must be a name, found \(found)", at: span,
      hints: [hint])
  }

  static func letBeforeDraw(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0121", .check, "'~' introduces '\(name)' without 'let'", at: span,
      hints: ["write '\(name) ~ ...', or 'let \(name) = sample ...' for an unnamed draw"])
  }

  static func annotatedDraw(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0121", .check, "the type of a draw follows from its distribution", at: span,
      hints: ["leave the ':' and the type out"])
  }

  static func parenthesizedFor(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0119", .check, "the head of 'for' has no parentheses", at: span,
      hints: ["write 'for \(name) in ... { }'"])
  }

  static func nestedDeclaration(_ keyword: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0126", .check, "'\(keyword)' is declared at the top level of a file", at: span,
      hints: ["move it out of the braces; a 'func' can stand inside"])
  }

  static func elseWithoutIf(at span: Span) -> Diagnostic {
    Diagnostic("E0110", .check, "'else' without an 'if' before it", at: span)
  }

  static func caseOutsideMatch(_ keyword: String, at span: Span) -> Diagnostic {
    Diagnostic("E0110", .check, "'\(keyword)' outside 'match'", at: span)
  }

  static func foreignWord(_ word: String, _ hint: String, at span: Span) -> Diagnostic {
    Diagnostic("E0117", .check, "'\(word)' starts no statement", at: span, hints: [hint])
  }
}
