extension Formatter {
  /// Prints brackets and what stands between them.
  ///
  /// - Parameter rest: The width of what follows on the same line.
  mutating func printGroup(
    _ group: LayoutGroup, gap: Gap, rest: Int, commentIndent: Int, allowsBlank: Bool
  ) {
    emit(
      group.open, through: group.open, gap, commentIndent: commentIndent, allowsBlank: allowsBlank)
    let (width, isCut) = flatWidth(group)
    let end = column - 1 + width + (isCut ? 0 : rest)
    if isList(group) {
      if !group.isForced, end <= Formatter.widestLine || group.elements.isEmpty {
        printFlatList(group)
      } else {
        printBrokenList(group)
      }
    } else if !isCut, end <= Formatter.widestLine {
      printFlatBlock(group)
    } else {
      printBrokenBlock(group)
    }
  }

  // MARK: Lists

  private mutating func printFlatList(_ group: LayoutGroup) {
    let indent = lineIndent + Formatter.indentWidth
    for (position, element) in group.elements.enumerated() {
      let isLast = position == group.elements.count - 1
      printSequence(
        isLast ? withoutComma(element) : element, gap: position == 0 ? .none : .space,
        breaksOperators: false)
    }
    emit(group.close, through: group.close, .none, commentIndent: indent)
  }

  /// One element per line, or lines filled with literals.
  private mutating func printBrokenList(_ group: LayoutGroup) {
    let base = lineIndent
    let indent = base + Formatter.indentWidth
    let isFilled = group.isFilled(tokens)
    for (position, element) in group.elements.enumerated() {
      var gap = Gap.line(indent)
      if isFilled, position > 0, column + 1 + measure(element).width <= Formatter.widestLine {
        gap = .space
      }
      lineIndent = indent
      printSequence(element, gap: gap, breaksOperators: true, allowsBlank: position > 0)
    }
    emit(group.close, through: group.close, .line(base), commentIndent: indent)
  }

  // MARK: Blocks

  private mutating func printFlatBlock(_ group: LayoutGroup) {
    let indent = lineIndent + Formatter.indentWidth
    printSequence(group.head, gap: .space, breaksOperators: false)
    for (position, statement) in group.statements.enumerated() {
      if position > 0, needsSemicolon(group.statements, position) { write(";") }
      printSequence(statement.pieces, gap: .space, breaksOperators: false)
    }
    emit(group.close, through: group.close, .space, commentIndent: indent)
  }

  /// The head of a closure stays beside the brace; each statement has its own line.
  private mutating func printBrokenBlock(_ group: LayoutGroup) {
    let base = lineIndent
    let indent = base + Formatter.indentWidth
    printSequence(group.head, gap: .space, breaksOperators: false)
    printStatements(group.statements, indent: indent)
    emit(group.close, through: group.close, .line(base), commentIndent: indent)
  }
}
