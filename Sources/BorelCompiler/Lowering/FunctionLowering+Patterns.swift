import BorelBase
import BorelIR

extension FunctionLowering {
  /// Binds the names of a pattern that always matches.
  func bind(_ pattern: TypedPattern, _ words: Words) {
    match(pattern, words, otherwise: nil)
  }

  /// Goes to `otherwise` where a value does not match, and binds names where it does. Without
  /// `otherwise` the pattern is known to match and nothing is tested.
  func match(_ pattern: TypedPattern, _ words: Words, otherwise: BlockID?) {
    let span = pattern.span
    switch pattern.kind {
    case .wildcard: break
    case .binding(let local): declare(local, words)
    case .literal(let value):
      guard otherwise != nil else { return }
      go(on: equal(words, lower(value), pattern.type, span), otherwise, span)
    case .absent:
      guard otherwise != nil else { return }
      go(on: primitive("not", [words[0]], .bool, at: span), otherwise, span)
    case .present(let inner):
      if otherwise != nil { go(on: words[0], otherwise, span) }
      match(inner, Array(words.dropFirst()), otherwise: otherwise)
    case .enumCase(let id, let index, let payload):
      matchCase(id, index, payload, words, otherwise, span)
    case .tuple(let parts):
      for (position, part) in parts.enumerated() {
        let range = owner.types.range(ofField: position, in: type(pattern.type))
        match(part, Array(words[range]), otherwise: otherwise)
      }
    }
  }

  private func matchCase(
    _ id: EnumID, _ index: Int, _ payload: [TypedPattern], _ words: Words, _ otherwise: BlockID?,
    _ span: Span
  ) {
    let isPlain = owner.types.isPlain(id)
    if otherwise != nil {
      let tag =
        isPlain ? words[0] : builder.appendValue(.boxTag, [words[0]], .int, at: span)
      let number = builder.int(Int64(index), at: span)
      go(on: primitive("equal.int", [tag, number], .bool, at: span), otherwise, span)
    }
    if isPlain { return }
    var first = 0
    for (part, type) in zip(payload, owner.types.payload(id, index)) {
      let layout = owner.types.layout(type)
      if !part.isWildcard {
        let fields = builder.append(
          .boxFields(tag: index, first: first, layout), words, results: layout, at: span)
        match(part, fields, otherwise: otherwise)
      }
      first += layout.count
    }
  }

  /// Goes on in a new block where the condition holds.
  private func go(on condition: ValueID, _ otherwise: BlockID?, _ span: Span) {
    guard let otherwise else { return }
    let next = builder.makeBlock()
    builder.branch(condition, then: next, otherwise: otherwise, at: span)
    builder.seal(next)
    builder.enter(next)
  }

  // MARK: Match expressions

  func lowerMatch(
    _ subject: TypedExpression, _ cases: [TypedMatchCase], _ type: StaticType, _ span: Span,
    inTail: Bool
  ) -> Words {
    let words = lower(subject)
    let join = Join(self, type)
    for (index, item) in cases.enumerated() {
      let isLast = index == cases.count - 1 && item.guardCondition == nil
      let next = builder.makeBlock()
      match(item.pattern, words, otherwise: isLast ? nil : next)
      if let condition = item.guardCondition {
        go(on: lower(condition)[0], next, item.span)
      }
      join.leave(self, lower(item.body, inTail: inTail), item.span)
      builder.seal(next)
      builder.enter(next)
    }
    // Nothing gets here: the last case matches.
    if builder.isReachable {
      builder.returnValues(resultLayout.map { builder.zero($0, at: span) }, at: span)
    }
    return join.arrive(self)
  }
}

/// The place where branches meet again, and the words of the value that they agree on.
struct Join {
  let block: BlockID
  let variables: [WordVariable]

  init(_ lowering: FunctionLowering, _ type: StaticType) {
    self.init(lowering, layout: lowering.layout(type))
  }

  init(_ lowering: FunctionLowering, layout: [IRType]) {
    variables = layout.map { lowering.builder.makeVariable($0) }
    block = lowering.builder.makeBlock()
  }

  /// Ends a branch with its value. A branch that does not complete has no value.
  func leave(_ lowering: FunctionLowering, _ words: Words, _ span: Span) {
    if lowering.builder.isReachable {
      for (variable, word) in zip(variables, words) { lowering.builder.write(variable, word) }
      lowering.builder.jump(block, at: span)
    } else {
      lowering.builder.returnValues(
        lowering.resultLayout.map { lowering.builder.zero($0, at: span) }, at: span)
    }
  }

  /// Goes on after all branches have left.
  func arrive(_ lowering: FunctionLowering) -> Words {
    lowering.builder.seal(block)
    lowering.builder.enter(block)
    return variables.map { lowering.builder.read($0) }
  }
}
