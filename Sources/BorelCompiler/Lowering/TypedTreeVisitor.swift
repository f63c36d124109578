/// Walks over typed trees; a visitor sees every expression and statement.
protocol TypedTreeVisitor {
  mutating func visit(_ expression: TypedExpression)
  mutating func visit(_ statement: TypedStatement)
}

extension TypedTreeVisitor {
  mutating func visit(_ expression: TypedExpression) { visitChildren(of: expression) }
  mutating func visit(_ statement: TypedStatement) { visitChildren(of: statement) }

  mutating func visit(_ block: TypedBlock) {
    for statement in block.statements { visit(statement) }
    if let value = block.value { visit(value) }
  }

  mutating func visit(_ condition: TypedCondition) {
    switch condition {
    case .expression(let expression), .binding(_, let expression): visit(expression)
    }
  }

  mutating func visit(_ expressions: [TypedExpression]) {
    for expression in expressions { visit(expression) }
  }

  mutating func visit(_ construction: DistributionConstruction) { visit(construction.arguments) }

  mutating func visit(_ draw: TypedDraw) {
    switch draw.source {
    case .distribution(let value), .model(let value): visit(value)
    case .plate(let construction): visit(construction)
    case .repeated(let value, let count):
      visit(value)
      visit(count)
    }
  }

  mutating func visitChildren(of expression: TypedExpression) {
    switch expression.kind {
    case .integer, .real, .bool, .string, .nilValue, .unit, .local, .function,
      .primitiveFunction:
      break
    case .interpolation(let parts), .array(let parts), .tuple(let parts), .record(let parts),
      .structure(_, let parts), .enumCase(_, _, let parts), .primitive(_, let parts),
      .overloaded(_, let parts), .broadcast(_, let parts, _), .call(_, let parts),
      .builtin(_, let parts), .model(_, let parts), .host(_, let parts):
      visit(parts)
    case .field(let inner, _), .mem(let inner), .infer(let inner, _, _, _),
      .coercion(_, let inner):
      visit(inner)
    case .apply(let callee, let arguments):
      visit(callee)
      visit(arguments)
    case .and(let a, let b), .or(let a, let b), .coalesce(let a, let b), .logDensity(let a, let b):
      visit(a)
      visit(b)
    case .conditional(let condition, let then, let otherwise):
      visit(condition)
      visit(then)
      if let otherwise { visit(otherwise) }
    case .match(let subject, let cases):
      visit(subject)
      for item in cases {
        if let condition = item.guardCondition { visit(condition) }
        visit(item.body)
      }
    case .block(let block): visit(block)
    case .closure(let closure): visit(closure.body)
    case .distribution(let construction): visit(construction)
    case .sample(let draw): visit(draw)
    case .observe(let observation):
      visit(observation.value)
      visit(observation.distribution)
    }
  }

  mutating func visitChildren(of statement: TypedStatement) {
    switch statement.kind {
    case .declare(_, let value), .destructure(_, let value), .factor(let value),
      .require(let value), .tally(_, let value), .debug(let value), .expression(let value):
      visit(value)
    case .draw(_, let draw, _): visit(draw)
    case .assign(_, let path, let value):
      for access in path {
        switch access {
        case .index(let index): visit(index)
        case .matrixIndex(let row, let column):
          visit(row)
          visit(column)
        case .field: break
        }
      }
      visit(value)
    case .forIn(_, let sequence, let body):
      switch sequence {
      case .range(let a, let b, _), .zip(let a, let b):
        visit(a)
        visit(b)
      case .array(let array), .enumerated(let array): visit(array)
      }
      visit(body)
    case .whileLoop(let condition, let body):
      visit(condition)
      visit(body)
    case .returnValue(let value): if let value { visit(value) }
    case .breakLoop, .continueLoop: break
    }
  }
}
