import BorelBase
import BorelIR
import BorelPrimitives

extension FunctionLowering {
  /// Lowers an expression and returns the words of its value. `inTail`: the value is returned
  /// from the function as it is.
  func lower(_ expression: TypedExpression, inTail: Bool = false) -> Words {
    let span = expression.span
    switch expression.kind {
    case .integer(let value): return [number(value, expression.type, span)]
    case .real(let value): return [builder.real(value, at: span)]
    case .bool(let value): return [builder.bool(value, at: span)]
    case .string(let text): return [constantString(text, span)]
    case .nilValue, .unit: return zeros(expression.type, at: span)
    case .interpolation(let parts): return [join(parts.map { describe($0) }, span)]
    case .local(let local): return read(local)
    case .function(let reference): return lowerFunctionValue(reference, expression.type, span)
    case .primitiveFunction(let name): return lowerPrimitiveValue(name, expression.type, span)
    case .array(let elements):
      guard case .array(let element) = type(expression.type) else { return [] }
      let words = elements.flatMap { lower($0) }
      return append(.arrayMake(layout(element)), words, expression)
    case .tuple(let parts), .record(let parts), .structure(_, let parts):
      return box(parts.flatMap { lower($0) }, type(expression.type), span)
    case .field(let whole, let index): return lowerField(whole, index)
    case .enumCase(let id, let index, let payload):
      return lowerEnumCase(id, index, payload, span)
    case .primitive(let name, let arguments):
      return append(.primitive(name), arguments.flatMap { lower($0) }, expression)
    case .overloaded(let name, let arguments):
      let words = arguments.flatMap { lower($0) }
      return append(.primitive(resolve(name, arguments)), words, expression)
    case .broadcast: return [lowerElementwise(expression)]
    case .builtin(let builtin, let arguments):
      return lower(builtin, arguments, expression)
    case .host(let operation, let arguments): return lower(operation, arguments, expression)
    case .coercion(let coercion, let inner):
      return coerce(inner, coercion, to: type(expression.type), span)
    case .logDensity(let distribution, let value):
      let operands = lower(distribution) + lower(value)
      return append(.logDensity(layout(value.type)), operands, expression)
    default: return lowerControl(expression, inTail: inTail)
    }
  }

  /// Calls, branches, blocks and effects.
  private func lowerControl(_ expression: TypedExpression, inTail: Bool) -> Words {
    let span = expression.span
    switch expression.kind {
    case .and(let left, let right): return lowerAnd(left, right, span)
    case .or(let left, let right): return lowerOr(left, right, span)
    case .coalesce(let left, let right):
      return lowerCoalesce(left, right, expression.type, span)
    case .conditional(let condition, let then, let otherwise):
      return lowerConditional(
        condition, then, otherwise, expression.type, span, inTail: inTail)
    case .match(let subject, let cases):
      return lowerMatch(subject, cases, expression.type, span, inTail: inTail)
    case .block(let block): return lower(block, inTail: inTail)
    case .call(let reference, let arguments):
      return lowerCall(reference, arguments, expression, inTail: inTail)
    case .apply(let callee, let arguments):
      return lowerApply(callee, arguments, expression, inTail: inTail)
    case .closure(let closure): return lowerClosureValue(closure, expression.type, span)
    case .mem(let function): return lowerMem(function, expression.type, span)
    case .distribution(let construction):
      return [makeDistribution(construction, expression.type, span)]
    case .sample(let draw):
      return lower(draw, name: draw.staticAddress, isReported: false)
    case .observe(let observation): return lower(observation, isValueUsed: true)
    case .model(let reference, let arguments):
      return [makeModel(reference, arguments.flatMap { lower($0) }, expression)]
    case .infer(let model, let method, _, _):
      let results = layout(expression.type)
      let element = results.last.flatMap { type -> [IRType]? in
        if case .posterior(let layout) = type { layout } else { nil }
      }
      return builder.append(
        .infer(method: method, element ?? []), lower(model), results: results, at: span)
    default: internalError("an expression is lowered in two places")
    }
  }

  private func append(
    _ operation: Operation, _ operands: Words, _ expression: TypedExpression
  ) -> Words {
    builder.append(
      operation, operands, results: layout(expression.type), at: expression.span)
  }

