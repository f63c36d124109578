import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Checks an expression without knowing its type.
  func infer(_ expression: Expression) -> TypedExpression { self.expression(expression, nil) }

  /// Checks an expression and converts it to a type.
  func check(_ expression: Expression, _ type: StaticType) -> TypedExpression {
    coerce(self.expression(expression, type), type)
  }

  /// Checks an expression.
  ///
  /// - Parameter expected: The type that the context asks for. It guides inference; the result may
  ///   have another type, which the caller converts.
  func expression(_ node: Expression, _ expected: StaticType?) -> TypedExpression {
    let span = node.span
    checker.depth += 1
    defer { checker.depth -= 1 }
    func make(_ kind: TypedExpression.Kind, _ type: StaticType) -> TypedExpression {
      TypedExpression(kind, type, span)
    }
    switch node.kind {
    case .integer(let value): return make(.integer(value), .int)
    case .real(let value): return make(.real(value), .real)
    case .bool(let value): return make(.bool(value), .bool)
    case .string(let parts): return string(parts, span)
    case .nilLiteral: return make(.nilValue, nilType(expected))
    case .unit: return make(.unit, .unit)
    case .name(let name): return self.name(name, span, expected)
    case .implicitMember(let name): return implicitCase(name, nil, expected, span)
    case .array(let elements): return array(elements, expected, span)
    case .tuple(let parts): return tuple(parts, expected, span)
    case .record(let fields): return record(fields, expected, span)
    case .member(let base, let name): return member(base, name, expected, span)
    case .index(let base, let indices): return index(base, indices, span)
    case .call(let callee, let arguments): return call(callee, arguments, expected, span)
    case .unary(let operation, let operand): return unary(operation, operand, expected, span)
    case .binary(let operation, let left, let right):
      return binary(operation, left, right, expected, span)
    case .range(let low, let high, let isClosed):
      let ends = [check(low, .int), check(high, .int)]
      return make(.builtin(isClosed ? .closedRange : .range, ends), .array(.int))
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, .value(expected), span)
    case .match(let value, let cases): return match(value, cases, .value(expected), span)
    case .block(let body):
      let typed = scoped { block(body, .value(expected)) }
      return make(.block(typed), typed.type)
    case .closure(let closure): return self.closure(closure, expected, span)
    case .sample(let source, let options):
      let draw = self.draw(source, options, span, name: nil)
      return make(.sample(draw), draw.type)
    case .observe(let value, let source, let options):
      return observe(value, source, options, span)
    case .mem(let function): return mem(function, expected, span)
    case .ascription(let value, let type):
      return check(value, checker.resolve(type, generics: state.generics.map(\.name)))
    case .error: return make(.unit, .error)
    }
  }

  private func nilType(_ expected: StaticType?) -> StaticType {
    if let expected, case .optional = resolve(expected) { return expected }
    return .optional(fresh())
  }

  private func string(_ parts: [StringPart], _ span: Span) -> TypedExpression {
    var typed: [TypedExpression] = []
    for part in parts {
      switch part {
      case .text(let text): typed.append(TypedExpression(.string(text), .string, span))
      case .interpolation(let expression): typed.append(infer(expression))
      }
    }
    if typed.isEmpty { return TypedExpression(.string(""), .string, span) }
    if typed.count == 1, case .string = typed[0].kind { return typed[0] }
    return TypedExpression(.interpolation(typed), .string, span)
  }

  private func array(
    _ elements: [Expression], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    if let element = expectedElement(expected) {
      let typed = elements.map { check($0, element) }
      return TypedExpression(.array(typed), .array(element), span)
    }
    let typed = elements.map { infer($0) }
    var type = fresh()
    for element in typed {
      guard let joined = join(type, element.type) else {
        report(.elementTypes(text(type), text(element.type), at: element.span))
        return TypedExpression(.array(typed), .error, span)
      }
      type = joined
    }
    return TypedExpression(.array(typed.map { coerce($0, type) }), .array(type), span)
  }

  /// The element type that the context fixes.
  private func expectedElement(_ expected: StaticType?) -> StaticType? {
    guard let expected else { return nil }
    switch resolve(expected) {
    case .array(let element):
      if case .variable = resolve(element) { return nil }
      return element
    case .optional(let wrapped): return expectedElement(wrapped)
    default: return nil
    }
  }

  private func tuple(
    _ parts: [Expression], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    var types: [StaticType?] = Array(repeating: nil, count: parts.count)
    if let expected, case .tuple(let list) = resolve(expected), list.count == parts.count {
      types = list
    }
    let typed = zip(parts, types).map { expression($0, $1) }
    return limited(TypedExpression(.tuple(typed), .tuple(typed.map(\.type)), span))
  }

  private func record(
    _ fields: [RecordField], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    var hints: [String: StaticType] = [:]
    if let expected, case .record(let list) = resolve(expected) {
      for field in list { hints[field.name] = field.type }
    }
    var seen: Set<String> = []
    var values: [TypedExpression] = []
    var names: [String] = []
    for field in fields {
      let value = expression(field.value, hints[field.name.text])
      guard seen.insert(field.name.text).inserted else {
        report(.duplicateRecordField(field.name.text, at: field.name.span))
        continue
      }
      values.append(value)
      names.append(field.name.text)
    }
    let order = names.indices.sorted { names[$0] < names[$1] }
    let type = StaticType.record(order.map { StaticType.Field(names[$0], values[$0].type) })
    return limited(
      inOrder(values, order, span) { TypedExpression(.record($0), type, span) })
  }

  /// Refuses tuples and records with too many words.
  private func limited(_ value: TypedExpression) -> TypedExpression {
    // A part that was refused has no words: built up further it would never reach the limit, while
    // its type doubles.
    switch value.type {
    case .tuple(let parts) where parts.contains(.error):
      return TypedExpression(.unit, .error, value.span)
    case .record(let fields) where fields.contains(where: { $0.type == .error }):
      return TypedExpression(.unit, .error, value.span)
    default: break
    }
    let type = inference.resolveFully(value.type)
    // Parts without words, and those of arrays and functions, double unseen by the width.
    var nodes = DeclaredTypes.nodeLimit
    if type.fits(&nodes), checker.types.width(type) <= DeclaredTypes.widthLimit { return value }
    report(.tooWide(text(type).prefix(40) + "...", at: value.span))
    return TypedExpression(.unit, .error, value.span)
  }

  /// Values evaluated as written but used in another order: with locals between when they differ.
  func inOrder(
    _ values: [TypedExpression], _ order: [Int], _ span: Span,
    _ make: ([TypedExpression]) -> TypedExpression
  ) -> TypedExpression {
    if order.elementsEqual(values.indices) || values.filter({ !$0.isTrivial }).count < 2 {
      return make(order.map { values[$0] })
    }
    var statements: [TypedStatement] = []
    let reads = values.map { value -> TypedExpression in
      if value.isTrivial { return value }
      let local = declareHidden(value.type, value.span)
      statements.append(TypedStatement(.declare(local, value), value.span))
      return TypedExpression(.local(local), value.type, value.span)
    }
    let result = make(order.map { reads[$0] })
    let block = TypedBlock(statements: statements, value: result, type: result.type, span: span)
    return TypedExpression(.block(block), result.type, span)
  }
}

extension TypedExpression {
  /// Evaluation does nothing but read.
  var isTrivial: Bool {
    switch kind {
    case .integer, .real, .bool, .string, .nilValue, .unit, .local, .function, .primitiveFunction,
      .closure:
      true
    case .coercion(_, let value), .field(let value, _): value.isTrivial
    default: false
    }
  }
}

extension Diagnostic {
  fileprivate static func elementTypes(
    _ first: String, _ second: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "elements of an array have one type, found \(first) and \(second)",
      at: span, hints: ["use a tuple, or an enum, for values of different types"])
  }
}
