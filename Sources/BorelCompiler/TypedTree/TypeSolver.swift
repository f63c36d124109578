import BorelBase

/// Replaces the variables of type inference by their solutions throughout a finished body.
final class TypeSolver {
  private let checker: BodyChecker
  private let isNeeded: Bool
  private var reported: Set<Span> = []

  init(_ checker: BodyChecker) {
    self.checker = checker
    isNeeded = !checker.inference.solutions.isEmpty
  }

  /// A type without variables; reports those that stayed open.
  func type(_ type: StaticType, at span: Span) -> StaticType {
    guard isNeeded, type.hasVariable else { return type }
    let solved = checker.inference.resolveFully(type)
    return solved.mapLeaves { leaf in
      guard case .variable = leaf else { return nil }
      if !checker.checker.diagnostics.contains(where: { $0.severity == .error }) {
        checker.report(.unknownElementType(checker.text(solved), at: span))
      }
      return .error
    }
  }

  func block(_ block: TypedBlock) -> TypedBlock {
    guard isNeeded else { return block }
    return TypedBlock(
      statements: block.statements.map(statement), value: block.value.map(expression),
      type: type(block.type, at: block.span), span: block.span)
  }

  func expression(_ node: TypedExpression) -> TypedExpression {
    TypedExpression(kind(node.kind), type(node.type, at: node.span), node.span)
  }

  private func expressions(_ list: [TypedExpression]) -> [TypedExpression] { list.map(expression) }

  private func reference(_ reference: FunctionReference, at span: Span) -> FunctionReference {
    FunctionReference(reference.id, reference.genericArguments.map { type($0, at: span) })
  }

  private func kind(_ kind: TypedExpression.Kind) -> TypedExpression.Kind {
    switch kind {
    case .integer, .real, .bool, .string, .nilValue, .unit, .local, .primitiveFunction: return kind
    case .interpolation(let parts): return .interpolation(expressions(parts))
    case .function(let function): return .function(reference(function, at: .none))
    case .array(let parts): return .array(expressions(parts))
    case .tuple(let parts): return .tuple(expressions(parts))
    case .record(let parts): return .record(expressions(parts))
    case .field(let base, let index): return .field(expression(base), index)
    case .structure(let id, let parts): return .structure(id, expressions(parts))
    case .enumCase(let id, let index, let parts): return .enumCase(id, index, expressions(parts))
    case .primitive(let name, let parts): return .primitive(name, expressions(parts))
    case .overloaded(let name, let parts): return .overloaded(name, expressions(parts))
    case .broadcast(let operation, let parts, let isArray):
      return .broadcast(operation, expressions(parts), isArray: isArray)
    case .call(let function, let parts):
      return .call(reference(function, at: .none), expressions(parts))
    case .apply(let function, let parts): return .apply(expression(function), expressions(parts))
    case .builtin(let builtin, let parts): return .builtin(builtin, expressions(parts))
    case .and(let a, let b): return .and(expression(a), expression(b))
    case .or(let a, let b): return .or(expression(a), expression(b))
    case .coalesce(let a, let b): return .coalesce(expression(a), expression(b))
    case .conditional(let test, let then, let otherwise):
      return .conditional(condition(test), then: block(then), otherwise: otherwise.map(block))
    case .match(let value, let cases): return .match(expression(value), cases.map(matchCase))
    case .block(let inner): return .block(block(inner))
    case .closure(var closure):
      closure.body = block(closure.body)
      closure.result = type(closure.result, at: closure.body.span)
      return .closure(closure)
    case .distribution(let construction): return .distribution(self.construction(construction))
    case .sample(let draw): return .sample(self.draw(draw))
    case .observe(let observation): return .observe(self.observation(observation))
    case .mem(let function): return .mem(expression(function))
    case .model(let function, let parts):
      return .model(reference(function, at: .none), expressions(parts))
    case .infer(let model, let method, let span, let isOptional):
      return .infer(expression(model), method: method, methodSpan: span, isOptional: isOptional)
    case .logDensity(let a, let b): return .logDensity(expression(a), expression(b))
    case .coercion(let coercion, let value): return .coercion(coercion, expression(value))
    case .host(let operation, let parts): return .host(operation, expressions(parts))
    }
  }

