import BorelBase
import BorelSyntax

extension BodyChecker {
  /// The result type of a function; nil after a diagnostic when recursion leaves it open.
  func resultType(of id: TypedFunctionID, _ span: Span) -> StaticType? {
    let state = checker.functions[id.index]
    if state.role == .model {
      state.isNeeded = true
      checker.ensureChecked(id)
    } else {
      _ = use(id)
    }
    if state.result == nil { report(.resultUnknown(state.name, at: span, declared: state.span)) }
    return state.result
  }

  /// A call of a function or model of the program or the library.
  func call(
    _ id: TypedFunctionID, _ arguments: [CallArgument], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    let state = checker.functions[id.index]
    let failure = TypedExpression(.unit, .error, span)
    if state.role == .defaultValue {
      return apply(name(state.name, span, nil), arguments, span)
    }
    guard let result = resultType(of: id, span) else {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      return failure
    }
    guard
      let places = places(
        of: arguments, state.parameters.map(\.name), state.name, span,
        takesFunction: { state.parameters[$0].type.isFunction })
    else {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      return failure
    }
    var missing: [String] = []
    for (index, parameter) in state.parameters.enumerated()
    where !places.contains(index) && parameter.defaultFunction == nil {
      missing.append(parameter.name)
    }
    if !missing.isEmpty {
      report(.missingArguments(missing, of: state.name, at: span))
      return failure
    }
    let (values, generics) = typeArguments(
      arguments, places, state, result: result, expected, span)
    checkConstraints(generics, state, span)
    return finishCall(id, state, values, places, generics, result.substituting(generics), span)
  }

  private func finishCall(
    _ id: TypedFunctionID, _ state: FunctionState, _ values: [TypedExpression], _ places: [Int],
    _ generics: [StaticType], _ result: StaticType, _ span: Span
  ) -> TypedExpression {
    var all = values
    var order: [Int] = []
    for (index, parameter) in state.parameters.enumerated() {
      if let position = places.firstIndex(of: index) {
        order.append(position)
      } else if let function = parameter.defaultFunction {
        _ = use(function)
        order.append(all.count)
        all.append(TypedExpression(.call(FunctionReference(function), []), parameter.type, span))
      }
    }
    let reference = FunctionReference(id, generics)
    return inOrder(all, order, span) { list in
      state.role == .model
        ? TypedExpression(.model(reference, list), .model(result), span)
        : TypedExpression(.call(reference, list), result, span)
    }
  }

  /// The parameter that each argument is for; nil after a diagnostic.
  ///
  /// A closure is for the next parameter that takes a function.
  func places(
    of arguments: [CallArgument], _ parameters: [String], _ name: String, _ span: Span,
    takesFunction: (Int) -> Bool = { _ in false }
  ) -> [Int]? {
    var places = [Int?](repeating: nil, count: arguments.count)
    var taken: Set<Int> = []
    var isValid = true
    for (index, argument) in arguments.enumerated() {
      guard let label = argument.label else { continue }
      guard let place = parameters.firstIndex(of: label.text) else {
        report(.unknownLabel(label.text, of: name, known: parameters, at: label.span))
        isValid = false
        continue
      }
      if !taken.insert(place).inserted {
        report(.argumentTwice(label.text, of: name, at: label.span))
        isValid = false
      }
      places[index] = place
    }
    guard isValid else { return nil }
    var next = 0
    for index in arguments.indices where places[index] == nil {
      if arguments[index].isClosure {
        next =
          (next..<max(next, parameters.count)).first { !taken.contains($0) && takesFunction($0) }
          ?? next
      }
      if taken.contains(next) {
        report(.argumentTwice(parameters[next], of: name, at: arguments[index].span))
        return nil
      }
      guard next < parameters.count else {
        report(
          .argumentCount(name, expected: parameters.count, found: arguments.count, at: span))
        return nil
      }
      places[index] = next
      taken.insert(next)
      next += 1
    }
    return places.compactMap { $0 }
  }

  // MARK: Generic arguments

  /// Types the arguments of a call and finds the generic arguments.
  ///
  /// Arguments other than closures come first, so that the parameters of closures are known. When
  /// an `Int` turns out to be needed as `Real` (the accumulator of a fold that starts with 0), a
  /// second attempt starts with `Real`.
  private func typeArguments(
    _ arguments: [CallArgument], _ places: [Int], _ state: FunctionState, result: StaticType,
    _ expected: StaticType?, _ span: Span
  ) -> ([TypedExpression], [StaticType]) {
    let parameters = places.map { state.parameters[$0].type }
    if state.generics.isEmpty {
      return (zip(arguments, parameters).map { coerce(value($0, $1), $1) }, [])
    }
    let start = snapshot()
    func attempt(_ presets: Set<Int>) -> ([TypedExpression], [StaticType]) {
      let generics = state.generics.indices.map { index -> StaticType in
        presets.contains(index) ? .real : fresh()
      }
      let values = typeArguments(
        arguments, parameters.map { $0.substituting(generics) },
        result: result.substituting(generics), expected)
      return (values, generics)
    }
    let first = attempt([])
    guard failed(since: start), checker.retryBudget > 0 else { return first }
    let integers = Set(first.1.indices.filter { resolve(first.1[$0]) == .int })
    if integers.isEmpty { return first }
    checker.retryBudget -= 1
    let outcome = (inference, checker.diagnostics)
    restore(start)
    let second = attempt(integers)
    if !failed(since: start) { return second }
    (inference, checker.diagnostics) = outcome
    return first
  }

