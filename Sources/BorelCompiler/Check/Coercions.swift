import BorelBase

/// How a value of one type becomes one of another.
enum Conversion {
  case same
  case change(Coercion)

  var coercion: Coercion? {
    if case .change(let coercion) = self { return coercion }
    return nil
  }
}

extension BodyChecker {
  /// The implicit conversion between two types; nil when there is none. Solves variables.
  func conversion(from source: StaticType, to target: StaticType) -> Conversion? {
    let source = resolve(source)
    let target = resolve(target)
    switch (source, target) {
    case (.error, _), (_, .error), (.never, _): return .same
    case (.variable, _), (_, .variable): return inference.unify(source, target) ? .same : nil
    case (.int, .real): return .change(.intToReal)
    case (.rigid(let index, _), .real):
      return constraint(index) == .number ? .change(.intToReal) : nil
    case (.array(let a), .array(let b)):
      return conversion(from: a, to: b).map { $0.mapped { .elements($0) } }
    case (.optional(let a), .optional(let b)):
      return conversion(from: a, to: b).map { $0.mapped { .wrapped($0) } }
    case (.data, .data): return .same
    case (.data, _):
      return inference.resolveFully(target).isDecodable(checker.types) ? .change(.decode) : nil
    case (_, .optional(let b)):
      guard let inner = conversion(from: source, to: b) else { return nil }
      return .change(inner.coercion.map { .both($0, .wrapOptional) } ?? .wrapOptional)
    case (.tuple(let a), .tuple(let b)): return conversion(ofFields: a, b)
    case (.record(let a), .record(let b)):
      guard a.map(\.name) == b.map(\.name) else { return nil }
      return conversion(ofFields: a.map(\.type), b.map(\.type))
    case (.posterior(let a), .distribution(let b)):
      return inference.unify(a, b) ? .change(.posteriorToDistribution) : nil
    default: return inference.unify(source, target) ? .same : nil
    }
  }

  private func conversion(ofFields a: [StaticType], _ b: [StaticType]) -> Conversion? {
    guard a.count == b.count else { return nil }
    var parts: [Coercion?] = []
    for (x, y) in zip(a, b) {
      guard let part = conversion(from: x, to: y) else { return nil }
      parts.append(part.coercion)
    }
    return parts.allSatisfy { $0 == nil } ? .same : .change(.fields(parts))
  }

  func constraint(_ index: Int) -> GenericConstraint? {
    index < state.generics.count ? state.generics[index].constraint : nil
  }

  /// Converts an expression, or reports a mismatch.
  func coerce(_ value: TypedExpression, _ target: StaticType) -> TypedExpression {
    if let converted = tryCoerce(value, target) { return converted }
    report(mismatch(value, target))
    return TypedExpression(value.kind, .error, value.span)
  }

  /// Converts an expression; nil when that is not possible.
  func tryCoerce(_ value: TypedExpression, _ target: StaticType) -> TypedExpression? {
    if value.type == target { return value }
    switch conversion(from: value.type, to: target) {
    case nil: return nil
    case .same: return value
    case .change(let coercion): return applying(coercion, to: value, target)
    }
  }

  private func applying(
    _ coercion: Coercion, to value: TypedExpression, _ target: StaticType
  ) -> TypedExpression {
    switch (coercion, value.kind) {
    case (.intToReal, .integer(let number)):
      return TypedExpression(.real(Double(number)), .real, value.span)
    case (.both(.intToReal, let second), .integer):
      let real = applying(.intToReal, to: value, .real)
      return TypedExpression(.coercion(second, real), target, value.span)
    case (.elements(let inner), .array(let elements)):
      if let type = resolve(target).elementOfArray {
        return TypedExpression(
          .array(elements.map { applying(inner, to: $0, type) }), target, value.span)
      }
    default: break
    }
    return TypedExpression(.coercion(coercion, value), target, value.span)
  }

  /// The smallest type that both convert to; nil when there is none.
  func join(_ first: StaticType, _ second: StaticType) -> StaticType? {
    let a = resolve(first)
    let b = resolve(second)
    if a == b { return a }
    switch (a, b) {
    case (.error, _), (.never, _): return b
    case (_, .error), (_, .never): return a
    case (.variable, _), (_, .variable): return inference.unify(a, b) ? a : nil
    case (.int, .real), (.real, .int): return .real
    case (.optional(let x), .optional(let y)): return join(x, y).map { .optional($0) }
    case (.optional(let x), let y), (let y, .optional(let x)):
      return join(x, y).map { .optional($0) }
    case (.array(let x), .array(let y)): return join(x, y).map { .array($0) }
    case (.tuple(let xs), .tuple(let ys)):
      return join(xs, ys).map { .tuple($0) }
    case (.record(let xs), .record(let ys)):
      guard xs.map(\.name) == ys.map(\.name),
        let parts = join(xs.map(\.type), ys.map(\.type))
      else { return nil }
      return .record(zip(xs, parts).map { StaticType.Field($0.name, $1) })
    case (.posterior(let x), .distribution(let y)), (.distribution(let y), .posterior(let x)):
      return inference.unify(x, y) ? .distribution(x) : nil
    default: return inference.unify(a, b) ? a : nil
    }
  }

  private func join(_ xs: [StaticType], _ ys: [StaticType]) -> [StaticType]? {
    guard xs.count == ys.count else { return nil }
    var result: [StaticType] = []
    for (x, y) in zip(xs, ys) {
      guard let type = join(x, y) else { return nil }
      result.append(type)
    }
    return result
  }

  func mismatch(_ value: TypedExpression, _ target: StaticType) -> Diagnostic {
    let found = inference.resolveFully(value.type)
    let expected = inference.resolveFully(target)
    if case .distribution(let drawn) = found, conversion(from: drawn, to: expected) != nil {
      return .distributionAsValue(text(found), text(expected), at: value.span)
    }
    return .mismatch(
      expected: text(expected), found: text(found), hint: hint(from: found, to: expected),
      at: value.span)
  }

  private func hint(from found: StaticType, to expected: StaticType) -> String? {
    switch (found, expected) {
    case (.real, .int): return "convert with `round(x)`, `floor(x)` or `Int(x)`"
    case (.optional(let wrapped), _) where conversion(from: wrapped, to: expected) != nil:
      return "give a value for nil with `??`, or test with `if let`"
    case (.bool, .int), (.bool, .real): return "convert with `\(text(expected))(x)`"
    case (.int, .bool), (.real, .bool): return "compare it, as in `x != 0`"
    case (_, .distribution(let inner)) where conversion(from: found, to: inner) != nil:
      return "`Delta(x)` is the distribution that always gives x"
    case (.model, .posterior), (.model, .distribution): return "use `infer(m(...), method)`"
    case (.matrix, .array(.array)): return "convert with `rowArrays(m)`"
    case (_, .string): return "turn it into text with \"\\(x)\""
    default: return nil
    }
  }
}

extension Conversion {
  func mapped(_ wrap: (Coercion) -> Coercion) -> Conversion {
    switch self {
    case .same: .same
    case .change(let coercion): .change(wrap(coercion))
    }
  }
}

extension Diagnostic {
  static func mismatch(
    expected: String, found: String, hint: String? = nil, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "expected \(expected), found \(found)", at: span,
      hints: hint.map { [$0] } ?? [])
  }

  static func distributionAsValue(
    _ found: String, _ expected: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0221", .check,
      "found a distribution, \(found), where a value of type \(expected) is expected",
      at: span, hints: ["draw from it: `x ~ D`, or `sample D` inside an expression"])
  }
}