  private func construction(_ node: DistributionConstruction) -> DistributionConstruction {
    var node = node
    node.arguments = expressions(node.arguments)
    node.elementType = type(node.elementType, at: node.arguments.first?.span ?? .none)
    return node
  }

  private func draw(_ node: TypedDraw) -> TypedDraw {
    var node = node
    switch node.source {
    case .distribution(let value): node.source = .distribution(expression(value))
    case .plate(let construction): node.source = .plate(self.construction(construction))
    case .repeated(let value, let count):
      node.source = .repeated(expression(value), count: expression(count))
    case .model(let value): node.source = .model(expression(value))
    }
    node.address = node.address.map(expression)
    switch node.proposal {
    case .drift(let scale): node.proposal = .drift(expression(scale))
    case .independent(let value): node.proposal = .independent(expression(value))
    case nil: break
    }
    node.type = type(node.type, at: node.span)
    return node
  }

  private func observation(_ node: TypedObservation) -> TypedObservation {
    var node = node
    node.value = expression(node.value)
    node.distribution = expression(node.distribution)
    node.address = node.address.map(expression)
    node.type = type(node.type, at: node.span)
    return node
  }

  private func condition(_ node: TypedCondition) -> TypedCondition {
    switch node {
    case .expression(let value): .expression(expression(value))
    case .binding(let local, let value): .binding(local, expression(value))
    }
  }

  private func matchCase(_ node: TypedMatchCase) -> TypedMatchCase {
    TypedMatchCase(
      pattern: pattern(node.pattern), guardCondition: node.guardCondition.map(expression),
      body: block(node.body), span: node.span)
  }

  private func pattern(_ node: TypedPattern) -> TypedPattern {
    let kind: TypedPattern.Kind
    switch node.kind {
    case .wildcard, .binding, .absent: kind = node.kind
    case .literal(let value): kind = .literal(expression(value))
    case .present(let inner): kind = .present(pattern(inner))
    case .enumCase(let id, let index, let parts): kind = .enumCase(id, index, parts.map(pattern))
    case .tuple(let parts): kind = .tuple(parts.map(pattern))
    }
    return TypedPattern(kind, type(node.type, at: node.span), node.span)
  }

  private func sequence(_ node: TypedSequence) -> TypedSequence {
    switch node {
    case .range(let a, let b, let isClosed):
      .range(expression(a), expression(b), isClosed: isClosed)
    case .array(let value): .array(expression(value))
    case .enumerated(let value): .enumerated(expression(value))
    case .zip(let a, let b): .zip(expression(a), expression(b))
    }
  }

  private func access(_ node: TypedAccess) -> TypedAccess {
    switch node {
    case .index(let index): .index(expression(index))
    case .matrixIndex(let row, let column): .matrixIndex(expression(row), expression(column))
    case .field(let index, let type): .field(index, of: self.type(type, at: .none))
    }
  }

  private func statement(_ node: TypedStatement) -> TypedStatement {
    let kind: TypedStatement.Kind
    switch node.kind {
    case .declare(let local, let value): kind = .declare(local, expression(value))
    case .destructure(let target, let value):
      kind = .destructure(pattern(target), expression(value))
    case .draw(let local, let draw, let isRedraw):
      kind = .draw(local, self.draw(draw), isRedraw: isRedraw)
    case .assign(let local, let path, let value):
      kind = .assign(local, path: path.map(access), expression(value))
    case .factor(let value): kind = .factor(expression(value))
    case .require(let value): kind = .require(expression(value))
    case .tally(let number, let value): kind = .tally(number, expression(value))
    case .debug(let value): kind = .debug(expression(value))
    case .forIn(let target, let source, let body):
      kind = .forIn(pattern(target), sequence(source), block(body))
    case .whileLoop(let test, let body): kind = .whileLoop(condition(test), block(body))
    case .returnValue(let value): kind = .returnValue(value.map(expression))
    case .breakLoop, .continueLoop: kind = node.kind
    case .expression(let value): kind = .expression(expression(value))
    }
    return TypedStatement(kind, node.span)
  }
}

extension Diagnostic {
  fileprivate static func unknownElementType(_ type: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0211", .check, "the type cannot be found: \(type) has an unknown part", at: span,
      hints: ["write it: `[] as [Real]`, `nil as Int?`"])
  }
}
