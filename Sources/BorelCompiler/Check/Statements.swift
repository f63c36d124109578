import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Checks a statement.
  ///
  /// - Returns: What it becomes (sometimes several statements), and whether what follows is reached.
  func statement(_ statement: Statement) -> ([TypedStatement], completes: Bool) {
    let span = statement.span
    func one(_ kind: TypedStatement.Kind) -> ([TypedStatement], completes: Bool) {
      ([TypedStatement(kind, span)], true)
    }
    switch statement.kind {
    case .binding(let isVariable, let pattern, let type, let value):
      return one(binding(isVariable: isVariable, pattern, type, value))
    case .draw(let isVariable, let name, let source, let options):
      return one(draw(isVariable: isVariable, name, source, options, span))
    case .assign(let target, let operation, let value):
      return (assign(target, operation, value, span), true)
    case .factor(let weight): return one(factor(weight, span))
    case .require(let condition): return one(require(condition, span))
    case .tally(let name, let value): return one(tally(name, value, span))
    case .debug(let value):
      if isScript { report(.debugAtTopLevel(at: span)) }
      effects.insert(.prints)
      return one(.debug(infer(value)))
    case .forIn(let pattern, let source, let body): return one(forLoop(pattern, source, body))
    case .whileLoop(let condition, let body): return whileLoop(condition, body, span)
    case .returnValue(let value): return ([returnStatement(value, span)], false)
    case .breakLoop, .continueLoop:
      if frames[frames.count - 1].loopDepth == 0 {
        report(.outsideLoop(statement.kind.isBreak ? "break" : "continue", at: span))
      }
      if statement.kind.isBreak { frames[frames.count - 1].hasBreak = true }
      return ([TypedStatement(statement.kind.isBreak ? .breakLoop : .continueLoop, span)], false)
    case .expression(let expression):
      if isAppend(expression) { return (append(expression), true) }
      let value = dropped(expression)
      return ([TypedStatement(.expression(value), span)], resolve(value.type) != .never)
    case .function(let declaration): return one(innerFunction(declaration, span))
    case .error: return ([], true)
    }
  }

  /// An expression whose value is not used.
  private func dropped(_ expression: Expression) -> TypedExpression {
    switch expression.kind {
    case .conditional(let condition, let then, let otherwise):
      return conditional(condition, then, otherwise, .nothing, expression.span)
    case .match(let value, let cases): return match(value, cases, .nothing, expression.span)
    case .block(let body):
      let typed = scoped { block(body, .nothing) }
      return TypedExpression(.block(typed), typed.type, expression.span)
    default:
      let value = infer(expression)
      if !isScript { warnUnused(value) }
      return value
    }
  }

  private func warnUnused(_ value: TypedExpression) {
    switch value.kind {
    case .integer, .real, .bool, .string, .local, .primitive, .broadcast, .distribution, .tuple,
      .closure, .model:
      guard resolve(value.type) != .unit, resolve(value.type) != .error else { return }
      var hint = "assign it with `let`, or remove it"
      if case .distribution = value.kind { hint = "draw from it: `x ~ D` or `sample D`" }
      if case .model = value.kind { hint = "run it: `x ~ m(...)`, or `infer(m(...), method)`" }
      report(.unusedValue(at: value.span, hint: hint))
    default: break
    }
  }

  private func binding(
    isVariable: Bool, _ pattern: Pattern, _ type: TypeExpression?, _ value: Expression
  ) -> TypedStatement.Kind {
    let expected = type.map { checker.resolve($0, generics: state.generics.map(\.name)) }
    let (typed, depends) = followingChoices {
      expected.map { check(value, $0) } ?? infer(value)
    }
    let valueType = expected ?? typed.type
    if resolve(valueType) == .unit, case .binding(let name) = pattern.kind {
      report(.unitValue(name.text, at: value.span))
    }
    switch pattern.kind {
    case .binding(let name):
      refuseRedeclaration(of: name)
      let local = declare(
        name.text, valueType, isVariable ? .variable : .value, isVariable: isVariable, name.span)
      locals[local.index].dependsOnChoice = depends
      if !isVariable { locals[local.index].dataPath = dataPath(of: value) }
      return .declare(local, typed)
    case .wildcard: return .expression(typed)
    default:
      let bound = bind(pattern, valueType, dependsOnChoice: depends, isVariable: isVariable)
      return .destructure(bound, typed)
    }
  }

  /// A name may be declared once per scope.
  func refuseRedeclaration(of name: Name) {
    guard let existing = local(named: name.text) else { return }
    let info = locals[existing.index]
    if info.scope == scopeDepth, info.frame == frames.count - 1, name.text != "_" {
      report(.redeclared(name.text, at: name.span, first: info.typed.span))
    }
  }

  private func forLoop(
    _ pattern: Pattern, _ source: Expression, _ body: Block
  ) -> TypedStatement.Kind {
    let ((sequence, element), depends) = followingChoices { self.sequence(source, pattern) }
    let path = sequencePath(source)
    return scoped(isBranch: true) {
      let bound = bind(pattern, element, dependsOnChoice: depends, isVariable: false)
      if let path { setDataPath(path, of: bound, isPair: sequence.isEnumerated) }
      let typed = underChoice(depends) { loopBody(body) }
      return .forIn(bound, sequence, typed)
    }
  }

  func loopBody(_ body: Block) -> TypedBlock {
    frames[frames.count - 1].loopDepth += 1
    let typed = scoped(isBranch: true) { block(body, .nothing) }
    frames[frames.count - 1].loopDepth -= 1
    return typed
  }

  private func whileLoop(
    _ condition: Condition, _ body: Block, _ span: Span
  ) -> ([TypedStatement], completes: Bool) {
    let outerBreak = frames[frames.count - 1].hasBreak
    frames[frames.count - 1].hasBreak = false
    let kind: TypedStatement.Kind = scoped(isBranch: true) {
      let (test, depends) = followingChoices { self.condition(condition) }
      return .whileLoop(test, underChoice(depends) { loopBody(body) })
    }
    var isEndless = false
    if case .whileLoop(.expression(let test), _) = kind, case .bool(true) = test.kind {
      isEndless = !frames[frames.count - 1].hasBreak
    }
    frames[frames.count - 1].hasBreak = outerBreak
    return ([TypedStatement(kind, span)], !isEndless)
  }

  func condition(_ condition: Condition) -> TypedCondition {
    switch condition {
    case .expression(let expression): return .expression(check(expression, .bool))
    case .binding(let name, let expression):
      let (value, depends) = followingChoices { infer(expression) }
      var type = StaticType.error
      switch resolve(value.type) {
      case .optional(let wrapped): type = wrapped
      case .error: break
      default: report(.notOptional(text(value.type), at: expression.span))
      }
      let local = declare(name.text, type, .value, isVariable: false, name.span)
      locals[local.index].dependsOnChoice = depends
      locals[local.index].dataPath = dataPath(of: expression)
      return .binding(local, value)
    }
  }

  private func returnStatement(_ value: Expression?, _ span: Span) -> TypedStatement {
    let frame = frames.count - 1
    if isScript, frame == 0 {
      report(.returnAtTopLevel(at: span))
      return TypedStatement(.returnValue(value.map(infer)), span)
    }
    guard let value else {
      if let expected = frames[frame].expectedResult {
        if conversion(from: .unit, to: expected) == nil {
          report(.mismatch(expected: text(expected), found: "nothing", at: span))
        }
      } else {
        frames[frame].returned.append(.unit)
      }
      return TypedStatement(.returnValue(nil), span)
    }
    if let expected = frames[frame].expectedResult {
      return TypedStatement(.returnValue(check(value, expected)), span)
    }
    let typed = infer(value)
    frames[frame].returned.append(typed.type)
    return TypedStatement(.returnValue(typed), span)
  }
}

