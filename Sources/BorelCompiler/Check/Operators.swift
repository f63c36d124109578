import BorelBase
import BorelPrimitives
import BorelSyntax

extension BodyChecker {
  func unary(
    _ operation: UnaryOperator, _ operand: Expression, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let value = expression(operand, expected)
    switch (operation, value.kind) {
    case (.negate, .integer(let number)) where number != .min:
      return TypedExpression(.integer(-number), .int, span)
    case (.negate, .real(let number)): return TypedExpression(.real(-number), .real, span)
    default: break
    }
    let base = operation == .negate ? "negate" : "not"
    if let result = operate(base, [value], span) { return result }
    report(.unaryOperand(operation.rawValue, text(value.type), at: span))
    return TypedExpression(value.kind, .error, span)
  }

  func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression,
    _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    switch operation {
    case .and:
      let a = check(left, .bool)
      return TypedExpression(.and(a, check(right, .bool)), .bool, span)
    case .or:
      let a = check(left, .bool)
      return TypedExpression(.or(a, check(right, .bool)), .bool, span)
    case .coalesce: return coalesce(left, right, expected, span)
    case .equal, .notEqual:
      let a = infer(left)
      let b = expression(right, a.type)
      return equality(operation, a, b, span)
    default:
      let a = infer(left)
      return binary(operation, a, infer(right), span)
    }
  }

  /// An operator on checked operands.
  func binary(
    _ operation: BinaryOperator, _ a: TypedExpression, _ b: TypedExpression, _ span: Span
  ) -> TypedExpression {
    if resolve(a.type) == .error || resolve(b.type) == .error {
      return TypedExpression(.unit, .error, span)
    }
    settleVariable(a.type, like: b.type)
    settleVariable(b.type, like: a.type)
    let result: TypedExpression? =
      switch operation {
      case .equal, .notEqual: equality(operation, a, b, span)
      case .add where resolve(a.type) == .string && resolve(b.type) == .string:
        TypedExpression(.primitive("concat.string", [a, b]), .string, span)
      case .power: power(a, b, span)
      default: operate(operation.primitiveName, [a, b], span)
      }
    if let result { return result }
    report(operandsDiagnostic(operation, a, b, span))
    return TypedExpression(.unit, .error, span)
  }

  /// An operand of unknown type has the type of the other one.
  private func settleVariable(_ type: StaticType, like other: StaticType) {
    guard case .variable = resolve(type) else { return }
    _ = inference.unify(type, other)
  }

  private func coalesce(
    _ left: Expression, _ right: Expression, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let a = infer(left)
    guard case .optional(let wrapped) = resolve(a.type) else {
      if resolve(a.type) != .error { report(.coalesceOperand(text(a.type), at: left.span)) }
      _ = infer(right)
      return TypedExpression(.unit, .error, span)
    }
    let b = expression(right, wrapped)
    guard let type = join(wrapped, b.type) else {
      report(mismatch(b, wrapped))
      return TypedExpression(.unit, .error, span)
    }
    var other = type
    if resolve(b.type).isOptional, !resolve(wrapped).isOptional {
      other = resolve(type).isOptional ? type : .optional(type)
      return TypedExpression(
        .coalesce(coerce(a, other), coerce(b, other)), other, span)
    }
    return TypedExpression(
      .coalesce(coerce(a, .optional(type)), coerce(b, other)), type, span)
  }

  func equality(
    _ operation: BinaryOperator, _ a: TypedExpression, _ b: TypedExpression, _ span: Span
  ) -> TypedExpression {
    let failure = TypedExpression(.unit, .error, span)
    guard let type = join(a.type, b.type) else {
      report(operandsDiagnostic(operation, a, b, span))
      return failure
    }
    let solved = inference.resolveFully(type)
    if solved == .error { return failure }
    let isGenericEquatable: Bool
    if case .rigid(let index, _) = solved {
      isGenericEquatable = constraint(index) != nil
    } else {
      isGenericEquatable = true
    }
    guard isGenericEquatable, solved.isEquatable(checker.types) else {
      report(.notEquatable(text(solved), at: span))
      return failure
    }
    let sides = [coerce(a, type), coerce(b, type)]
    let name = operation == .equal ? "equal" : "notEqual"
    switch solved {
    case .int, .real, .bool, .string:
      let suffix = text(solved).lowercased()
      return TypedExpression(.primitive("\(name).\(suffix)", sides), .bool, span)
    default:
      return TypedExpression(
        .builtin(operation == .equal ? .equal : .notEqual, sides), .bool, span)
    }
  }

  /// `a ^ b`: Int for Int to a nonnegative literal, otherwise Real.
  private func power(
    _ a: TypedExpression, _ b: TypedExpression, _ span: Span
  ) -> TypedExpression? {
    if resolve(a.type) == .int, case .integer(let exponent) = b.kind, exponent >= 0 {
      return TypedExpression(.primitive("power.int", [a, b]), .int, span)
    }
    return operate("power", [a, b], span, onlyReal: true)
  }

  /// Finds the primitive of an operator for its operands: scalar, generic, matrix, or a broadcast.
  func operate(
    _ base: String, _ operands: [TypedExpression], _ span: Span, onlyReal: Bool = false
  ) -> TypedExpression? {
    let onlyReal = onlyReal || base == "divide"
    if let result = generic(base, operands, span, onlyReal: onlyReal) { return result }
    let candidates = (Catalogue.operators[base] ?? []).filter {
      !onlyReal || !$0.parameters.contains(.int)
    }
    return choose(candidates, operands, span)
  }

  /// Operations on generic numbers and ordered values.
  private func generic(
    _ base: String, _ operands: [TypedExpression], _ span: Span, onlyReal: Bool
  ) -> TypedExpression? {
    guard let first = operands.first, case .rigid(let index, _) = resolve(first.type),
      operands.allSatisfy({ resolve($0.type) == resolve(first.type) }), !onlyReal
    else { return nil }
    let isComparison = ["less", "lessEqual", "greater", "greaterEqual"].contains(base)
    switch constraint(index) {
    case .number where base != "not": break
    case .ordered where isComparison: break
    default: return nil
    }
    return TypedExpression(
      .overloaded(base, operands), isComparison ? .bool : first.type, span)
  }

  private func operandsDiagnostic(
    _ operation: BinaryOperator, _ a: TypedExpression, _ b: TypedExpression, _ span: Span
  ) -> Diagnostic {
    for side in [a, b] {
      if case .distribution(let drawn) = resolve(side.type) {
        return .distributionAsValue(text(side.type), text(drawn), at: side.span)
      }
    }
    var hint: String?
    switch (resolve(a.type), resolve(b.type)) {
    case (.optional, _), (_, .optional):
      hint = "give a value for nil with `??`, or test with `if let`"
    case (.string, _), (_, .string):
      if operation == .add { hint = "put values into text with \"\\(x)\"" }
    case (.bool, _), (_, .bool): hint = "a Bool is not a number; convert with `Int(b)`"
    case (.array(let inner), _) where !resolve(inner).isNumeric,
      (_, .array(let inner)) where !resolve(inner).isNumeric:
      hint =
        operation == .add && resolve(inner).elementOfArray == nil
        ? "join arrays with `concat(xs, ys)`"
        : "operators work on numbers and arrays of numbers; use `map`, or a Matrix"
    case (.rigid(_, let name), _), (_, .rigid(_, let name)):
      hint = "ask for numbers with `<\(name): Number>`"
    case (.data, _), (_, .data): hint = "say what it is: `data.x as Real`"
    default: break
    }
    return .operands(operation.rawValue, text(a.type), text(b.type), hint: hint, at: span)
  }
}

