import BorelBase
import BorelIR

extension FunctionLowering {
  func coerce(
    _ expression: TypedExpression, _ coercion: Coercion, to target: StaticType, _ span: Span
  ) -> Words {
    if case .intToReal = coercion, case .integer(let value) = expression.kind {
      return [builder.real(Double(value), at: span)]
    }
    if case .elements(.intToReal) = coercion, case .broadcast = expression.kind,
      type(expression.type) != .array(.real)
    {
      return [lowerElementwise(TypedExpression(.coercion(coercion, expression), target, span))]
    }
    return coerce(lower(expression), type(expression.type), coercion, target, span)
  }

  private func coerce(
    _ words: Words, _ source: StaticType, _ coercion: Coercion, _ target: StaticType, _ span: Span
  ) -> Words {
    if words.isEmpty && source == .never {
      return owner.types.layout(target).map { builder.zero($0, at: span) }
    }
    switch coercion {
    case .intToReal:
      if source == .real { return words }
      return [primitive("real.fromInt", words, .real, at: span)]
    case .wrapOptional: return [builder.bool(true, at: span)] + words
    case .elements(let inner): return coerceElements(words, source, inner, target, span)
    case .wrapped(let inner):
      guard case .optional(let wrapped) = source, case .optional(let new) = target,
        let flag = words.first
      else { return words }
      let value = Array(words.dropFirst())
      return lowerChoice(on: flag, target, span) {
        [flag] + coerce(value, wrapped, inner, new, span)
      } otherwise: {
        owner.types.layout(target).map { builder.zero($0, at: span) }
      }
    case .fields(let parts):
      let old = owner.types.fields(source)
      let new = owner.types.fields(target)
      return parts.enumerated().flatMap { index, part -> Words in
        let field = Array(words[owner.types.range(ofField: index, in: source)])
        guard let part else { return field }
        return coerce(field, old[index], part, new[index], span)
      }
    case .both(let first, let second):
      let middle = Self.target(of: first, from: source)
      return coerce(
        coerce(words, source, first, middle, span), middle, second, target, span)
    case .posteriorToDistribution:
      let results = owner.types.layout(target)
      return builder.append(
        .host("posterior.distribution", results), words, results: results, at: span)
    case .decode:
      return builder.append(
        .decode(owner.types.shape(target)), words, results: owner.types.layout(target), at: span)
    }
  }

  private func coerceElements(
    _ words: Words, _ source: StaticType, _ coercion: Coercion, _ target: StaticType, _ span: Span
  ) -> Words {
    guard case .array(let old) = source, case .array(let new) = target else { return words }
    if old == new { return words }
    if case .intToReal = coercion {
      return [primitive("realArray.fromIntArray", words, .array([.real]), at: span)]
    }
    let array = ArraySource(
      array: words[0], layout: owner.types.layout(old), elementType: old)
    let count = array.count(self, span)
    return [
      buildArray(count: count, owner.types.layout(new), at: span) { index in
        coerce(array.element(index, self, span), old, coercion, new, span)
      }
    ]
  }

  /// The type that a conversion leads to where the tree does not say it.
  private static func target(of coercion: Coercion, from source: StaticType) -> StaticType {
    switch (coercion, source) {
    case (.intToReal, _): .real
    case (.wrapOptional, _): .optional(source)
    case (.elements(let inner), .array(let element)): .array(target(of: inner, from: element))
    case (.wrapped(let inner), .optional(let value)): .optional(target(of: inner, from: value))
    case (.fields(let parts), .tuple(let types)):
      .tuple(
        zip(parts, types).map { part, type in part.map { target(of: $0, from: type) } ?? type })
    case (.fields(let parts), .record(let fields)):
      .record(
        zip(parts, fields).map { part, field in
          StaticType.Field(field.name, part.map { target(of: $0, from: field.type) } ?? field.type)
        })
    case (.both(let first, let second), _):
      target(of: second, from: target(of: first, from: source))
    case (.posteriorToDistribution, .posterior(let value)): .distribution(value)
    default: source
    }
  }
}