extension Statement.Kind {
  fileprivate var isBreak: Bool {
    if case .breakLoop = self { return true }
    return false
  }
}

extension Diagnostic {
  fileprivate static func debugAtTopLevel(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0233", .check, "`debug` belongs to models and functions", at: span,
      hints: ["use `print` at the top level"])
  }

  fileprivate static func outsideLoop(_ word: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0216", .check, "`\(word)` outside of a loop", at: span,
      hints: ["leave a function with `return`"])
  }

  fileprivate static func unusedValue(at span: Span, hint: String) -> Diagnostic {
    Diagnostic(
      "W0204", .check, "the value is not used", at: span, severity: .warning, hints: [hint])
  }

  fileprivate static func unitValue(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "'\(name)' would have no value: the expression gives Unit", at: span,
      hints: ["write the expression as a statement"])
  }

  static func redeclared(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "'\(name)' is already declared in this block", at: span,
      labels: [Label(first, "declared here")],
      hints: ["declare it with `var` and assign, or choose another name"])
  }

  fileprivate static func notOptional(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "`if let` needs an optional, found \(found)", at: span,
      hints: ["use `let` without `if`"])
  }

  fileprivate static func returnAtTopLevel(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0241", .check, "`return` outside of a function or model", at: span, hints: ["remove it"])
  }
}
