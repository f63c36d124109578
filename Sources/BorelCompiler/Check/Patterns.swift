import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Binds a pattern that must always match: of `let` and `for`.
  func bind(
    _ pattern: Pattern, _ type: StaticType, dependsOnChoice: Bool, isVariable: Bool
  ) -> TypedPattern {
    let typed = self.pattern(
      pattern, type, dependsOnChoice: dependsOnChoice, isVariable: isVariable)
    if !isIrrefutable(typed) { report(.refutablePattern(at: pattern.span)) }
    return typed
  }

  private func isIrrefutable(_ pattern: TypedPattern) -> Bool {
    switch pattern.kind {
    case .wildcard, .binding: true
    case .tuple(let parts): parts.allSatisfy(isIrrefutable)
    case .enumCase(let id, _, let payload):
      checker.types.enums[id.index].cases.count == 1 && payload.allSatisfy(isIrrefutable)
    case .literal, .absent, .present: false
    }
  }

  /// Checks a pattern against the type of what it matches, and declares its names.
  func pattern(
    _ pattern: Pattern, _ type: StaticType, dependsOnChoice: Bool, isVariable: Bool = false
  ) -> TypedPattern {
    func sub(_ pattern: Pattern, _ type: StaticType) -> TypedPattern {
      self.pattern(pattern, type, dependsOnChoice: dependsOnChoice, isVariable: isVariable)
    }
    let wildcard = TypedPattern(.wildcard, type, pattern.span)
    switch pattern.kind {
    case .wildcard: return wildcard
    case .binding(let name):
      refuseRedeclaration(of: name)
      let local = declare(
        name.text, type, isVariable ? .variable : .value, isVariable: isVariable, name.span)
      locals[local.index].dependsOnChoice = dependsOnChoice
      return TypedPattern(.binding(local), type, pattern.span)
    case .literal(let expression):
      if case .nilLiteral = expression.kind {
        if resolve(type).isOptional || resolve(type) == .error {
          return TypedPattern(.absent, type, pattern.span)
        }
        report(.patternMismatch("nil", text(type), at: pattern.span))
        return wildcard
      }
      return literal(expression, type, wildcard)
    case .tuple(let parts):
      guard case .tuple(let types) = resolve(type), types.count == parts.count else {
        if resolve(type) != .error {
          report(
            .patternMismatch("a tuple of \(parts.count)", text(type), at: pattern.span))
        }
        for part in parts { _ = sub(part, .error) }
        return wildcard
      }
      return TypedPattern(
        .tuple(zip(parts, types).map { sub($0, $1) }), type, pattern.span)
    case .enumCase(let typeName, let name, let payload):
      return enumPattern(typeName, name, payload, type, wildcard, sub)
    }
  }

  private func literal(
    _ expression: Expression, _ type: StaticType, _ wildcard: TypedPattern
  ) -> TypedPattern {
    let value = infer(expression)
    if case .optional(let wrapped) = resolve(type) {
      let inner = TypedPattern(
        .literal(coerce(value, wrapped)), wrapped, wildcard.span)
      return TypedPattern(.present(inner), type, wildcard.span)
    }
    return TypedPattern(.literal(coerce(value, type)), type, wildcard.span)
  }

  private func enumPattern(
    _ typeName: Name?, _ name: Name, _ payload: [Pattern], _ type: StaticType,
    _ wildcard: TypedPattern, _ sub: (Pattern, StaticType) -> TypedPattern
  ) -> TypedPattern {
    func fail(_ diagnostic: Diagnostic?) -> TypedPattern {
      if let diagnostic { report(diagnostic) }
      for part in payload { _ = sub(part, .error) }
      return wildcard
    }
    if case .optional(let wrapped) = resolve(type) {
      if name.text == "some", payload.count == 1 {
        return TypedPattern(.present(sub(payload[0], wrapped)), type, wildcard.span)
      }
      if name.text == "none", payload.isEmpty {
        return TypedPattern(.absent, type, wildcard.span)
      }
      if case .enumeration = resolve(wrapped) {
        let inner = enumPattern(
          typeName, name, payload, wrapped, TypedPattern(.wildcard, wrapped, wildcard.span), sub)
        return TypedPattern(.present(inner), type, wildcard.span)
      }
    }
    guard case .enumeration(let id) = resolve(type) else {
      if resolve(type) == .error { return fail(nil) }
      return fail(.patternMismatch("the case '\(name.text)'", text(type), at: wildcard.span))
    }
    let info = checker.types.enums[id.index]
    if let typeName, declaredType(typeName.text) != .enumeration(id) {
      return fail(.patternMismatch("a case of '\(typeName.text)'", info.name, at: typeName.span))
    }
    guard let index = info.cases.firstIndex(where: { $0.name == name.text }) else {
      return fail(.unknownCase(name.text, of: info, at: name.span))
    }
    let types = info.cases[index].payload.map(\.type)
    if payload.isEmpty, !types.isEmpty {
      let parts = types.map { TypedPattern(.wildcard, $0, wildcard.span) }
      return TypedPattern(.enumCase(id, index, parts), type, wildcard.span)
    }
    guard payload.count == types.count else {
      return fail(
        .payloadCount(name.text, expected: types.count, found: payload.count, at: wildcard.span))
    }
    return TypedPattern(
      .enumCase(id, index, zip(payload, types).map { sub($0, $1) }), type, wildcard.span)
  }
}

extension Diagnostic {
  fileprivate static func refutablePattern(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0217", .check, "the pattern does not match every value", at: span, hints: ["use `match`"])
  }

  fileprivate static func patternMismatch(
    _ pattern: String, _ type: String, at span: Span
  ) -> Diagnostic {
    Diagnostic("E0217", .check, "\(pattern) cannot match a value of type \(type)", at: span)
  }

  static func unknownCase(_ name: String, of info: EnumInfo, at span: Span) -> Diagnostic {
    let cases = info.cases.map(\.name)
    let hint =
      didYouMean(name, among: cases).map { "did you mean '.\($0)'?" }
      ?? "its cases are \(cases.map { "'.\($0)'" }.joined(separator: ", "))"
    return Diagnostic(
      "E0209", .check, "'\(info.name)' has no case '\(name)'", at: span, hints: [hint])
  }

  static func payloadCount(
    _ name: String, expected: Int, found: Int, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0204", .check, "the case '\(name)' has \(expected) values, found \(found)", at: span,
      hints: expected == 0 ? ["write `.\(name)`"] : [])
  }
}
