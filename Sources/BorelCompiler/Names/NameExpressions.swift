import BorelBase
import BorelDistributions
import BorelPrimitives
import BorelSyntax

extension BodyChecker {
  /// A name that is not called.
  func name(_ name: String, _ span: Span, _ expected: StaticType?) -> TypedExpression {
    if let local = local(named: name) {
      read(local)
      return TypedExpression(.local(local), locals[local.index].typed.type, span)
    }
    if let id = userFunction(name) { return function(id, span, expected) }
    if let value = Catalogue.constants[name] { return TypedExpression(.real(value), .real, span) }
    if name == Catalogue.scriptArguments {
      requireTopLevel(name, span)
      return TypedExpression(.host(.arguments, []), .array(.string), span)
    }
    if isCallable(name) { return wrapped(name, span, expected) }
    report(
      checker.tallyNumbers[name] != nil ? .tallyRead(name, at: span) : unknownName(name, at: span))
    return TypedExpression(.unit, .error, span)
  }

  /// A function of the program as a value.
  private func function(
    _ id: TypedFunctionID, _ span: Span, _ expected: StaticType?
  ) -> TypedExpression {
    let state = checker.functions[id.index]
    let failure = TypedExpression(.unit, .error, span)
    switch state.role {
    case .model:
      report(.modelAsValue(state.name, at: span))
      return failure
    case .defaultValue:
      return TypedExpression(
        .call(FunctionReference(id), []), constantType(id, span), span)
    case .function, .script: break
    }
    guard let result = resultType(of: id, span) else { return failure }
    let arguments = state.generics.map { _ in fresh() }
    let type = StaticType.function(
      state.parameters.map { $0.type.substituting(arguments) }, result.substituting(arguments))
    if let expected, case .function = resolve(expected) {
      let before = inference
      if !inference.unify(type, expected) {
        inference = before
        return wrapped(state.name, span, expected)
      }
    }
    return TypedExpression(.function(FunctionReference(id, arguments)), type, span)
  }

  private func constantType(_ id: TypedFunctionID, _ span: Span) -> StaticType {
    use(id).result ?? .error
  }

  /// Whether a name can be called, apart from locals.
  func isCallable(_ name: String) -> Bool {
    userFunction(name) != nil || checker.libraryFunctions[name] != nil
      || Catalogue.builtins[name] != nil || Catalogue.specialForms.contains(name)
      || !primitives(named: name).isEmpty || isFamily(name)
      || declaredType(name).map { if case .structure = $0 { true } else { false } } == true
  }

  /// Whether a name is that of a distribution, of the language or of the host.
  func isFamily(_ name: String) -> Bool {
    Catalogue.isFamily(name) || checker.host.distributions[name] != nil
  }

  /// A name that is called with the parameters of the expected function type: `map(xs, exp)`.
  private func wrapped(
    _ name: String, _ span: Span, _ expected: StaticType?
  ) -> TypedExpression {
    var count: Int?
    if let expected, case .function(let parameters, _) = resolve(expected) {
      count = parameters.count
    }
    guard let count else {
      report(
        isFamily(name)
          ? .familyAsValue(name, at: span) : .overloadedAsValue(name, at: span))
      return TypedExpression(.unit, .error, span)
    }
    let arguments = (0..<count).map {
      Argument(label: nil, value: Expression(.name("$\($0)"), span))
    }
    let body = Expression(.call(Expression(.name(name), span), arguments), span)
    let closure = Closure(
      parameters: (0..<count).map { .init(name: Name("$\($0)", span), type: nil) }, result: nil,
      body: Block([Statement(.expression(body), span)], span))
    return self.closure(closure, expected, span)
  }

  /// The diagnostic for a name that nothing declares.
  func unknownName(_ name: String, at span: Span) -> Diagnostic {
    if let latent = branchLatents[name] {
      return .latentOfBranch(name, at: span, drawn: latent)
    }
    if !isScript, let declared = checker.scriptNames[name] {
      return .topLevelName(name, at: span, declared: declared)
    }
    if name.hasPrefix("$") { return .shorthandOutsideClosure(name, at: span) }
    let candidates =
      Array(visible.filter { !$0.value.isEmpty }.keys) + Array(checker.userFunctions.keys)
      + Array(checker.libraryFunctions.keys) + Array(checker.types.names.keys)
      + Catalogue.callableNames + Array(checker.host.functions.keys)
      + Array(checker.host.distributions.keys)
    let foreign = [
      "it": "$0", "ln": "log", "len": "count", "length": "count", "size": "count", "fabs": "abs",
      "Gaussian": "Normal", "flip": "Bernoulli", "null": "nil", "None": "nil", "True": "true",
      "False": "false", "inf": "infinity", "PI": "pi", "expit": "logistic", "sigmoid": "logistic",
      "Wald": "InverseGaussian", "Discrete": "Categorical", "println": "print",
      "zeros": "fill(0.0, count)", "ones": "fill(1.0, count)", "rep": "fill",
      "inv_logit": "logistic",
      "invlogit": "logistic", "log_sum_exp": "logSumExp", "logsumexp": "logSumExp",
    ]
    if name == "it", state.sessionVariables != nil { return .noValueYet(at: span) }
    let suggestion = foreign[name].flatMap { $0 } ?? didYouMean(name, among: candidates.sorted())
    return .unknownName(name, suggestion: suggestion, at: span)
  }
}

extension Diagnostic {
  fileprivate static func unknownName(
    _ name: String, suggestion: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0201", .check, "unknown name '\(name)'", at: span,
      hints: [
        suggestion.map { "did you mean '\($0)'?" }
          ?? "declare it first: as a parameter, by `let \(name) = ...`, or drawn by "
          + "`\(name) ~ ...`"
      ])
  }

  fileprivate static func noValueYet(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0201", .check, "'it' is the last value, and there is none yet", at: span,
      hints: ["enter an expression first"])
  }

  fileprivate static func latentOfBranch(
    _ name: String, at span: Span, drawn: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0201", .check, "unknown name '\(name)': it is drawn in an inner block", at: span,
      labels: [Label(drawn, "known in this block only")],
      hints: ["choose the distribution instead: `\(name) ~ if c { A } else { B }`"])
  }

  fileprivate static func topLevelName(
    _ name: String, at span: Span, declared: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0239", .check, "'\(name)' is a top-level value, which models and functions cannot see",
      at: span, labels: declared.isNone ? [] : [Label(declared, "declared here")],
      hints: ["pass it as an argument"])
  }

  fileprivate static func shorthandOutsideClosure(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0201", .check, "'\(name)' is not a parameter here", at: span,
      hints: ["shorthand names belong to closures without named parameters"])
  }

  fileprivate static func modelAsValue(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0206", .check, "the model '\(name)' needs its arguments", at: span,
      hints: ["write `\(name)(...)`"])
  }

  fileprivate static func familyAsValue(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0206", .check, "the distribution '\(name)' needs its parameters", at: span,
      hints: ["write `\(name)(...)`"])
  }

  fileprivate static func overloadedAsValue(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0211", .check, "'\(name)' has several forms, and nothing here chooses one", at: span,
      hints: ["write a closure with its parameter types: `{ (x: Real) in \(name)(x) }`"])
  }
}
