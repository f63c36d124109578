import BorelBase
import BorelSyntax

extension BodyChecker {
  /// `e.field`, `tuple.0`, `Enum.case`, `xs.count`, `fit.logEvidence`, `data.column`.
  func member(
    _ base: Expression, _ name: Name, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    if let id = enumeration(named: base) {
      return enumCase(id, name, nil, span)
    }
    let value = infer(base)
    return member(value, name, span)
  }

  func member(_ value: TypedExpression, _ name: Name, _ span: Span) -> TypedExpression {
    let failure = TypedExpression(.unit, .error, span)
    let type = resolve(value.type)
    if type == .error { return failure }
    if let (index, fieldType) = field(name, of: type) {
      return TypedExpression(.field(value, index), fieldType, span)
    }
    switch type {
    case .data:
      let key = TypedExpression(.string(name.text), .string, name.span)
      return TypedExpression(.host(.dataField, [value, key]), .data, span)
    case .posterior:
      if let result = posteriorMember(value, name, [], span) { return result }
    default: break
    }
    if Catalogue.properties.contains(name.text),
      let result = builtin(name.text, [value], span)
    {
      return result
    }
    report(unknownMember(name, of: type))
    return failure
  }

  /// Position and type of a field of a record, struct or tuple.
  func field(_ name: Name, of type: StaticType) -> (Int, StaticType)? {
    switch resolve(type) {
    case .record(let fields):
      return fields.firstIndex { $0.name == name.text }.map { ($0, fields[$0].type) }
    case .structure(let id):
      let fields = checker.types.structs[id.index].fields
      return fields.firstIndex { $0.name == name.text }.map { ($0, fields[$0].type) }
    case .tuple(let parts):
      guard let index = Int(name.text), parts.indices.contains(index) else { return nil }
      return (index, parts[index])
    default: return nil
    }
  }

  func unknownMember(_ name: Name, of type: StaticType) -> Diagnostic {
    var candidates: [String] = []
    switch resolve(type) {
    case .record(let fields): candidates = fields.map(\.name)
    case .structure(let id): candidates = checker.types.structs[id.index].fields.map(\.name)
    case .posterior: candidates = Self.posteriorMembers
    case .array: candidates = Array(Catalogue.properties)
    default: break
    }
    var hint = didYouMean(name.text, among: candidates.sorted()).map { "did you mean '\($0)'?" }
    if hint == nil, isCallable(name.text), !Catalogue.properties.contains(name.text) {
      hint = "call it: `.\(name.text)(...)`"
    }
    if hint == nil, case .optional = resolve(type) {
      hint = "the value may be nil: give one with `??`, or test with `if let`"
    }
    if hint == nil, !candidates.isEmpty {
      hint = "it has \(candidates.sorted().map { "'\($0)'" }.joined(separator: ", "))"
    }
    return .unknownMember(name.text, text(type), hint: hint, at: name.span)
  }

  /// The enum that a name denotes, when nothing hides it.
  func enumeration(named expression: Expression) -> EnumID? {
    guard case .name(let name) = expression.kind, local(named: name) == nil,
      case .enumeration(let id) = declaredType(name)
    else { return nil }
    return id
  }

  /// `.case` and `.case(payload)`, where the context gives the type.
  func implicitCase(
    _ name: Name, _ arguments: [Argument]?, _ expected: StaticType?, _ span: Span
  ) -> TypedExpression {
    var type = expected.map { resolve($0) }
    while case .optional(let wrapped) = type { type = resolve(wrapped) }
    guard case .enumeration(let id) = type else {
      for argument in arguments ?? [] { _ = infer(argument.value) }
      if type != .error { report(.implicitWithoutContext(name.text, at: span)) }
      return TypedExpression(.unit, .error, span)
    }
    return enumCase(id, name, arguments, span)
  }

  /// A value of an enum; without arguments for cases with a payload, its constructor.
  func enumCase(
    _ id: EnumID, _ name: Name, _ arguments: [Argument]?, _ span: Span
  ) -> TypedExpression {
    let info = checker.types.enums[id.index]
    guard let index = info.cases.firstIndex(where: { $0.name == name.text }) else {
      for argument in arguments ?? [] { _ = infer(argument.value) }
      report(.unknownCase(name.text, of: info, at: name.span))
      return TypedExpression(.unit, .error, span)
    }
    let payload = info.cases[index].payload
    guard (arguments ?? []).count == payload.count else {
      for argument in arguments ?? [] { _ = infer(argument.value) }
      report(
        .payloadCount(
          name.text, expected: payload.count, found: arguments?.count ?? 0, at: span))
      return TypedExpression(.unit, .error, span)
    }
    var values: [TypedExpression] = []
    for (argument, field) in zip(arguments ?? [], payload) {
      if let label = argument.label, label.text != field.name {
        report(.unknownLabel(label.text, of: name.text, known: [field.name], at: label.span))
      }
      values.append(check(argument.value, field.type))
    }
    return TypedExpression(.enumCase(id, index, values), .enumeration(id), span)
  }

  /// `a[i]`, `a[1..<3]`, `m[i, j]`.
  func index(_ base: Expression, _ indices: [Expression], _ span: Span) -> TypedExpression {
    let value = infer(base)
    let failure = TypedExpression(.unit, .error, span)
    if case .variable = resolve(value.type) {
      _ = inference.unify(value.type, .array(fresh()))
    }
    switch (resolve(value.type), indices.count) {
    case (.array(let element), 1):
      if case .range(let low, let high, let isClosed) = indices[0].kind {
        var end = check(high, .int)
        let start = check(low, .int)
        if isClosed {
          let one = TypedExpression(.integer(1), .int, end.span)
          end = TypedExpression(.primitive("add.int", [end, one]), .int, end.span)
        }
        return TypedExpression(
          .builtin(.arraySlice, [value, start, end]), value.type, span)
      }
      return TypedExpression(
        .builtin(.arrayGet, [value, check(indices[0], .int)]), element, span)
    case (.matrix, 2):
      let row = check(indices[0], .int)
      return TypedExpression(
        .primitive("get.matrix", [value, row, check(indices[1], .int)]), .real, span)
    case (.data, 1):
      return TypedExpression(
        .host(.dataElement, [value, check(indices[0], .int)]), .data, span)
    case (.error, _):
      for index in indices { _ = infer(index) }
      return failure
    default:
      report(.notIndexable(text(value.type), count: indices.count, at: span))
      return failure
    }
  }
}

extension Diagnostic {
  fileprivate static func unknownMember(
    _ name: String, _ type: String, hint: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0209", .check, "\(type) has no member '\(name)'", at: span,
      hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func implicitWithoutContext(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0211", .check, "the enum of '.\(name)' is not known here", at: span,
      hints: ["write the name of the enum before the dot"])
  }
}
