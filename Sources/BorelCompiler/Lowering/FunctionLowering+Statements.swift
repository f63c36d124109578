import BorelBase
import BorelIR

extension FunctionLowering {
  /// Lowers the statements of a block and returns the words of its value.
  func lower(_ block: TypedBlock, inTail: Bool = false) -> Words {
    for (index, statement) in block.statements.enumerated() {
      let isLast = index == block.statements.count - 1 && block.value == nil
      lower(statement, inTail: inTail && isLast)
    }
    guard let value = block.value else { return [] }
    return lower(value, inTail: inTail)
  }

  func lower(_ statement: TypedStatement, inTail: Bool) {
    let span = statement.span
    switch statement.kind {
    case .declare(let local, let value): lowerDeclaration(local, value)
    case .destructure(let pattern, let value):
      bind(pattern, lower(value))
    case .draw(let local, let draw, _): lowerDraw(draw, to: local, span)
    case .assign(let local, let path, let value):
      lowerAssignment(local, path, value, span)
    case .factor(let value):
      builder.append(.factor, lower(value), results: [], at: span)
    case .require(let value):
      builder.append(.require, lower(value), results: [], at: span)
    case .tally(let number, let value):
      builder.append(.tally(number), lower(value), results: [], at: span)
    case .debug(let value):
      builder.append(.debug(shape(value.type)), lower(value), results: [], at: span)
    case .forIn(let pattern, let sequence, let body): lowerFor(pattern, sequence, body, span)
    case .whileLoop(let condition, let body): lowerWhile(condition, body, span)
    case .returnValue(let value):
      let words = value.map { lower($0, inTail: true) } ?? []
      if builder.isReachable { builder.returnValues(words, at: span) }
    case .breakLoop:
      if let loop = loops.last { builder.jump(loop.breakBlock, at: span) }
      builder.enterUnreachable()
    case .continueLoop:
      if let loop = loops.last { builder.jump(loop.continueBlock, at: span) }
      builder.enterUnreachable()
    case .expression(let value): lowerForEffect(value, inTail: inTail && resultLayout.isEmpty)
    }
  }

  private func lowerDeclaration(_ local: LocalID, _ value: TypedExpression) {
    if !localInfo[local.index].isVariable, case .model(let reference, let arguments) = value.kind {
      // Remembered, so that the model can be run in place under the names of its caller.
      let words = arguments.flatMap { lower($0) }
      known[local] = .model(reference.id, arguments: words)
      declare(local, [makeModel(reference, words, value)])
      return
    }
    declare(local, lower(value))
  }

  /// Lowers an expression whose value is dropped.
  func lowerForEffect(_ expression: TypedExpression, inTail: Bool = false) {
    if case .observe(let observation) = expression.kind {
      _ = lower(observation, isValueUsed: false)
    } else {
      _ = lower(expression, inTail: inTail)
    }
  }

  // MARK: Assignment

  private func lowerAssignment(
    _ local: LocalID, _ path: [TypedAccess], _ value: TypedExpression, _ span: Span
  ) {
    if path.isEmpty {
      declare(local, lower(value))
      return
    }
    // Left to right: indices first, then the new value, then the update from the inside out.
    var indices: [Words] = []
    for access in path {
      switch access {
      case .index(let index): indices.append(lower(index))
      case .matrixIndex(let row, let column): indices.append(lower(row) + lower(column))
      case .field: indices.append([])
      }
    }
    let new = lower(value)
    let updated = replace(
      read(local), type(localInfo[local.index].type), path[...], indices[...], new, span)
    declare(local, updated)
  }

  /// The words of a value with the part that a path leads to replaced.
  private func replace(
    _ whole: Words, _ type: StaticType, _ path: ArraySlice<TypedAccess>,
    _ indices: ArraySlice<Words>, _ new: Words, _ span: Span
  ) -> Words {
    guard let access = path.first, let index = indices.first else { return new }
    let rest = path.dropFirst()
    switch access {
    case .field(let position, _):
      let range = owner.types.range(ofField: position, in: type)
      let fields = unbox(whole, type, span)
      let part = replace(
        Array(fields[range]), owner.types.fields(type)[position], rest, indices.dropFirst(), new,
        span)
      return box(
        Array(fields[..<range.lowerBound]) + part + Array(fields[range.upperBound...]), type, span)
    case .index:
      guard case .array(let element) = type else { internalError("an index into no array") }
      let layout = owner.types.layout(element)
      var part = new
      if !rest.isEmpty {
        let old = builder.append(.arrayGet(layout), whole + index, results: layout, at: span)
        part = replace(old, element, rest, indices.dropFirst(), new, span)
      }
      return builder.append(
        .arraySet(layout), whole + index + part, results: [.array(layout)], at: span)
    case .matrixIndex:
      return [primitive("set.matrix", whole + index + new, .matrix, at: span)]
    }
  }
}
