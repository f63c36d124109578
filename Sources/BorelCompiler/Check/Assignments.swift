import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Where an assignment goes: a variable and the way to the part of it.
  private struct Place {
    var local: LocalID
    var path: [TypedAccess]
    /// Type of the part.
    var type: StaticType
    /// Reads the part.
    var read: TypedExpression
    /// Declares the indices that an operator would otherwise evaluate twice.
    var preparation: [TypedStatement]
  }

  /// `x = e`, `a[i] += e`, `r.f = e`.
  func assign(
    _ target: Expression, _ operation: BinaryOperator?, _ value: Expression, _ span: Span
  ) -> [TypedStatement] {
    if case .tuple(let targets) = target.kind, operation == nil {
      return assign(to: targets, value, span)
    }
    guard let place = place(target, keepsIndices: operation != nil) else {
      _ = infer(value)
      return []
    }
    let (typed, depends) = followingChoices { () -> TypedExpression in
      guard let operation else { return check(value, place.type) }
      let right = infer(value)
      return coerce(
        binary(operation, place.read, right, target.span.joined(value.span)), place.type)
    }
    noteAssignment(to: place.local, dependsOnChoice: depends)
    return place.preparation + [
      TypedStatement(.assign(place.local, path: place.path, typed), span)
    ]
  }

  /// `(a, b[i]) = e`: indices first, then the value, then all places.
  private func assign(
    to targets: [Expression], _ value: Expression, _ span: Span
  ) -> [TypedStatement] {
    var places: [Place] = []
    for target in targets {
      if let place = place(target, keepsIndices: true) { places.append(place) }
    }
    guard places.count == targets.count else {
      _ = infer(value)
      return []
    }
    let type = StaticType.tuple(places.map(\.type))
    let (typed, depends) = followingChoices { check(value, type) }
    let local = declareHidden(type, value.span)
    var statements = places.flatMap(\.preparation)
    statements.append(TypedStatement(.declare(local, typed), span))
    for (position, place) in places.enumerated() {
      noteAssignment(to: place.local, dependsOnChoice: depends)
      let part = TypedExpression(
        .field(TypedExpression(.local(local), type, value.span), position), place.type, value.span)
      statements.append(TypedStatement(.assign(place.local, path: place.path, part), span))
    }
    return statements
  }

  /// `xs.append(v)`, where `xs` is a variable or a part of one.
  func append(_ expression: Expression) -> [TypedStatement] {
    guard case .call(let callee, let arguments) = expression.kind,
      case .member(let base, _) = callee.kind
    else { return [] }
    guard let place = place(base, keepsIndices: true) else {
      for argument in arguments { _ = infer(argument.value) }
      return []
    }
    let element = fresh()
    guard inference.unify(place.type, .array(element)) else {
      report(.appendToOther(text(place.type), at: base.span))
      return []
    }
    guard arguments.count == 1 else {
      report(.appendArguments(found: arguments.count, at: expression.span))
      return []
    }
    let (value, depends) = followingChoices { check(arguments[0].value, element) }
    noteAssignment(to: place.local, dependsOnChoice: depends)
    let appended = TypedExpression(
      .builtin(.arrayAppend, [place.read, value]), place.type, expression.span)
    return place.preparation + [
      TypedStatement(.assign(place.local, path: place.path, appended), expression.span)
    ]
  }

  /// Whether an expression is a call of the method `append`, which changes a variable.
  func isAppend(_ expression: Expression) -> Bool {
    guard case .call(let callee, _) = expression.kind, case .member(_, let name) = callee.kind
    else { return false }
    return name.text == "append" && isBuiltinName("append")
  }

  private func place(_ target: Expression, keepsIndices: Bool) -> Place? {
    switch target.kind {
    case .name(let name): return variable(name, target.span)
    case .member(let base, let name):
      guard var place = place(base, keepsIndices: keepsIndices) else { return nil }
      guard let (index, type) = field(name, of: place.type) else {
        if resolve(place.type) != .error {
          report(unknownMember(name, of: place.type))
        }
        return nil
      }
      place.path.append(.field(index, of: place.type))
      place.read = TypedExpression(.field(place.read, index), type, target.span)
      place.type = type
      return place
    case .index(let base, let indices):
      guard let place = place(base, keepsIndices: keepsIndices) else { return nil }
      return element(of: place, indices, target.span, keepsIndices: keepsIndices)
    case .error: return nil
    default:
      report(.notAssignable(at: target.span))
      return nil
    }
  }

  private func element(
    of place: Place, _ indices: [Expression], _ span: Span, keepsIndices: Bool
  ) -> Place? {
    var place = place
    let typed = indices.map { index -> TypedExpression in
      let value = check(index, .int)
      return keepsIndices ? kept(value, &place.preparation) : value
    }
    switch (resolve(place.type), typed.count) {
    case (.array(let element), 1):
      place.path.append(.index(typed[0]))
      place.read = TypedExpression(.builtin(.arrayGet, [place.read, typed[0]]), element, span)
      place.type = element
      return place
    case (.matrix, 2):
      place.path.append(.matrixIndex(typed[0], typed[1]))
      place.read = TypedExpression(
        .primitive("get.matrix", [place.read, typed[0], typed[1]]), .real, span)
      place.type = .real
      return place
    case (.error, _): return nil
    default:
      report(.notIndexable(text(place.type), count: typed.count, at: span))
      return nil
    }
  }

  /// A value that may be read twice.
  private func kept(
    _ value: TypedExpression, _ preparation: inout [TypedStatement]
  ) -> TypedExpression {
    switch value.kind {
    case .integer, .local: return value
    default:
      let local = declareHidden(value.type, value.span)
      preparation.append(TypedStatement(.declare(local, value), value.span))
      return TypedExpression(.local(local), value.type, value.span)
    }
  }

  private func variable(_ name: String, _ span: Span) -> Place? {
    guard let local = local(named: name) else {
      if checker.tallyNumbers[name] != nil {
        report(.tallyRead(name, at: span))
      } else {
        report(unknownName(name, at: span))
      }
      return nil
    }
    let info = locals[local.index]
    guard info.typed.isVariable else {
      report(.assignToConstant(name, info.typed.role, at: span, declared: info.typed.span))
      return nil
    }
    if isCaptured(local) {
      report(.assignToCaptured(name, at: span))
      return nil
    }
    let read = TypedExpression(.local(local), info.typed.type, span)
    return Place(local: local, path: [], type: info.typed.type, read: read, preparation: [])
  }
}

