import BorelBase
import BorelIR
import BorelPrimitives

/// What one element of an elementwise expression is made of. Arrays and scalars are evaluated
/// once, before the loop; the operations in between run per element, without arrays in between.
indirect enum ElementPlan {
  case uniform(Words)
  case element(ArraySource)
  case operation(String, [ElementPlan], IRType, Span)

  /// The arrays that are read, from left to right.
  var sources: [ArraySource] {
    switch self {
    case .uniform: []
    case .element(let source): [source]
    case .operation(_, let parts, _, _): parts.flatMap(\.sources)
    }
  }
}

extension FunctionLowering {
  /// Evaluates the arrays and scalars of an expression with an array type.
  func plan(_ expression: TypedExpression) -> ElementPlan {
    switch expression.kind {
    case .broadcast(let operation, let arguments, let isArray):
      let parts = zip(arguments, isArray).map { argument, isArray in
        isArray ? plan(argument) : ElementPlan.uniform(lower(argument))
      }
      switch operation {
      case .primitive(let name):
        return .operation(name, parts, resultType(of: name), expression.span)
      case .intToReal: return .operation("real.fromInt", parts, .real, expression.span)
      }
    case .coercion(.elements(.intToReal), let inner):
      if type(inner.type) == .array(.real) { return plan(inner) }
      return .operation("real.fromInt", [plan(inner)], .real, expression.span)
    default: return .element(ArraySource(self, expression))
    }
  }

  private func resultType(of primitive: String) -> IRType {
    switch owner.program.primitive(named: primitive)?.result {
    case .int: .int
    case .bool: .bool
    case .string: .string
    case .matrix: .matrix
    case .realArray: .array([.real])
    case .intArray: .array([.int])
    case .boolArray: .array([.bool])
    case .real, nil: .real
    }
  }

  /// The words of the element at an index. An array that is read twice is read once.
  func evaluate(
    _ plan: ElementPlan, _ index: ValueID, _ read: inout [ValueID: Words], _ span: Span
  ) -> Words {
    switch plan {
    case .uniform(let words): return words
    case .element(let source):
      if let words = read[source.array] { return words }
      let words = source.element(index, self, span)
      read[source.array] = words
      return words
    case .operation(let name, let parts, let type, let span):
      let operands = parts.flatMap { evaluate($0, index, &read, span) }
      return [primitive(name, operands, type, at: span)]
    }
  }

  /// An elementwise expression as an array: one loop, whatever the size of the expression.
  func lowerElementwise(_ expression: TypedExpression) -> ValueID {
    let plan = plan(expression)
    let layout = layout(expression.type)
    let count = checkedCount(plan.sources, at: expression.span)
    guard case .array(let element) = layout.first else { internalError("not an array") }
    return buildArray(count: count, element, at: expression.span) { index in
      var read: [ValueID: Words] = [:]
      return self.evaluate(plan, index, &read, expression.span)
    }
  }

  /// An array of `count` elements, each computed from its index.
  func buildArray(
    count: ValueID, _ element: [IRType], at span: Span, _ body: (ValueID) -> Words
  ) -> ValueID {
    let type = IRType.array(element)
    let array = builder.makeVariable(type)
    builder.write(array, builder.appendValue(.arrayMake(element), [], type, at: span))
    countingLoop(from: builder.int(0, at: span), to: count, at: span) { index in
      let words = body(index)
      let old = builder.read(array)
      builder.write(
        array, builder.appendValue(.arrayAppend(element), [old] + words, type, at: span))
    }
    return builder.read(array)
  }
}