  /// One word of an expression that has one.
  func lowerWord(_ expression: TypedExpression) -> ValueID {
    // An expression that does not complete has no words; what reads it is not reached.
    lower(expression).first ?? builder.int(0, at: expression.span)
  }

  /// An integer literal, which may have been typed as a real.
  private func number(_ value: Int64, _ type: StaticType, _ span: Span) -> ValueID {
    self.type(type) == .real
      ? builder.real(Double(value), at: span) : builder.int(value, at: span)
  }

  private func lowerField(_ whole: TypedExpression, _ index: Int) -> Words {
    let words = unbox(lower(whole), type(whole.type), whole.span)
    let range = owner.types.range(ofField: index, in: type(whole.type))
    guard range.upperBound <= words.count else { return [] }
    return Array(words[range])
  }

  /// The words of a struct from those of its fields: a box where the struct contains itself.
  func box(_ fields: Words, _ type: StaticType, _ span: Span) -> Words {
    guard let number = owner.types.box(type) else { return fields }
    let layout = owner.types.layout(owner.types.fields(type))
    return builder.append(
      .boxMake(tag: 0, layout), fields, results: [.enumeration(number)], at: span)
  }

  /// The words of the fields of a struct, tuple or record.
  func unbox(_ words: Words, _ type: StaticType, _ span: Span) -> Words {
    if owner.types.box(type) == nil || words.isEmpty { return words }
    let layout = owner.types.layout(owner.types.fields(type))
    return builder.append(
      .boxFields(tag: 0, first: 0, layout), words, results: layout, at: span)
  }

  private func lowerEnumCase(
    _ id: EnumID, _ index: Int, _ payload: [TypedExpression], _ span: Span
  ) -> Words {
    if owner.types.isPlain(id) { return [builder.int(Int64(index), at: span)] }
    let words = payload.flatMap { lower($0) }
    let layout = owner.types.layout(owner.types.payload(id, index))
    return builder.append(
      .boxMake(tag: index, layout), words, results: [.enumeration(id.index)], at: span)
  }

  // MARK: Overloads and equality

  /// The primitive that an operation on a generic type is for these operands.
  func resolve(_ name: String, _ arguments: [TypedExpression]) -> String {
    guard let first = arguments.first else { return name }
    return "\(name).\(suffix(type(first.type)) ?? "real")"
  }

  private func suffix(_ type: StaticType) -> String? {
    switch type {
    case .int: "int"
    case .real: "real"
    case .bool: "bool"
    case .string: "string"
    case .enumeration(let id): owner.types.isPlain(id) ? "int" : nil
    default: nil
    }
  }

  func equal(_ a: Words, _ b: Words, _ type: StaticType, _ span: Span) -> ValueID {
    let type = self.type(type)
    if let suffix = suffix(type) { return primitive("equal.\(suffix)", a + b, .bool, at: span) }
    let layout = owner.types.layout(type)
    if layout.isEmpty { return builder.bool(true, at: span) }
    return builder.appendValue(.equal(layout), a + b, .bool, at: span)
  }

  func notEqual(_ a: Words, _ b: Words, _ type: StaticType, _ span: Span) -> ValueID {
    if let suffix = suffix(self.type(type)) {
      return primitive("notEqual.\(suffix)", a + b, .bool, at: span)
    }
    return primitive("not", [equal(a, b, type, span)], .bool, at: span)
  }

  // MARK: Text

  /// The text of a value.
  func describe(_ expression: TypedExpression) -> ValueID {
    describe(lower(expression), expression.type, expression.span)
  }

  func describe(_ words: Words, _ type: StaticType, _ span: Span) -> ValueID {
    switch self.type(type) {
    case .string where !words.isEmpty: words[0]
    case .int where !words.isEmpty: primitive("string.fromInt", words, .string, at: span)
    case .real where !words.isEmpty: primitive("string.fromReal", words, .string, at: span)
    case .bool where !words.isEmpty: primitive("string.fromBool", words, .string, at: span)
    default: builder.appendValue(.describe(shape(type)), words, .string, at: span)
    }
  }
}
