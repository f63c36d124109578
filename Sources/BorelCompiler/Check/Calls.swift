import BorelBase
import BorelPrimitives
import BorelSyntax

/// An argument of a call: not checked yet, or checked already (the receiver of a method call).
struct CallArgument {
  enum Source {
    case tree(Expression)
    case typed(TypedExpression)
  }
  var label: Name?
  var source: Source

  var span: Span {
    switch source {
    case .tree(let expression): expression.span
    case .typed(let expression): expression.span
    }
  }

  var tree: Expression? {
    if case .tree(let expression) = source { return expression }
    return nil
  }

  var isClosure: Bool {
    if case .tree(let expression) = source, case .closure = expression.kind { return true }
    return false
  }
}

extension BodyChecker {
  func call(
    _ callee: Expression, _ arguments: [Argument], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let list = arguments.map { CallArgument(label: $0.label, source: .tree($0.value)) }
    switch callee.kind {
    case .name(let name): return call(Name(name, callee.span), list, expected, span)
    case .implicitMember(let name): return implicitCase(name, arguments, expected, span)
    case .member(let base, let name):
      if let id = enumeration(named: base) { return enumCase(id, name, arguments, span) }
      return callMember(infer(base), name, list, expected, span)
    default: return apply(infer(callee), list, span)
    }
  }

  /// A call by name: what the program declares hides what the language offers.
  func call(
    _ name: Name, _ arguments: [CallArgument], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    if let local = local(named: name.text), takesCall(local) || !isCallable(name.text) {
      read(local)
      let function = TypedExpression(.local(local), locals[local.index].typed.type, name.span)
      return apply(function, arguments, span)
    }
    if let id = userFunction(name.text) {
      return call(id, arguments, expected, span)
    }
    if case .structure(let id) = declaredType(name.text) {
      return construct(id, arguments, span)
    }
    if name.text == "Transformed" { return transformed(arguments, span) }
    if Catalogue.specialForms.contains(name.text) {
      return specialForm(name, arguments, expected, span)
    }
    if isFamily(name.text) { return distribution(name, arguments, span) }
    return callLanguage(name, arguments, expected, span)
  }

  /// Whether a local may be called: a number named `mean` does not hide the function.
  func takesCall(_ local: LocalID) -> Bool {
    switch resolve(locals[local.index].typed.type) {
    case .function, .variable, .error: true
    default: false
    }
  }

  /// A call of what the language offers: structural, primitive or library function.
  private func callLanguage(
    _ name: Name, _ arguments: [CallArgument], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let library = checker.libraryFunctions[name.text]
    let primitives = self.primitives(named: name.text)
    let isBuiltin = Catalogue.builtins[name.text] != nil
    if let library, (primitives.isEmpty && !isBuiltin) || arguments.contains(where: \.isClosure) {
      return call(library, arguments, expected, span)
    }
    guard isBuiltin || !primitives.isEmpty else {
      for argument in arguments { _ = value(argument, nil) }
      report(unknownCallee(name))
      return TypedExpression(.unit, .error, span)
    }
    let typed = arguments.map { value($0, nil) }
    if typed.contains(where: { resolve($0.type) == .error }) {
      return TypedExpression(.unit, .error, span)
    }
    if isBuiltin, let result = builtin(name.text, typed, span) { return result }
    if let result = choose(primitives, typed, span) { return result }
    if let library {
      let list = zip(arguments, typed).map { CallArgument(label: $0.label, source: .typed($1)) }
      return call(library, list, expected, span)
    }
    report(noOverload(name, typed, primitives, span))
    return TypedExpression(.unit, .error, span)
  }

