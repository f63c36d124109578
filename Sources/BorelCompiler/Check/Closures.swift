import BorelBase
import BorelSyntax

extension BodyChecker {
  func closure(
    _ closure: Closure, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    var wantedParameters: [StaticType]?
    var wantedResult: StaticType?
    if let expected, case .function(let parameters, let result) = resolve(expected) {
      wantedParameters = parameters
      wantedResult = result
    }
    closureCount += 1
    let name = "\(state.name).\(closureCount)"
    var parameters: [(Name, StaticType)] = []
    let failure = TypedExpression(.unit, .error, span)
    if let declared = closure.parameters {
      if let wanted = wantedParameters, wanted.count != declared.count {
        report(
          .closureParameters(expected: wanted.count, found: declared.count, at: span))
        return failure
      }
      for (index, parameter) in declared.enumerated() {
        parameters.append(
          (
            parameter.name, parameterType(parameter, wantedParameters?[index])
          ))
      }
    } else {
      for (index, type) in (wantedParameters ?? []).enumerated() {
        parameters.append((Name("$\(index)", span), known(type, "$\(index)", span)))
      }
    }
    if parameters.contains(where: { $0.1 == .error }) { return failure }
    var result = closure.result.map {
      checker.resolve($0, generics: state.generics.map(\.name))
    }
    if result == nil, let wanted = wantedResult, !resolve(wanted).isVariable { result = wanted }
    return makeClosure(parameters, result, closure.body, name: name, selfLocal: nil, span)
  }

  private func parameterType(
    _ parameter: Closure.Parameter, _ wanted: StaticType?
  ) -> StaticType {
    if let type = parameter.type {
      return checker.resolve(type, generics: state.generics.map(\.name))
    }
    guard let wanted else {
      report(.closureParameterType(parameter.name.text, at: parameter.name.span))
      return .error
    }
    return known(wanted, parameter.name.text, parameter.name.span)
  }

  /// The type of a parameter, which must be known before the body is checked.
  private func known(_ type: StaticType, _ name: String, _ span: Span) -> StaticType {
    let solved = inference.resolveFully(type)
    if solved.isVariable {
      report(.closureParameterType(name, at: span))
      return .error
    }
    return solved
  }

  private func makeClosure(
    _ parameters: [(Name, StaticType)], _ result: StaticType?, _ body: Block, name: String,
    selfLocal: LocalID?, _ span: Span
  ) -> TypedExpression {
    let outerEffects = effects
    effects = []
    frames.append(Frame())
    var ids: [LocalID] = []
    let (typed, resultType) = scoped { () -> (TypedBlock, StaticType) in
      for (name, type) in parameters {
        ids.append(declare(name.text, type, .parameter, isVariable: false, name.span))
      }
      return functionBody(body, expected: result, name: name, nameSpan: span)
    }
    var frame = frames.removeLast()
    var selfReference: LocalID?
    if let selfLocal, let index = frame.captures.firstIndex(of: selfLocal) {
      frame.captures.remove(at: index)
      selfReference = selfLocal
    }
    let closure = TypedClosure(
      parameters: ids, captures: frame.captures, selfLocal: selfReference, result: resultType,
      body: typed, effects: effects, name: name)
    effects.formUnion(outerEffects)
    return TypedExpression(
      .closure(closure), .function(parameters.map(\.1), resultType), span)
  }

  /// A `func` inside a block: a closure with a name, which may call itself.
  func innerFunction(_ declaration: FunctionDeclaration, _ span: Span) -> TypedStatement.Kind {
    if let generic = declaration.generics.first {
      report(.genericInside(at: generic.name.span))
      _ = declare(
        declaration.name.text, .error, .value, isVariable: false, declaration.name.span)
      return .expression(TypedExpression(.unit, .error, span))
    }
    refuseRedeclaration(of: declaration.name)
    let generics = state.generics.map(\.name)
    let parameters = declaration.parameters.map { parameter -> (Name, StaticType) in
      if let value = parameter.defaultValue { report(.defaultInside(at: value.span)) }
      if parameter.isLearnable { report(.learnableInside(at: parameter.name.span)) }
      return (parameter.name, checker.resolve(parameter.type, generics: generics))
    }
    let declared = declaration.result.map { checker.resolve($0, generics: generics) }
    let open = declared ?? fresh()
    let local = declare(
      declaration.name.text, .function(parameters.map(\.1), open), .value, isVariable: false,
      declaration.name.span)
    let (closure, depends) = followingChoices {
      makeClosure(
        parameters, declared, declaration.body, name: declaration.name.text, selfLocal: local, span)
    }
    if case .function(_, let result) = closure.type, !inference.unify(open, result) {
      report(.mismatch(expected: text(open), found: text(result), at: declaration.name.span))
    }
    locals[local.index].dependsOnChoice = depends
    return .declare(local, closure)
  }

  /// `mem f`: the same value for the same argument.
  func mem(
    _ function: Expression, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let value = expression(function, expected)
    guard case .function(let parameters, _) = resolve(value.type) else {
      if resolve(value.type) != .error {
        report(.memOfValue(text(value.type), at: function.span))
      }
      return TypedExpression(.unit, .error, span)
    }
    for parameter in parameters {
      let type = inference.resolveFully(parameter)
      if !isMemoKey(type) { report(.memKey(text(type), at: function.span)) }
    }
    return TypedExpression(.mem(value), value.type, span)
  }

  private func isMemoKey(_ type: StaticType) -> Bool {
    switch type {
    case .int, .bool, .string, .unit, .rigid, .error: true
    case .array(let inner), .optional(let inner): isMemoKey(inner)
    case .tuple(let parts): parts.allSatisfy(isMemoKey)
    case .enumeration(let id): isMemoKeyEnum(id)
    default: false
    }
  }

  private func isMemoKeyEnum(_ id: EnumID) -> Bool {
    checker.types.equatableEnums.contains(id)
      && checker.types.enums[id.index].cases.allSatisfy { item in
        item.payload.allSatisfy { field in
          field.type == .enumeration(id) || isMemoKey(field.type)
        }
      }
  }
}

extension Diagnostic {
  fileprivate static func closureParameters(
    expected: Int, found: Int, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0204", .check,
      "expected a closure with \(expected) \(expected == 1 ? "parameter" : "parameters"), "
        + "found \(found)", at: span)
  }

  fileprivate static func closureParameterType(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0211", .check, "the type of the parameter '\(name)' is not known", at: span,
      hints: ["write it: `{ (\(name.hasPrefix("$") ? "x" : name): Real) in ... }`"])
  }

  fileprivate static func genericInside(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0243", .check, "a function inside a block cannot be generic", at: span,
      hints: ["declare it at the top level"])
  }

  fileprivate static func defaultInside(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0204", .check, "parameters of a function inside a block have no defaults", at: span,
      hints: ["declare it at the top level, or pass the value"])
  }

  fileprivate static func learnableInside(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0236", .check, "`param` is possible in models only", at: span, hints: ["remove it"])
  }

  fileprivate static func memOfValue(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0238", .check, "`mem` needs a function, found \(found)", at: span,
      hints: ["write `mem { (k: Int) in ... }`"])
  }

  fileprivate static func memKey(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0238", .check, "a memoised function cannot have a parameter of type \(found)", at: span,
      hints: ["keys are Int, Bool, String, enums, and tuples and arrays of these"])
  }
}
