import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Calls with rules of their own.
  func specialForm(
    _ name: Name, _ arguments: [CallArgument], _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    func make(_ kind: TypedExpression.Kind, _ type: StaticType) -> TypedExpression {
      TypedExpression(kind, type, span)
    }
    if name.text != "learn",
      let label = arguments.first(where: { $0.label != nil })?.label, label.text != "method"
    {
      report(.unknownLabel(label.text, of: name.text, known: [], at: label.span))
    }
    func counted(_ range: ClosedRange<Int>) -> Bool {
      if range.contains(arguments.count) { return true }
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      report(
        .argumentCount(
          name.text, expected: range.lowerBound, found: arguments.count, at: span))
      return false
    }
    func typed(_ index: Int, _ type: StaticType) -> TypedExpression {
      coerce(value(arguments[index], type), type)
    }
    let failure = make(.unit, .error)
    switch name.text {
    case "print":
      requireTopLevel("print", span)
      return make(.host(.print, arguments.map { value($0, nil) }), .unit)
    case "readJSON", "readCSV":
      guard counted(1...1) else { return failure }
      requireTopLevel(name.text, span)
      let operation: HostOperation = name.text == "readJSON" ? .readJSON : .readCSV
      return make(.host(operation, [typed(0, .string)]), .data)
    case "assert":
      guard counted(1...2) else { return failure }
      let condition = typed(0, .bool)
      let message =
        arguments.count == 2
        ? typed(1, .string)
        : TypedExpression(
          .string("assertion failed: \(sourceText(arguments[0].span))"), .string, span)
      return make(.builtin(.assert, [condition, message]), .unit)
    case "fail":
      guard counted(1...1) else { return failure }
      return make(.builtin(.fail, [typed(0, .string)]), .never)
    case "logDensity":
      guard counted(2...2) else { return failure }
      return logDensity(arguments, span)
    case "infer", "inferOrNil":
      guard counted(1...2) else { return failure }
      return inference(arguments, isOptional: name.text == "inferOrNil", span)
    case "learn": return learning(arguments, span)
    case "indices":
      guard counted(1...1) else { return failure }
      let array = value(arguments[0], nil)
      if let result = builtin("indices", [array], span) { return result }
      if resolve(array.type) != .error {
        report(.mismatch(expected: "an array", found: text(array.type), at: array.span))
      }
      return failure
    default: internalError("special form \(name.text)")
    }
  }

  func requireTopLevel(_ name: String, _ span: Span) {
    effects.insert(.prints)
    if !isScript { report(.onlyAtTopLevel(name, isModel: isModel, at: span)) }
  }

  /// `logDensity(d, v)`, with arrays summed over the elements of a broadcast distribution.
  private func logDensity(_ arguments: [CallArgument], _ span: Span) -> TypedExpression {
    var distribution = value(arguments[0], nil)
    let failure = TypedExpression(.unit, .error, span)
    if case .posterior(let drawn) = resolve(distribution.type) {
      distribution = coerce(distribution, .distribution(drawn))
    }
    guard case .distribution(let drawn) = resolve(distribution.type) else {
      if resolve(distribution.type) != .error {
        report(.notADistribution(text(distribution.type), at: distribution.span))
      }
      _ = value(arguments[1], nil)
      return failure
    }
    let point = coerce(value(arguments[1], drawn), drawn)
    return TypedExpression(.logDensity(distribution, point), .real, span)
  }

  /// `infer(m(...), method)`.
  private func inference(
    _ arguments: [CallArgument], isOptional: Bool, _ span: Span
  ) -> TypedExpression {
    effects.formUnion(.infers)
    let model = value(arguments[0], nil)
    var method = isScript ? "auto" : "enumerate"
    var methodSpan = span
    if arguments.count == 2 {
      methodSpan = arguments[1].span
      method = sourceText(methodSpan)
      if let (message, hint) = checker.validateMethod?(method, checker.moveNames) {
        report(.method(message, hint, at: methodSpan))
      }
    }
    choiceReads += isScript ? 0 : 1
    guard case .model(let result) = resolve(model.type) else {
      if resolve(model.type) != .error {
        report(
          .mismatch(
            expected: "a model with its arguments", found: text(model.type),
            hint: "write `infer(m(data), method)`", at: model.span))
      }
      return TypedExpression(.unit, .error, span)
    }
    let type = StaticType.posterior(result)
    return TypedExpression(
      .infer(model, method: method, methodSpan: methodSpan, isOptional: isOptional),
      isOptional ? .optional(type) : type, span)
  }

  // MARK: Posteriors

  static let posteriorMembers = [
    "logEvidence", "effectiveSampleSize", "summary", "mean", "sd", "quantile", "draws", "values",
    "expectation", "probability", "parameter", "standardError",
  ]

  /// A member of a posterior; nil when it has none with this name.
  func posteriorMember(
    _ posterior: TypedExpression, _ name: Name, _ arguments: [CallArgument], _ span: Span
  ) -> TypedExpression? {
    guard case .posterior(let result) = resolve(posterior.type),
      let operation = HostOperation(rawValue: "posterior.\(name.text)")
    else { return nil }
    if operation != .logEvidence, !isScript {
      report(.posteriorInside(name.text, at: name.span))
    }
    let parameters: [StaticType]
    let type: StaticType
    switch operation {
    case .logEvidence, .effectiveSampleSize: (parameters, type) = ([], .real)
    case .summary: (parameters, type) = ([], .string)
    case .values: (parameters, type) = ([], .array(result))
    case .mean, .standardDeviation, .parameter, .standardError:
      (parameters, type) = ([.string], .real)
    case .draws: (parameters, type) = ([.string], .array(.real))
    case .quantile: (parameters, type) = ([.string, .real], .real)
    case .expectation: (parameters, type) = ([.function([result], .real)], .real)
    case .probability: (parameters, type) = ([.function([result], .bool)], .real)
    case .print, .arguments, .readJSON, .readCSV, .dataField, .dataElement: return nil
    }
    guard parameters.count == arguments.count else {
      report(
        .argumentCount(
          name.text, expected: parameters.count, found: arguments.count, at: span))
      return TypedExpression(.unit, .error, span)
    }
    let values = zip(arguments, parameters).map { argument, parameter -> TypedExpression in
      guard case .function = parameter else { return coerce(value(argument, parameter), parameter) }
      return pure("the function given to '\(name.text)'", argument.span) {
        coerce(value(argument, parameter), parameter)
      }
    }
    return TypedExpression(.host(operation, [posterior] + values), type, span)
  }
}

extension Diagnostic {
  fileprivate static func onlyAtTopLevel(
    _ name: String, isModel: Bool, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0232", .check, "`\(name)` is possible at the top level only", at: span,
      hints: [
        name == "print"
          ? "use `debug` to look at a value, or return it"
          : name == "arguments"
            ? "read them there and pass the values" : "read the file there and pass the data"
      ])
  }

  fileprivate static func method(_ message: String, _ hint: String, at span: Span) -> Diagnostic {
    Diagnostic("E0237", .check, message, at: span, hints: hint.isEmpty ? [] : [hint])
  }

  fileprivate static func posteriorInside(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0232", .check, "'\(name)' of a posterior is possible at the top level only", at: span,
      hints: ["draw from the posterior with `~`, or use `logEvidence`"])
  }
}