extension Diagnostic {
  fileprivate static func assignToConstant(
    _ name: String, _ role: TypedLocal.Role, at span: Span, declared: Span
  ) -> Diagnostic {
    let what =
      switch role {
      case .parameter: "a parameter"
      case .latent: "a latent"
      default: "declared with `let`"
      }
    let hint =
      switch role {
      case .parameter: "copy it: `var copy = \(name)`"
      case .latent: "declare it with `var \(name) ~ ...`"
      default: "declare it with `var`"
      }
    return Diagnostic(
      "E0212", .check, "'\(name)' cannot be assigned: it is \(what)", at: span,
      labels: [Label(declared, "declared here")], hints: [hint])
  }

  fileprivate static func assignToCaptured(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0213", .check, "a closure cannot assign '\(name)', of which it has a copy", at: span,
      hints: ["give the new value as the result of the closure"])
  }

  fileprivate static func notAssignable(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0212", .check, "this cannot be assigned", at: span,
      hints: ["assign a variable, an element `a[i]` or a field `r.f`"])
  }

  fileprivate static func appendToOther(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic("E0202", .check, "`append` needs an array variable, found \(found)", at: span)
  }

  fileprivate static func appendArguments(found: Int, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0204", .check, "`append` takes one value, found \(found)", at: span,
      hints: ["join arrays with `xs = concat(xs, ys)`"])
  }

  static func notIndexable(_ found: String, count: Int, at span: Span) -> Diagnostic {
    let hint =
      switch found {
      case "Matrix": "an element is `m[i, j]`, a row `row(m, i)`"
      default: "arrays take one index, matrices two"
      }
    return Diagnostic(
      "E0202", .check,
      "\(found) cannot be indexed with \(count == 1 ? "one index" : "\(count) indices")",
      at: span, hints: [hint])
  }

  static func tallyRead(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0234", .check, "the tally '\(name)' cannot be read by the program", at: span,
      hints: ["keep a `var` of your own beside it"])
  }
}
