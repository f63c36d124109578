import BorelBase
import BorelSyntax

/// What is wanted of a block.
enum Want {
  case value(StaticType?)
  case nothing

  var expected: StaticType? {
    if case .value(let type) = self { return type }
    return nil
  }

  var wantsValue: Bool {
    if case .value = self { return true }
    return false
  }
}

extension BodyChecker {
  /// Checks the body of a function or closure whose frame has been entered.
  ///
  /// - Parameter expected: The declared result; nil when it is to be inferred.
  func functionBody(
    _ block: Block, expected: StaticType?, name: String, nameSpan: Span
  ) -> (TypedBlock, StaticType) {
    if let expected { return (functionBody(block, result: expected), expected) }
    let start = snapshot()
    frames[frames.count - 1].expectedResult = nil
    let body = scoped { self.block(block, .value(nil)) }
    let returned = frames[frames.count - 1].returned
    var joined = body.type
    for type in returned {
      guard let next = join(joined, type) else {
        report(.resultsDiffer(name, text(joined), text(type), at: nameSpan))
        return (body, .error)
      }
      joined = next
    }
    joined = inference.resolveFully(joined == .never ? (returned.first ?? .unit) : joined)
    let isUniform = ([body.type] + returned).allSatisfy {
      let type = inference.resolveFully($0)
      return type == joined || type == .never
    }
    if isUniform || checker.retryBudget <= 0 || failed(since: start) { return (body, joined) }
    checker.retryBudget -= 1
    restore(start)
    return (functionBody(block, result: joined), joined)
  }

  private func functionBody(_ block: Block, result: StaticType) -> TypedBlock {
    frames[frames.count - 1].expectedResult = result
    return scoped { self.block(block, resolve(result) == .unit ? .nothing : .value(result)) }
  }

  /// Checks statements in the current scope.
  func block(_ block: Block, _ want: Want) -> TypedBlock {
    var statements: [TypedStatement] = []
    statements.reserveCapacity(block.statements.count)
    var value: TypedExpression?
    var completes = true
    var isWarned = false
    for (index, statement) in block.statements.enumerated() {
      if !completes, !isWarned {
        report(.unreachable(at: statement.span))
        isWarned = true
      }
      let isLast = index == block.statements.count - 1
      if isLast, want.wantsValue, let expression = valueExpression(of: statement, want) {
        var typed = self.expression(expression, want.expected)
        if let expected = want.expected { typed = coerce(typed, expected) }
        value = typed
        continue
      }
      let (typed, isCompleting) = self.statement(statement)
      statements += typed
      completes = completes && isCompleting
    }
    return finish(statements, value, completes: completes, want, block.span)
  }

  private func finish(
    _ statements: [TypedStatement], _ value: TypedExpression?, completes: Bool, _ want: Want,
    _ span: Span
  ) -> TypedBlock {
    var statements = statements
    guard completes else {
      return TypedBlock(statements: statements, value: nil, type: .never, span: span)
    }
    if let value {
      let type = resolve(value.type)
      if type == .unit || type == .never {
        statements.append(TypedStatement(.expression(value), value.span))
        return TypedBlock(statements: statements, value: nil, type: type, span: span)
      }
      return TypedBlock(statements: statements, value: value, type: value.type, span: span)
    }
    if let expected = want.expected {
      switch resolve(expected) {
      case .unit, .error: break
      case .variable: _ = inference.unify(expected, .unit)
      default:
        report(.missingValue(text(expected), at: endOf(span)))
        return TypedBlock(statements: statements, value: nil, type: .error, span: span)
      }
    }
    return TypedBlock(statements: statements, value: nil, type: .unit, span: span)
  }

  /// The closing brace.
  private func endOf(_ span: Span) -> Span {
    Span(start: max(Int(span.start), Int(span.end) - 1), end: Int(span.end), file: Int(span.file))
  }

  /// The expression of a last statement whose value is that of the block. An `observe` gives its
  /// value only where one is asked for.
  private func valueExpression(of statement: Statement, _ want: Want) -> Expression? {
    guard case .expression(let expression) = statement.kind else { return nil }
    if isAppend(expression) { return nil }
    if case .observe = expression.kind, want.expected == nil { return nil }
    if case .conditional(_, _, nil) = expression.kind { return nil }
    return expression
  }

  /// Gives a block another type, by converting its value.
  func coerce(_ block: TypedBlock, _ type: StaticType) -> TypedBlock {
    guard var value = block.value else { return block }
    value = coerce(value, type)
    return TypedBlock(statements: block.statements, value: value, type: type, span: block.span)
  }

  /// Drops the value of a block.
  func dropValue(_ block: TypedBlock) -> TypedBlock {
    guard let value = block.value else { return block }
    return TypedBlock(
      statements: block.statements + [TypedStatement(.expression(value), value.span)], value: nil,
      type: .unit, span: block.span)
  }
}

extension Diagnostic {
  fileprivate static func unreachable(at span: Span) -> Diagnostic {
    Diagnostic(
      "W0201", .check, "this is never reached", at: span, severity: .warning,
      hints: ["remove it, or the `return` before it"])
  }

  fileprivate static func missingValue(_ expected: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0215", .check, "the block ends without a value, expected \(expected)", at: span,
      hints: ["end with an expression or a `return`"])
  }

  fileprivate static func resultsDiffer(
    _ name: String, _ first: String, _ second: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0215", .check, "'\(name)' gives results of different types, \(first) and \(second)",
      at: span, hints: ["return the same type everywhere, or write the result type"])
  }
}
