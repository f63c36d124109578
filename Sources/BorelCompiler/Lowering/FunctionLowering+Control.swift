import BorelBase
import BorelIR
import BorelPrimitives

extension FunctionLowering {
  /// Branches on a condition; `if let` binds its name where it holds.
  func lower(_ condition: TypedCondition, then: BlockID, otherwise: BlockID, _ span: Span) {
    switch condition {
    case .expression(let expression):
      branch(on: expression, then: then, otherwise: otherwise)
    case .binding(let local, let value):
      let words = lower(value)
      declare(local, Array(words.dropFirst()))
      builder.branch(words[0], then: then, otherwise: otherwise, at: span)
    }
  }

  /// Branches on a Bool without computing it where `&&`, `||` and `!` are branches themselves.
  private func branch(on expression: TypedExpression, then: BlockID, otherwise: BlockID) {
    let span = expression.span
    switch expression.kind {
    case .and(let left, let right) where !isSpeculable(right):
      let second = builder.makeBlock()
      branch(on: left, then: second, otherwise: otherwise)
      builder.seal(second)
      builder.enter(second)
      branch(on: right, then: then, otherwise: otherwise)
    case .or(let left, let right) where !isSpeculable(right):
      let second = builder.makeBlock()
      branch(on: left, then: then, otherwise: second)
      builder.seal(second)
      builder.enter(second)
      branch(on: right, then: then, otherwise: otherwise)
    default:
      builder.branch(lower(expression)[0], then: then, otherwise: otherwise, at: span)
    }
  }

  func lowerConditional(
    _ condition: TypedCondition, _ then: TypedBlock, _ otherwise: TypedBlock?,
    _ type: StaticType, _ span: Span, inTail: Bool
  ) -> Words {
    let thenBlock = builder.makeBlock()
    let otherwiseBlock = builder.makeBlock()
    let join = Join(self, type)
    lower(condition, then: thenBlock, otherwise: otherwiseBlock, span)
    builder.seal(thenBlock)
    builder.seal(otherwiseBlock)
    builder.enter(thenBlock)
    join.leave(self, lower(then, inTail: inTail), then.span)
    builder.enter(otherwiseBlock)
    join.leave(self, otherwise.map { lower($0, inTail: inTail) } ?? [], span)
    return join.arrive(self)
  }

  func lowerAnd(_ left: TypedExpression, _ right: TypedExpression, _ span: Span) -> Words {
    let first = lower(left)
    if isSpeculable(right) { return [primitive("and", first + lower(right), .bool, at: span)] }
    return lowerChoice(on: first[0], .bool, span) {
      lower(right)
    } otherwise: {
      [builder.bool(false, at: span)]
    }
  }

  func lowerOr(_ left: TypedExpression, _ right: TypedExpression, _ span: Span) -> Words {
    let first = lower(left)
    if isSpeculable(right) { return [primitive("or", first + lower(right), .bool, at: span)] }
    return lowerChoice(on: first[0], .bool, span) {
      [builder.bool(true, at: span)]
    } otherwise: {
      lower(right)
    }
  }

  func lowerCoalesce(
    _ left: TypedExpression, _ right: TypedExpression, _ type: StaticType, _ span: Span
  ) -> Words {
    let first = lower(left)
    let present = Array(first.dropFirst())
    // `a ?? b` with an optional `b` stays optional.
    let isOptional = layout(left.type) == layout(type)
    let value = isOptional ? first : present
    if isSpeculable(right) {
      let other = lower(right)
      return zip(value, other).map { a, b in
        primitive("select.word", [first[0], a, b], builder.type(of: a), at: span)
      }
    }
    return lowerChoice(on: first[0], type, span) {
      value
    } otherwise: {
      lower(right)
    }
  }

  /// One of two values, of which only the chosen one is computed.
  func lowerChoice(
    on condition: ValueID, _ type: StaticType, _ span: Span, then: () -> Words,
    otherwise: () -> Words
  ) -> Words {
    let thenBlock = builder.makeBlock()
    let otherwiseBlock = builder.makeBlock()
    let join = Join(self, type)
    builder.branch(condition, then: thenBlock, otherwise: otherwiseBlock, at: span)
    builder.seal(thenBlock)
    builder.seal(otherwiseBlock)
    builder.enter(thenBlock)
    join.leave(self, then(), span)
    builder.enter(otherwiseBlock)
    join.leave(self, otherwise(), span)
    return join.arrive(self)
  }

  /// Whether an expression is short, has no effects and cannot fail: it may be computed where the
  /// program would not.
  func isSpeculable(_ expression: TypedExpression) -> Bool {
    var budget = 8
    return isSpeculable(expression, &budget)
  }

  private func isSpeculable(_ expression: TypedExpression, _ budget: inout Int) -> Bool {
    budget -= 1
    if budget < 0 { return false }
    switch expression.kind {
    case .integer, .real, .bool, .string, .nilValue, .unit, .local: return true
    case .tuple(let parts), .record(let parts), .structure(_, let parts):
      return parts.allSatisfy { isSpeculable($0, &budget) }
    case .field(let inner, _): return isSpeculable(inner, &budget)
    case .primitive(let name, let parts):
      return PrimitiveRegistry.named(name)?.isTotal == true
        && parts.allSatisfy { isSpeculable($0, &budget) }
    case .overloaded(let name, let parts):
      return PrimitiveRegistry.named(resolve(name, parts))?.isTotal == true
        && parts.allSatisfy { isSpeculable($0, &budget) }
    case .builtin(let builtin, let parts):
      switch builtin {
      case .equal, .notEqual, .isNil, .arrayCount, .arrayIsEmpty:
        return parts.allSatisfy { isSpeculable($0, &budget) }
      default: return false
      }
    case .and(let a, let b), .or(let a, let b):
      return isSpeculable(a, &budget) && isSpeculable(b, &budget)
    case .coercion(.intToReal, let inner), .coercion(.wrapOptional, let inner):
      return isSpeculable(inner, &budget)
    default: return false
    }
  }
}