  /// `receiver.name(arguments)`: a field that is a function, a member of a posterior, or the
  /// function called with the receiver as first argument.
  private func callMember(
    _ receiver: TypedExpression, _ name: Name, _ arguments: [CallArgument],
    _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let type = resolve(receiver.type)
    if type == .error {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      return TypedExpression(.unit, .error, span)
    }
    if let (index, fieldType) = field(name, of: type) {
      let function = TypedExpression(
        .field(receiver, index), fieldType, receiver.span.joined(name.span))
      return apply(function, arguments, span)
    }
    if case .posterior = type,
      let result = posteriorMember(receiver, name, arguments, span)
    {
      return result
    }
    if name.text == "append", isBuiltinName("append") {
      report(.appendAsValue(at: span))
      return TypedExpression(.unit, .error, span)
    }
    guard isCallable(name.text) || local(named: name.text) != nil else {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      report(unknownMember(name, of: type))
      return TypedExpression(.unit, .error, span)
    }
    let list = [CallArgument(label: nil, source: .typed(receiver))] + arguments
    return call(name, list, expected, span)
  }

  /// Checks an argument. Giving an expected type does not convert to it.
  func value(_ argument: CallArgument, _ expected: StaticType?) -> TypedExpression {
    switch argument.source {
    case .tree(let tree): expression(tree, expected)
    case .typed(let typed): typed
    }
  }

  /// A call of a function value.
  func apply(
    _ function: TypedExpression, _ arguments: [CallArgument], _ span: Span
  ) -> TypedExpression {
    let failure = TypedExpression(.unit, .error, span)
    if case .variable = resolve(function.type) {
      _ = inference.unify(function.type, .function(arguments.map { _ in fresh() }, fresh()))
    }
    guard case .function(let parameters, let result) = resolve(function.type) else {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      if resolve(function.type) != .error {
        report(.notCallable(text(function.type), at: function.span))
      }
      return failure
    }
    guard parameters.count == arguments.count else {
      report(
        .argumentCount(
          sourceText(function.span), expected: parameters.count, found: arguments.count, at: span))
      return failure
    }
    let values = zip(arguments, parameters).map { coerce(value($0, $1), $1) }
    return TypedExpression(.apply(function, values), result, span)
  }

  private func unknownCallee(_ name: Name) -> Diagnostic {
    if case .enumeration(let id) = declaredType(name.text) {
      let first = checker.types.enums[id.index].cases.first?.name ?? "case"
      return .enumCalled(name.text, first, at: name.span)
    }
    return unknownName(name.text, at: name.span)
  }

  private func noOverload(
    _ name: Name, _ arguments: [TypedExpression], _ primitives: [Primitive], _ span: Span
  ) -> Diagnostic {
    for argument in arguments {
      if case .distribution(let drawn) = resolve(argument.type) {
        return .distributionAsValue(text(argument.type), text(drawn), at: argument.span)
      }
    }
    let found = arguments.map { text($0.type) }.joined(separator: ", ")
    var forms: [String] = []
    for primitive in primitives where !primitive.isElementwise {
      let list = primitive.parameters.map { text($0.staticType) }.joined(separator: ", ")
      let form = "\(name.text)(\(list))"
      if !forms.contains(form) { forms.append(form) }
    }
    return .noOverload(name.text, found: found, forms: forms, at: span)
  }
}

extension Diagnostic {
  fileprivate static func appendAsValue(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0206", .check, "`append` changes a variable and gives no value", at: span,
      hints: ["`appending(xs, v)` gives the longer array"])
  }

  fileprivate static func notCallable(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic("E0206", .check, "\(found) is not a function", at: span)
  }

  static func argumentCount(
    _ name: String, expected: Int, found: Int, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0204", .check,
      "'\(name)' takes \(expected) \(expected == 1 ? "argument" : "arguments"), found \(found)",
      at: span)
  }

  fileprivate static func enumCalled(
    _ name: String, _ first: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0206", .check, "'\(name)' is an enum, not a function", at: span,
      hints: ["name a case: `\(name).\(first)`"])
  }

  fileprivate static func noOverload(
    _ name: String, found: String, forms: [String], at span: Span
  ) -> Diagnostic {
    let list = forms.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
    return Diagnostic(
      "E0207", .check, "no form of '\(name)' takes (\(found))", at: span,
      hints: forms.isEmpty ? [] : ["it has \(list)"])
  }
}
