import BorelBase
import BorelIR

extension FunctionLowering {
  func lowerFor(
    _ pattern: TypedPattern, _ sequence: TypedSequence, _ body: TypedBlock, _ span: Span
  ) {
    switch sequence {
    case .range(let lower, let upper, let isClosed):
      let (first, end) = rangeBounds(lower, upper, isClosed: isClosed, span)
      countingLoop(from: first, to: end, isClosed: isClosed, at: span) { index in
        bind(pattern, [index])
        _ = self.lower(body)
      }
    case .array(let array):
      let source = ArraySource(self, array)
      arrayLoop([source], at: span) { index in
        if !pattern.isWildcard { bind(pattern, source.element(index, self, pattern.span)) }
        _ = self.lower(body)
      }
    case .enumerated(let array):
      let source = ArraySource(self, array)
      arrayLoop([source], at: span) { index in
        bindPair(pattern, [index], source, index)
        _ = self.lower(body)
      }
    case .zip(let left, let right):
      let first = ArraySource(self, left)
      let second = ArraySource(self, right)
      arrayLoop([first, second], at: span) { index in
        let element = first.element(index, self, pattern.span)
        bindPair(pattern, element, second, index)
        _ = self.lower(body)
      }
    }
  }

  /// Binds a pair of words that are there and the element of an array, which is read only when
  /// the pattern needs it.
  private func bindPair(
    _ pattern: TypedPattern, _ first: Words, _ second: ArraySource, _ index: ValueID
  ) {
    if case .tuple(let parts) = pattern.kind, parts.count == 2 {
      bind(parts[0], first)
      if !parts[1].isWildcard { bind(parts[1], second.element(index, self, parts[1].span)) }
    } else if !pattern.isWildcard {
      bind(pattern, first + second.element(index, self, pattern.span))
    }
  }

  /// Evaluates the bounds of a range, which must not be the wrong way round.
  func rangeBounds(
    _ lower: TypedExpression, _ upper: TypedExpression, isClosed: Bool, _ span: Span
  ) -> (ValueID, ValueID) {
    let first = self.lower(lower)[0]
    let end = self.lower(upper)[0]
    if case .integer(let a) = lower.kind {
      if case .integer(let b) = upper.kind, a <= b { return (first, end) }
      if a == 0, !isClosed, case .builtin(.arrayCount, _) = upper.kind { return (first, end) }
    }
    let isReversed = primitive("greater.int", [first, end], .bool, at: span)
    stop(when: isReversed, at: span) {
      let text = describeInts("the range from ", first, " to ", end, span)
      builder.append(.fail("ends before it starts: "), [text], results: [], at: span)
    }
    return (first, end)
  }

  /// A loop over integers. The index is the counter in addresses.
  func countingLoop(
    from first: ValueID, to end: ValueID, isClosed: Bool = false, at span: Span,
    _ body: (ValueID) -> Void
  ) {
    let counter = builder.makeVariable(.int)
    builder.write(counter, first)
    loop(counter: counter, at: span) { _, exit, bodyBlock in
      let index = builder.read(counter)
      let comparison = isClosed ? "lessEqual.int" : "less.int"
      let goesOn = primitive(comparison, [index, end], .bool, at: span)
      builder.branch(goesOn, then: bodyBlock, otherwise: exit, at: span)
    } body: {
      body(builder.read(counter))
    } next: {
      let index = builder.read(counter)
      let one = builder.int(1, at: span)
      builder.write(counter, primitive("add.int", [index, one], .int, at: span))
    }
  }

  func lowerWhile(_ condition: TypedCondition, _ body: TypedBlock, _ span: Span) {
    let counter = builder.makeVariable(.int)
    builder.write(counter, builder.int(0, at: span))
    loop(counter: counter, at: span) { _, exit, bodyBlock in
      lower(condition, then: bodyBlock, otherwise: exit, span)
    } body: {
      _ = self.lower(body)
    } next: {
      // Only loops with addresses inside need to be counted.
      guard loops.last?.isCounterUsed == true else { return }
      let index = builder.read(counter)
      let one = builder.int(1, at: span)
      builder.write(counter, primitive("add.int", [index, one], .int, at: span))
    }
  }