  private func typeArguments(
    _ arguments: [CallArgument], _ parameters: [StaticType], result: StaticType,
    _ expected: StaticType?
  ) -> [TypedExpression] {
    var values = [TypedExpression?](repeating: nil, count: arguments.count)
    for index in arguments.indices where !isDeferred(arguments[index]) {
      values[index] = coerce(value(arguments[index], parameters[index]), parameters[index])
    }
    if let expected, inference.resolveFully(result).containsLeaf({ $0.isVariable }) {
      let before = inference
      if !inference.unify(result, expected) { inference = before }
    }
    return arguments.indices.map { index in
      values[index] ?? coerce(value(arguments[index], parameters[index]), parameters[index])
    }
  }

  /// Closures, and names of functions with several forms.
  private func isDeferred(_ argument: CallArgument) -> Bool {
    guard let tree = argument.tree else { return false }
    switch tree.kind {
    case .closure: return true
    case .mem(let inner):
      return isDeferred(CallArgument(label: nil, source: .tree(inner)))
    case .name(let name): return local(named: name) == nil && isCallable(name)
    default: return false
    }
  }

  private func checkConstraints(_ generics: [StaticType], _ state: FunctionState, _ span: Span) {
    for (type, generic) in zip(generics, state.generics) {
      guard let constraint = generic.constraint else { continue }
      let solved = inference.resolveFully(type)
      if solved == .error || solved.isVariable { continue }
      if !satisfies(solved, constraint) {
        report(.constraint(state.name, text(solved), constraint, at: span))
      }
    }
  }

  private func satisfies(_ type: StaticType, _ constraint: GenericConstraint) -> Bool {
    if case .rigid(let index, _) = type {
      let own = self.constraint(index)
      return own == constraint || (constraint == .equatable && own != nil)
        || (constraint == .ordered && own == .number)
    }
    switch constraint {
    case .number: return type.isNumeric
    case .ordered: return type.isNumeric || type == .string
    case .equatable: return type.isEquatable(checker.types)
    }
  }

  /// `Point(x: 1, y: 2)`.
  func construct(
    _ id: StructID, _ arguments: [CallArgument], _ span: Span
  ) -> TypedExpression {
    let info = checker.types.structs[id.index]
    let failure = TypedExpression(.unit, .error, span)
    guard let places = places(of: arguments, info.fields.map(\.name), info.name, span) else {
      return failure
    }
    let missing = info.fields.indices.filter { !places.contains($0) }.map { info.fields[$0].name }
    if !missing.isEmpty {
      report(.missingArguments(missing, of: info.name, at: span))
      return failure
    }
    let values = zip(arguments, places).map { argument, place in
      coerce(value(argument, info.fields[place].type), info.fields[place].type)
    }
    let order = info.fields.indices.map { places.firstIndex(of: $0) ?? 0 }
    return inOrder(values, order, span) {
      TypedExpression(.structure(id, $0), .structure(id), span)
    }
  }
}

extension StaticType {
  var isFunction: Bool {
    if case .function = self { return true }
    return false
  }

  var isVariable: Bool {
    if case .variable = self { return true }
    return false
  }
}

extension Diagnostic {
  fileprivate static func resultUnknown(
    _ name: String, at span: Span, declared: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0210", .check, "the result type of '\(name)' is not known yet where it is called", at: span,
      labels: [Label(declared, "declared here")],
      hints: ["write the result type: `func \(name)(...) -> Real`"])
  }

  fileprivate static func missingArguments(
    _ names: [String], of function: String, at span: Span
  ) -> Diagnostic {
    let list = names.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      "E0204", .check, "the call of '\(function)' lacks \(list)", at: span,
      hints: ["add `\(names[0]): ...`"])
  }

  static func unknownLabel(
    _ label: String, of function: String, known: [String], at span: Span
  ) -> Diagnostic {
    let hint =
      didYouMean(label, among: known).map { "did you mean '\($0)'?" }
      ?? (known.isEmpty
        ? "it takes no arguments"
        : "it has \(known.filter { !$0.isEmpty }.map { "'\($0)'" }.joined(separator: ", "))")
    return Diagnostic(
      "E0205", .check, "'\(function)' has no parameter '\(label)'", at: span, hints: [hint])
  }

  fileprivate static func argumentTwice(
    _ label: String, of function: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0205", .check, "the argument '\(label)' of '\(function)' is given twice", at: span,
      hints: ["remove one"])
  }

  fileprivate static func constraint(
    _ name: String, _ found: String, _ constraint: GenericConstraint, at span: Span
  ) -> Diagnostic {
    let expected =
      switch constraint {
      case .number: "numbers"
      case .ordered: "values with an order (Int, Real, String)"
      case .equatable: "values that can be compared with `==`"
      }
    return Diagnostic("E0243", .check, "'\(name)' needs \(expected), found \(found)", at: span)
  }
}
