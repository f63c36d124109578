import BorelBase
import BorelSyntax

extension BodyChecker {
  /// A structural function on checked arguments; nil when it does not apply to them.
  func builtin(
    _ name: String, _ arguments: [TypedExpression], _ span: Span
  ) -> TypedExpression? {
    if name == "indices" { return arguments.count == 1 ? indices(arguments[0], span) : nil }
    guard let builtin = Catalogue.builtins[name] else { return nil }
    func make(_ arguments: [TypedExpression], _ type: StaticType) -> TypedExpression {
      TypedExpression(.builtin(builtin, arguments), type, span)
    }
    guard let first = arguments.first else { return nil }
    let type = resolve(first.type)
    if case .variable = type, builtin != .arrayFill, builtin != .describe {
      _ = inference.unify(type, builtin.takesOptional ? .optional(fresh()) : .array(fresh()))
    }
    switch (builtin, resolve(type), arguments.count) {
    case (.arrayCount, .array, 1): return make(arguments, .int)
    case (.arrayIsEmpty, .array, 1): return make(arguments, .bool)
    case (.arrayFirst, .array(let element), 1), (.arrayLast, .array(let element), 1):
      return make(arguments, .optional(element))
    case (.arrayAppend, .array(let element), 2):
      guard let joined = join(element, arguments[1].type) else { return nil }
      let type = StaticType.array(joined)
      return make([coerce(first, type), coerce(arguments[1], joined)], type)
    case (.arrayConcat, .array, 2):
      guard let joined = join(type, arguments[1].type),
        case .array = resolve(joined)
      else { return nil }
      return make([coerce(first, joined), coerce(arguments[1], joined)], joined)
    case (.arrayFill, _, 2):
      guard let count = tryCoerce(arguments[1], .int) else { return nil }
      return make([first, count], .array(first.type))
    case (.enumerated, .array(let element), 1):
      return make(arguments, .array(.tuple([.int, element])))
    case (.zip, .array(let a), 2):
      guard case .array(let b) = resolve(arguments[1].type) else { return nil }
      return make(arguments, .array(.tuple([a, b])))
    case (.isNil, .optional, 1): return make(arguments, .bool)
    case (.unwrap, .optional(let wrapped), 1): return make(arguments, wrapped)
    case (.describe, _, 1): return make(arguments, .string)
    default: return nil
    }
  }

  /// `xs.indices` is `0..<xs.count`.
  private func indices(_ array: TypedExpression, _ span: Span) -> TypedExpression? {
    guard case .array = resolve(array.type) else { return nil }
    let count = TypedExpression(.builtin(.arrayCount, [array]), .int, span)
    let zero = TypedExpression(.integer(0), .int, span)
    return TypedExpression(.builtin(.range, [zero, count]), .array(.int), span)
  }
}

extension Builtin {
  fileprivate var takesOptional: Bool { self == .isNil || self == .unwrap }
}
