extension Formatter {
  /// The width of pieces on one line, up to the first line break that must be or the first block.
  ///
  /// - Parameter untilLastList: Stop after the opening bracket of the last piece: the list can be
  ///   broken instead.
  func measure(
    _ pieces: [LayoutPiece], untilLastList: Bool = false
  ) -> (width: Int, isCut: Bool) {
    var width = 0
    var previous: Int?
    for (position, piece) in pieces.enumerated() {
      let first = piece.firstToken
      if let previous {
        if endsLineBefore[first] { return (width, true) }
        width += commentWidth(before: first)
        if needsSpace(previous, first) { width += 1 }
      }
      switch piece {
      case .token(let index): width += self.width(of: index, through: index).0
      case .string(let open, let close):
        let (stringWidth, isCut) = self.width(of: open, through: close)
        width += stringWidth
        if isCut { return (width, true) }
      case .group(let group):
        if untilLastList, position == pieces.count - 1, group.kind == .list, !group.isEmpty {
          return (width + 1, true)
        }
        if untilLastList, group.kind == .block || group.kind == .match { return (width + 1, true) }
        let (groupWidth, isCut) = flatWidth(group)
        width += groupWidth
        if isCut { return (width, true) }
      }
      previous = piece.lastToken
    }
    return (width, false)
  }

  /// The width of what stands after a piece up to the next place where the line can be broken.
  func restWidth(_ pieces: [LayoutPiece], after position: Int, _ breaks: [Bool]) -> Int {
    var width = 0
    var previous = pieces[position].lastToken
    for next in pieces.indices.dropFirst(position + 1) {
      let piece = pieces[next]
      if breaks[next] || endsLineBefore[piece.firstToken] { return width }
      if needsSpace(previous, piece.firstToken) { width += 1 }
      switch piece {
      case .token(let index): width += self.width(of: index, through: index).0
      case .string(let open, let close):
        let (stringWidth, isCut) = self.width(of: open, through: close)
        width += stringWidth
        if isCut { return width }
      case .group(let group): return width + (group.isEmpty ? flatWidth(group).width : 1)
      }
      previous = piece.lastToken
    }
    return width
  }

  /// The width of a group on one line, and whether a line break inside must be.
  func flatWidth(_ group: LayoutGroup) -> (width: Int, isCut: Bool) {
    if let known = group.flatWidth { return known }
    let result = isList(group) ? listWidth(group) : blockWidth(group)
    group.flatWidth = result
    return result
  }

  func isList(_ group: LayoutGroup) -> Bool { group.kind == .list || group.kind == .record }

  private func listWidth(_ group: LayoutGroup) -> (width: Int, isCut: Bool) {
    if group.isForced { return (1, true) }
    var width = 1
    for (position, element) in group.elements.enumerated() {
      let isLast = position == group.elements.count - 1
      let pieces = isLast ? withoutComma(element) : element
      if position > 0 { width += 1 }
      let (elementWidth, isCut) = measure(pieces)
      width += elementWidth
      if isCut { return (width, true) }
    }
    return (width + commentWidth(before: group.close) + 1, false)
  }

  private func blockWidth(_ group: LayoutGroup) -> (width: Int, isCut: Bool) {
    var width = 1
    if !group.head.isEmpty { width += 1 + measure(group.head).width }
    if group.isEmpty, !endsLineBefore[group.close] {
      return (3 + commentWidth(before: group.close), false)
    }
    guard group.isOneLine else { return (width, true) }
    for (position, statement) in group.statements.enumerated() {
      if position > 0, needsSemicolon(group.statements, position) { width += 1 }
      let (statementWidth, isCut) = measure(statement.pieces)
      width += 1 + statementWidth
      if isCut { return (width, true) }
    }
    return (width + 2 + commentWidth(before: group.close), false)
  }

  /// Whether `;` stands between two statements of a block on one line.
  func needsSemicolon(_ statements: [LayoutStatement], _ position: Int) -> Bool {
    statements[position - 1].hasSemicolon && !statements[position].isCaseLabel
      && !statements[position - 1].isCaseLabel
  }

  func withoutComma(_ element: [LayoutPiece]) -> [LayoutPiece] {
    guard case .token(let index)? = element.last, tokens[index].kind == .comma else {
      return element
    }
    return Array(element.dropLast())
  }

  /// The width of tokens, and whether they contain a line break: the width then ends at it.
  private func width(of first: Int, through last: Int) -> (Int, Bool) {
    let range = Int(tokens[first].start)..<Int(tokens[last].end)
    var width = 0
    for byte in bytes[range] {
      if byte == UInt8(ascii: "\n") { return (width, true) }
      if byte & 0xC0 != 0x80 { width += 1 }
    }
    return (width, false)
  }

  /// The width of the comments on the line before a token, with a blank each.
  private func commentWidth(before index: Int) -> Int {
    guard index > 0 else { return 0 }
    let low = Int(tokens[index - 1].end)
    var width = 0
    for comment in commentsFrom(low, to: Int(tokens[index].start)) {
      width += Int(comment.end - comment.start) + 1
    }
    return width
  }
}