extension BinaryOperator {
  /// The part before the dot of the names of its primitives.
  var primitiveName: String {
    switch self {
    case .coalesce: "coalesce"
    case .or: "or"
    case .and: "and"
    case .equal: "equal"
    case .notEqual: "notEqual"
    case .less: "less"
    case .lessEqual: "lessEqual"
    case .greater: "greater"
    case .greaterEqual: "greaterEqual"
    case .add: "add"
    case .subtract: "subtract"
    case .multiply: "multiply"
    case .divide: "divide"
    case .remainder: "remainder"
    case .power: "power"
    }
  }
}

extension Diagnostic {
  fileprivate static func unaryOperand(
    _ operation: String, _ found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0207", .check,
      "`\(operation)` needs \(operation == "!" ? "a Bool" : "a number"), found \(found)", at: span)
  }

  fileprivate static func operands(
    _ operation: String, _ left: String, _ right: String, hint: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0207", .check, "`\(operation)` does not work on \(left) and \(right)", at: span,
      hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func coalesceOperand(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "the left side of `??` must be optional, found \(found)", at: span,
      hints: ["remove `??` and what follows"])
  }

  fileprivate static func notEquatable(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0207", .check, "values of type \(found) cannot be compared with `==`", at: span,
      hints: ["for a generic type ask for `Equatable`"])
  }
}
