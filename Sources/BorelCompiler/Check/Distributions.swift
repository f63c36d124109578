import BorelBase
import BorelDistributions
import BorelSyntax

extension BodyChecker {
  /// `Normal(0, 1)`, `Gamma(shape: 2, rate: 1)`.
  func distribution(
    _ name: Name, _ arguments: [CallArgument], _ span: Span
  ) -> TypedExpression {
    let failure = TypedExpression(.unit, .error, span)
    let known =
      checker.host.distributions[name.text]?.signature
      ?? FamilyRegistry.family(named: name.text)?.signature
    guard let signature = known else {
      return failure
    }
    let positional = arguments.filter { $0.label == nil }
    let unlabelled =
      signature.requiresLabels
      ? positional.first
      : positional.enumerated().first { signature.isAmbiguousMatrix(at: $0.offset) }?.element
    if let first = unlabelled {
      for argument in arguments { _ = value(argument, nil) }
      report(.labelsRequired(signature, at: first.span))
      return failure
    }
    for (index, form) in signature.parametrisations.enumerated() {
      guard let places = formPlaces(of: arguments, form) else { continue }
      return construct(signature, index, arguments, places, span)
    }
    for argument in arguments { _ = value(argument, nil) }
    report(unfitArguments(signature, arguments, span))
    return failure
  }

  /// The parameter of each argument in one parametrisation; nil when they do not fit.
  private func formPlaces(of arguments: [CallArgument], _ form: Parametrisation) -> [Int]? {
    var places: [Int] = []
    var next = 0
    for argument in arguments {
      var place = next
      if let label = argument.label {
        guard let index = form.parameters.firstIndex(where: { $0.name == label.text }) else {
          return nil
        }
        place = index
      } else {
        next += 1
      }
      guard place < form.parameters.count, !places.contains(place) else { return nil }
      places.append(place)
    }
    for (index, parameter) in form.parameters.enumerated()
    where !places.contains(index) && parameter.defaultValue == nil {
      return nil
    }
    return places
  }

  private func construct(
    _ signature: FamilySignature, _ index: Int, _ arguments: [CallArgument], _ places: [Int],
    _ span: Span
  ) -> TypedExpression {
    let form = signature.parametrisations[index]
    let element = fresh()
    var values = [TypedExpression?](repeating: nil, count: form.parameters.count)
    var isArray = [Bool](repeating: false, count: form.parameters.count)
    // Distributions fix the type of the values beside them, so they come first.
    let order = arguments.indices.sorted {
      let first = form.parameters[places[$0]].kind.isDistribution
      let second = form.parameters[places[$1]].kind.isDistribution
      return first != second ? first : $0 < $1
    }
    for position in order {
      let place = places[position]
      let type = form.parameters[place].kind.type(element)
      let argument = value(arguments[position], type)
      let mayBroadcast = signature.value.isScalar && form.parameters[place].kind.isScalar
      if mayBroadcast, isArrayArgument(argument, of: type) {
        isArray[place] = true
        values[place] = coerce(argument, .array(type))
      } else {
        values[place] = parameter(argument, type, form.parameters[place], signature)
      }
    }
    let filled = zip(values, form.parameters).map { value, parameter in
      value ?? defaultArgument(parameter, span)
    }
    let valueType = signature.value.type(element)
    let construction = DistributionConstruction(
      family: signature.name, parametrisation: index, arguments: filled, isArray: isArray,
      elementType: valueType)
    let drawn = construction.isPlate ? StaticType.array(valueType) : valueType
    return TypedExpression(.distribution(construction), .distribution(drawn), span)
  }

  private func isArrayArgument(_ argument: TypedExpression, of type: StaticType) -> Bool {
    if case .array(let found) = resolve(argument.type) {
      return conversion(from: found, to: type) != nil
    }
    return false
  }

  private func parameter(
    _ argument: TypedExpression, _ type: StaticType, _ parameter: Parametrisation.Parameter,
    _ signature: FamilySignature
  ) -> TypedExpression {
    if let converted = tryCoerce(argument, type) { return converted }
    if case .distribution(let drawn) = resolve(argument.type),
      conversion(from: drawn, to: type) != nil
    {
      report(mismatch(argument, type))
    } else {
      report(
        .parameterType(
          parameter.name, of: signature.name, expected: text(type), found: text(argument.type),
          at: argument.span))
    }
    return TypedExpression(argument.kind, .error, argument.span)
  }

