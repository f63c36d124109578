import BorelBase
import BorelSyntax

extension BodyChecker {
  /// What a `for` loop runs over, and the type of its elements. Ranges and pairs need no array.
  func sequence(_ source: Expression, _ pattern: Pattern) -> (TypedSequence, StaticType) {
    var isPair = false
    if case .tuple(let parts) = pattern.kind { isPair = parts.count == 2 }
    switch source.kind {
    case .range(let low, let high, let isClosed):
      return (.range(check(low, .int), check(high, .int), isClosed: isClosed), .int)
    case .call(let callee, let arguments) where isPair:
      if let base = enumeratedBase(callee, arguments) {
        let array = self.array(base)
        return (.enumerated(array), .tuple([.int, elementType(of: array)]))
      }
      if let (a, b) = zipArguments(callee, arguments) {
        let first = array(a)
        let second = array(b)
        return (.zip(first, second), .tuple([elementType(of: first), elementType(of: second)]))
      }
    default: break
    }
    let typed = array(source)
    if case .builtin(.range, let ends) = typed.kind {
      return (.range(ends[0], ends[1], isClosed: false), .int)
    }
    return (.array(typed), elementType(of: typed))
  }

  /// The data path of what a loop runs over.
  func sequencePath(_ source: Expression) -> String? {
    if case .call(let callee, let arguments) = source.kind,
      let base = enumeratedBase(callee, arguments)
    {
      return dataPath(of: base)
    }
    return dataPath(of: source)
  }

  /// Names what a loop over data binds.
  func setDataPath(_ path: String, of pattern: TypedPattern, isPair: Bool) {
    switch pattern.kind {
    case .binding(let local): locals[local.index].dataPath = path
    case .tuple(let parts) where isPair:
      if case .binding(let local) = parts[1].kind { locals[local.index].dataPath = path }
    default: break
    }
  }

  private func enumeratedBase(_ callee: Expression, _ arguments: [Argument]) -> Expression? {
    switch callee.kind {
    case .member(let base, let name) where name.text == "enumerated" && arguments.isEmpty:
      return base
    case .name("enumerated") where arguments.count == 1 && isBuiltinName("enumerated"):
      return arguments[0].value
    default: return nil
    }
  }

  private func zipArguments(
    _ callee: Expression, _ arguments: [Argument]
  ) -> (Expression, Expression)? {
    guard case .name("zip") = callee.kind, arguments.count == 2, isBuiltinName("zip") else {
      return nil
    }
    return (arguments[0].value, arguments[1].value)
  }

  /// Whether nothing of the program hides a name of the language.
  func isBuiltinName(_ name: String) -> Bool {
    local(named: name).map(takesCall) != true && userFunction(name) == nil
  }

  private func array(_ source: Expression) -> TypedExpression {
    let value = infer(source)
    switch resolve(value.type) {
    case .array, .error: break
    case .variable: _ = inference.unify(value.type, .array(fresh()))
    case .int: report(.notASequence(text(value.type), hint: "write `0..<n`", at: source.span))
    case .data:
      report(
        .notASequence(
          text(value.type), hint: "say what it contains: `data as [Real]`", at: source.span))
    default: report(.notASequence(text(value.type), hint: nil, at: source.span))
    }
    return value
  }

  private func elementType(of array: TypedExpression) -> StaticType {
    resolve(array.type).elementOfArray ?? .error
  }
}

extension TypedSequence {
  var isEnumerated: Bool {
    if case .enumerated = self { return true }
    return false
  }
}

extension Diagnostic {
  fileprivate static func notASequence(
    _ found: String, hint: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check, "a loop needs an array or a range, found \(found)", at: span,
      hints: hint.map { [$0] } ?? [])
  }
}