  /// The blocks of a loop: a header that tests, the body, a latch that steps, and the exit.
  private func loop(
    counter: WordVariable, at span: Span,
    test: (_ header: BlockID, _ exit: BlockID, _ body: BlockID) -> Void,
    body: () -> Void, next: () -> Void
  ) {
    let header = builder.makeBlock()
    let bodyBlock = builder.makeBlock()
    let latch = builder.makeBlock()
    let exit = builder.makeBlock()
    builder.jump(header, at: span)
    builder.enter(header)
    // The condition of a `while` is evaluated in each iteration: its draws belong to the loop.
    loops.append(Loop(counter: counter, breakBlock: exit, continueBlock: latch))
    test(header, exit, bodyBlock)
    builder.seal(bodyBlock)
    builder.enter(bodyBlock)
    body()
    builder.jump(latch, at: span)
    builder.seal(latch)
    builder.enter(latch)
    next()
    builder.jump(header, at: span)
    builder.seal(header)
    loops.removeLast()
    builder.seal(exit)
    builder.enter(exit)
  }

  /// A loop over the positions of arrays of the same length, which is checked first.
  func arrayLoop(_ sources: [ArraySource], at span: Span, _ body: (ValueID) -> Void) {
    let counts = checkedCount(sources, at: span)
    countingLoop(from: builder.int(0, at: span), to: counts, at: span, body)
  }

  /// The common length of arrays. Stops the run where they differ.
  func checkedCount(_ sources: [ArraySource], at span: Span) -> ValueID {
    let count = sources[0].count(self, span)
    for other in sources.dropFirst() where other.array != sources[0].array {
      let otherCount = other.count(self, span)
      let differs = primitive("notEqual.int", [count, otherCount], .bool, at: span)
      stop(when: differs, at: span) {
        let text = describeInts("", count, " and ", otherCount, span)
        builder.append(
          .fail(
            "arrays of equal length are needed (single values stretch, `concat` joins), found lengths "
          ),
          [text], results: [],
          at: span)
      }
    }
    return count
  }

  private func describeInts(
    _ start: String, _ a: ValueID, _ middle: String, _ b: ValueID, _ span: Span
  ) -> ValueID {
    let first = primitive("string.fromInt", [a], .string, at: span)
    let second = primitive("string.fromInt", [b], .string, at: span)
    let parts = [constantString(middle, span), second]
    return join(
      start.isEmpty ? [first] + parts : [constantString(start, span), first] + parts, span)
  }

  func constantString(_ text: String, _ span: Span) -> ValueID {
    builder.constant(.string(text), .string, at: span)
  }

  func join(_ parts: Words, _ span: Span) -> ValueID {
    guard var text = parts.first else { return constantString("", span) }
    for part in parts.dropFirst() {
      text = primitive("concat.string", [text, part], .string, at: span)
    }
    return text
  }
}

/// An array that is read element by element.
struct ArraySource {
  let array: ValueID
  let layout: [IRType]
  let elementType: StaticType

  init(_ lowering: FunctionLowering, _ expression: TypedExpression) {
    guard case .array(let element) = lowering.type(expression.type) else {
      internalError("a loop over no array")
    }
    elementType = element
    layout = lowering.owner.types.layout(element)
    array = lowering.lower(expression)[0]
  }

  init(array: ValueID, layout: [IRType], elementType: StaticType) {
    self.array = array
    self.layout = layout
    self.elementType = elementType
  }

  func count(_ lowering: FunctionLowering, _ span: Span) -> ValueID {
    lowering.builder.appendValue(.arrayCount, [array], .int, at: span)
  }

  func element(_ index: ValueID, _ lowering: FunctionLowering, _ span: Span) -> Words {
    lowering.builder.append(.arrayGet(layout), [array, index], results: layout, at: span)
  }
}

extension TypedPattern {
  var isWildcard: Bool {
    if case .wildcard = kind { true } else { false }
  }
}
