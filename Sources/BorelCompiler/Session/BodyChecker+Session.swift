import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Checks an entry of an interactive session: its parameters are the variables of earlier
  /// entries that it mentions, its result is a tuple of what it declares, what it may have
  /// assigned, and the value of its last statement.
  func runEntry(_ statements: Block, _ variables: [SessionVariable]) {
    frames[0].expectedResult = .unit
    for variable in variables {
      let local = declare(
        variable.name, variable.type, variable.isVariable ? .variable : .value,
        isVariable: variable.isVariable, variable.span)
      locals[local.index].isOfSession = true
      state.parameters.append(
        TypedParameter(local: local, name: variable.name, type: variable.type, span: variable.span))
    }
    scopeDepth += 1
    let first = locals.count
    var (typed, completes) = check(statements.statements.dropLast())
    var result: SessionExport?
    if let last = statements.statements.last {
      if completes, let value = valueOfEntry(last) {
        let kept = keep(value)
        typed.append(kept.statement)
        result = kept.export
      } else {
        let (more, isCompleting) = statement(last)
        typed += more
        completes = completes && isCompleting
      }
    }
    if completes { state.exports = exports(declaredFrom: first) + (result.map { [$0] } ?? []) }
    finish(typed, completes: completes, statements.span)
  }

  /// The variables of the session that the entry assigns, then those that it declares.
  private func exports(declaredFrom first: Int) -> [SessionExport] {
    locals.indices.compactMap { index in
      let info = locals[index]
      let isDeclared =
        index >= first && info.scope == scopeDepth && info.frame == 0
        && info.typed.name != "_" && !info.typed.name.isEmpty
      guard isDeclared || info.isOfSession && info.isAssigned else { return nil }
      return SessionExport(
        name: info.typed.name, local: LocalID(index), isVariable: info.typed.isVariable)
    }
  }

  private func check(_ statements: ArraySlice<Statement>) -> ([TypedStatement], Bool) {
    var result: [TypedStatement] = []
    var completes = true
    for statement in statements {
      let (typed, isCompleting) = self.statement(statement)
      result += typed
      completes = completes && isCompleting
    }
    return (result, completes)
  }

  /// The value of the last statement; nil when it has none. Branches of different types have none.
  private func valueOfEntry(_ statement: Statement) -> TypedExpression? {
    guard case .expression(let expression) = statement.kind, !isAppend(expression) else {
      return nil
    }
    switch expression.kind {
    case .conditional(_, _, nil): return nil
    case .conditional, .match, .block:
      let start = snapshot()
      let value = infer(expression)
      if !failed(since: start) { return value }
      restore(start)
      return nil
    default: return infer(expression)
    }
  }

  /// Keeps the value of the last statement in a local without a name.
  private func keep(
    _ value: TypedExpression
  ) -> (statement: TypedStatement, export: SessionExport?) {
    let type = resolve(value.type)
    if type == .unit || type == .never || type == .error {
      return (TypedStatement(.expression(value), value.span), nil)
    }
    let local = declareHidden(value.type, value.span)
    return (
      TypedStatement(.declare(local, value), value.span),
      SessionExport(name: nil, local: local, isVariable: false)
    )
  }

  private func finish(_ statements: [TypedStatement], completes: Bool, _ span: Span) {
    guard completes, !state.exports.isEmpty else {
      finish(
        TypedBlock(
          statements: statements, value: nil, type: completes ? .unit : .never, span: span), .unit)
      return
    }
    let values = state.exports.map { export in
      TypedExpression(.local(export.local), locals[export.local.index].typed.type, span)
    }
    let type = StaticType.tuple(values.map { inference.resolveFully($0.type) })
    let block = TypedBlock(
      statements: statements, value: TypedExpression(.tuple(values), type, span), type: type,
      span: span)
    finish(block, type)
  }
}
