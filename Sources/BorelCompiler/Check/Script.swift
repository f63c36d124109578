import BorelBase
import BorelPrimitives
import BorelSyntax

extension Checker {
  /// Declares the top-level statements as one function, and the constants among them.
  ///
  /// - Returns: The script; nil without statements.
  func declareScript(of program: Program) -> TypedFunctionID? {
    var statements: [Statement] = []
    for item in program.items {
      guard case .statement(let statement) = item.kind else { continue }
      statements.append(statement)
      declareNames(of: statement)
    }
    guard let first = statements.first, let last = statements.last else { return nil }
    let state = FunctionState(
      name: "script", role: .script, span: first.span.joined(last.span), isLibrary: false)
    state.statements = Block(statements, state.span)
    state.result = .unit
    return add(state)
  }

  func declareNames(of statement: Statement) {
    switch statement.kind {
    case .binding(false, let pattern, let type, let value):
      if case .binding(let name) = pattern.kind, isConstant(value) {
        declareConstant(name, type, value)
      } else {
        declareNames(of: pattern)
      }
    case .binding(true, let pattern, _, _): declareNames(of: pattern)
    case .draw(_, let name, _, _): scriptNames[name.text] = name.span
    default: break
    }
  }

  private func declareNames(of pattern: Pattern) {
    switch pattern.kind {
    case .binding(let name): scriptNames[name.text] = name.span
    case .tuple(let parts): parts.forEach(declareNames(of:))
    case .wildcard, .literal, .enumCase: break
    }
  }

  /// A top-level `let` with a constant value is visible in models and functions too.
  private func declareConstant(_ name: Name, _ type: TypeExpression?, _ value: Expression) {
    if let existing = userFunctions[name.text] {
      report(.redefinition(name.text, at: name.span, first: functions[existing.index].span))
      return
    }
    let state = FunctionState(
      name: name.text, role: .defaultValue, expression: value, span: name.span, isLibrary: false)
    state.result = type.map { resolve($0, generics: []) }
    userFunctions[name.text] = add(state)
    constantNames.insert(name.text)
  }

  /// Literals, and operators and primitives on constants.
  private func isConstant(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .integer, .real, .bool: return true
    case .string(let parts):
      return parts.allSatisfy { if case .text = $0 { true } else { false } }
    case .name(let name): return constantNames.contains(name) || Catalogue.constants[name] != nil
    case .array(let parts), .tuple(let parts): return parts.allSatisfy(isConstant)
    case .unary(_, let operand): return isConstant(operand)
    case .binary(_, let left, let right): return isConstant(left) && isConstant(right)
    case .ascription(let value, _): return isConstant(value)
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind, userFunctions[name] == nil,
        !PrimitiveRegistry.overloads(of: name).isEmpty
      else { return false }
      return arguments.allSatisfy { isConstant($0.value) }
    default: return false
    }
  }
}
