import BorelBase
import BorelSyntax

extension BodyChecker {
  /// `observe v ~ D`: the datum, or the draw where it is missing.
  func observe(
    _ value: Expression, _ source: Expression, _ options: DrawOptions, _ span: Span
  ) -> TypedExpression {
    effects.insert(.scores)
    refuseScoreAtTopLevel("observe", span)
    let (datum, depends) = followingChoices { infer(value) }
    let before = choiceReads
    var distribution = inferSource(source)
    let distributionDepends = choiceReads > before
    choiceReads = before
    if case .posterior(let drawn) = resolve(distribution.type) {
      distribution = coerce(distribution, .distribution(drawn))
    }
    let address = options.address.map { check($0, .string) }
    if let proposal = options.proposal { report(.proposalOfObserve(at: proposal.span)) }
    let failure = TypedExpression(.unit, .error, span)
    guard case .distribution(let drawn) = resolve(distribution.type) else {
      switch resolve(distribution.type) {
      case .error: break
      case .model: report(.observeModel(at: source.span))
      default: report(.notADistribution(text(distribution.type), at: source.span))
      }
      return failure
    }
    if resolve(datum.type) == .error || resolve(drawn) == .error { return failure }
    if let diagnostic = continuousDelta(
      datum, distribution, drawn, depends: depends || distributionDepends, value, span)
    {
      report(diagnostic)
      return failure
    }
    if depends { report(.softFactor(sourceText(value.span), sourceText(source.span), at: span)) }
    guard let matched = match(datum, distribution, drawn) else {
      report(observedMismatch(datum, distribution, drawn))
      return failure
    }
    if matched.isOptional { effects.insert(.draws) }
    let observation = TypedObservation(
      value: matched.value, distribution: distribution, isPlate: matched.isPlate,
      isOptional: matched.isOptional, name: dataPath(of: value), address: address,
      type: matched.type, span: span)
    return TypedExpression(.observe(observation), matched.type, span)
  }

  private struct Matched {
    var value: TypedExpression
    var isPlate: Bool
    var isOptional: Bool
    var type: StaticType
  }

  /// Fits a datum to a distribution: one value, or a plate of them.
  private func match(
    _ datum: TypedExpression, _ distribution: TypedExpression, _ drawn: StaticType
  ) -> Matched? {
    let isBroadcast = distribution.isBroadcastDistribution
    if isBroadcast, let element = resolve(drawn).elementOfArray {
      return plate(datum, element)
    }
    let found = resolve(datum.type)
    if case .optional = found {
      return tryCoerce(datum, .optional(drawn)).map {
        Matched(value: $0, isPlate: false, isOptional: true, type: drawn)
      }
    }
    if found == .data {
      return tryCoerce(datum, drawn).map {
        Matched(value: $0, isPlate: false, isOptional: false, type: drawn)
      }
    }
    if let value = tryCoerce(datum, drawn) {
      return Matched(value: value, isPlate: false, isOptional: false, type: drawn)
    }
    if isElementwise(drawn) { return plate(datum, drawn) }
    return nil
  }

  private func isElementwise(_ drawn: StaticType) -> Bool {
    switch resolve(drawn) {
    case .real, .int, .bool, .string, .enumeration: true
    default: false
    }
  }

  private func plate(_ datum: TypedExpression, _ element: StaticType) -> Matched? {
    guard case .array(let found) = resolve(datum.type) else { return nil }
    if resolve(found).isOptional {
      return tryCoerce(datum, .array(.optional(element))).map {
        Matched(value: $0, isPlate: true, isOptional: true, type: .array(element))
      }
    }
    return tryCoerce(datum, .array(element)).map {
      Matched(value: $0, isPlate: true, isOptional: false, type: .array(element))
    }
  }

  private func observedMismatch(
    _ datum: TypedExpression, _ distribution: TypedExpression, _ drawn: StaticType
  ) -> Diagnostic {
    if case .array(let element) = resolve(datum.type), resolve(element).isOptional,
      case .array = resolve(drawn)
    {
      return .gapsInVector(text(datum.type), at: datum.span)
    }
    var hint: String?
    switch (resolve(datum.type), resolve(drawn)) {
    case (.real, .int), (.optional(.real), .int), (.array(.real), .int):
      hint = "declare the data as Int, or choose a continuous distribution"
    case (.int, .bool), (.real, .bool), (.array(.int), .bool):
      hint = "declare the data as Bool (0 and 1 are read as false and true)"
    case (.bool, .int), (.bool, .real): hint = "observe a Bool with `Bernoulli`"
    case (_, .array) where resolve(datum.type).isNumeric:
      hint = "the distribution is over arrays"
    default: break
    }
    return .observedType(
      found: text(datum.type), expected: text(drawn), hint: hint, at: datum.span)
  }

  /// `observe x + y ~ Delta(3)` with reals that are drawn.
  private func continuousDelta(
    _ datum: TypedExpression, _ distribution: TypedExpression, _ drawn: StaticType, depends: Bool,
    _ value: Expression, _ span: Span
  ) -> Diagnostic? {
    guard depends, case .distribution(let construction) = distribution.kind,
      construction.family == "Delta", let point = construction.arguments.first
    else { return nil }
    guard resolve(datum.type) == .real || resolve(drawn) == .real else { return nil }
    return .continuousEquality(sourceText(value.span), sourceText(point.span), at: span)
  }
}

extension TypedExpression {
  /// A construction with array arguments: independent elements.
  var isBroadcastDistribution: Bool {
    if case .distribution(let construction) = kind { return construction.isPlate }
    return false
  }
}

extension Diagnostic {
  fileprivate static func softFactor(
    _ value: String, _ distribution: String, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "W0202", .check,
      "the observed value depends on a random choice: this weighs, it does not condition",
      at: span, severity: .warning,
      hints: ["if that is meant, write `factor logDensity(\(distribution), \(value))`"])
  }

  fileprivate static func observedType(
    found: String, expected: String, hint: String?, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0227", .check, "the distribution gives \(expected), the observed value is \(found)",
      at: span, hints: hint.map { [$0] } ?? [])
  }

  fileprivate static func gapsInVector(_ found: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0229", .check, "\(found) has gaps, but the distribution is over whole arrays", at: span,
      hints: ["observe the present elements with their own marginal distribution"])
  }

  fileprivate static func observeModel(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0226", .check, "a model cannot be observed: its density is not known", at: span,
      hints: ["observe inside the model, and pass the datum as its argument"])
  }

  fileprivate static func proposalOfObserve(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0230", .check, "`with` belongs to draws, an `observe` proposes nothing", at: span,
      hints: ["remove it"])
  }
}