  private func defaultArgument(
    _ parameter: Parametrisation.Parameter, _ span: Span
  ) -> TypedExpression {
    let value = parameter.defaultValue ?? 0
    switch parameter.kind {
    case .int: return TypedExpression(.integer(Int64(exactly: value) ?? 0), .int, span)
    case .bool: return TypedExpression(.bool(value != 0), .bool, span)
    case .realArray:
      let element = TypedExpression(.real(value), .real, span)
      return TypedExpression(.array([element]), .array(.real), span)
    default: return TypedExpression(.real(value), .real, span)
    }
  }

  private func unfitArguments(
    _ signature: FamilySignature, _ arguments: [CallArgument], _ span: Span
  ) -> Diagnostic {
    let known = signature.parametrisations.flatMap { $0.parameters.map(\.name) }
    for argument in arguments {
      if let label = argument.label, !known.contains(label.text) {
        return .unknownParameter(label.text, signature, known, at: label.span)
      }
    }
    return .parameters(signature, found: arguments.map { $0.label?.text }, at: span)
  }
}

extension ParameterKind {
  var isScalar: Bool { self == .real || self == .int || self == .bool }
  var isDistribution: Bool { self == .distribution || self == .distributionArray }

  /// The type of an argument, given that of the family's values.
  func type(_ element: StaticType) -> StaticType {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .realArray: .array(.real)
    case .intArray: .array(.int)
    case .matrix: .matrix
    case .distribution: .distribution(element)
    case .distributionArray: .array(.distribution(element))
    case .value: element
    case .valueArray: .array(element)
    }
  }
}

extension ValueKind {
  var isScalar: Bool { self == .real || self == .int || self == .bool }

  func type(_ element: StaticType) -> StaticType {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .realArray: .array(.real)
    case .intArray: .array(.int)
    case .matrix: .matrix
    case .element: element
    case .elementArray: .array(element)
    }
  }
}

extension FamilySignature {
  /// Whether a matrix at a position means different things in different parametrisations.
  func isAmbiguousMatrix(at position: Int) -> Bool {
    let parameters = parametrisations.compactMap { form in
      position < form.parameters.count ? form.parameters[position] : nil
    }
    return parameters.contains { $0.kind == .matrix } && Set(parameters.map(\.name)).count > 1
  }

  /// Each way to write it: `Gamma(shape:, rate:)`.
  var forms: [String] {
    parametrisations.map { form in
      "\(name)(\(form.parameters.map { "\($0.name):" }.joined(separator: ", ")))"
    }
  }
}

extension Diagnostic {
  fileprivate static func labelsRequired(
    _ signature: FamilySignature, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0224", .check, "the parameters of '\(signature.name)' need labels", at: span,
      hints: ["write \(signature.forms.map { "`\($0)`" }.joined(separator: " or "))"])
  }

  fileprivate static func unknownParameter(
    _ label: String, _ signature: FamilySignature, _ known: [String], at span: Span
  ) -> Diagnostic {
    let foreign = [
      "sigma": "sd", "mu": "mean", "std": "sd", "stddev": "sd", "scale": "sd",
      "loc": "mean", "lambda": "rate", "p": "probability", "k": "shape", "theta": "scale",
    ]
    let meant =
      foreign[label].flatMap { known.contains($0) ? $0 : nil }
      ?? sibling(of: signature, with: label) ?? didYouMean(label, among: known)
    let hint =
      meant.map { "did you mean '\($0)'?" }
      ?? "write \(signature.forms.map { "`\($0)`" }.joined(separator: " or "))"
    return Diagnostic(
      "E0225", .check, "'\(signature.name)' has no parameter '\(label)'", at: span, hints: [hint])
  }

  /// A family that goes on from the name of another one and has the parameter that this one lacks:
  /// `BernoulliLogit(logit:)`.
  private static func sibling(of signature: FamilySignature, with label: String) -> String? {
    FamilyRegistry.families.lazy.map { $0.signature }
      .filter { $0.name.hasPrefix(signature.name) && $0.name != signature.name }
      .flatMap { $0.forms }
      .first { $0.contains("\(label):") }
  }

  fileprivate static func parameters(
    _ signature: FamilySignature, found: [String?], at span: Span
  ) -> Diagnostic {
    let list = found.map { $0.map { "\($0):" } ?? "_" }.joined(separator: ", ")
    return Diagnostic(
      "E0225", .check, "the arguments (\(list)) do not fit '\(signature.name)'", at: span,
      hints: ["write \(signature.forms.map { "`\($0)`" }.joined(separator: " or "))"])
  }

  fileprivate static func parameterType(
    _ name: String, of family: String, expected: String, found: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0202", .check,
      "the parameter '\(name)' of '\(family)' must be \(expected), found \(found)", at: span,
      hints: FamilyRegistry.index(of: family) == nil
        ? [] : ["`borel doc \(family)` lists the parameters and their types"])
  }
}
