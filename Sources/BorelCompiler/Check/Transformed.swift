import BorelBase
import BorelSyntax

extension BodyChecker {
  /// Checks what stands directly after `~`, `sample` or `observe v ~`.
  func inferSource(_ source: Expression) -> TypedExpression {
    let saved = drawnSource
    drawnSource = source.span
    defer { drawnSource = saved }
    return infer(source)
  }

  /// The labels of `Transformed`, in the order of its arguments.
  static let transformedLabels = ["base", "forward", "inverse", "logDerivative"]

  /// `Transformed(base: D, forward: f, inverse: g, logDerivative: h)`: the law of f(x) where x has
  /// law D; g is the inverse of f, and h is log |g'|, so that the log-density at y is
  /// log D(g(y)) + h(y). It has no form as a value: it stands where it is drawn from or scored.
  func transformed(_ arguments: [CallArgument], _ span: Span) -> TypedExpression {
    let failure = TypedExpression(.unit, .error, span)
    let labels = Self.transformedLabels
    for (label, name) in zip(arguments.map(\.label), labels) {
      if let label, label.text != name {
        report(.unknownLabel(label.text, of: "Transformed", known: labels, at: label.span))
        return failure
      }
    }
    guard arguments.count == labels.count else {
      report(
        .argumentCount(
          "Transformed", expected: labels.count, found: arguments.count, at: span))
      return failure
    }
    if drawnSource != span { report(.transformedAsValue(at: span)) }
    let base = value(arguments[0], nil)
    guard case .distribution(let drawn) = resolve(base.type), !base.isBroadcastDistribution else {
      if resolve(base.type) != .error {
        report(
          .mismatch(
            expected: "a distribution of one value", found: text(base.type), at: base.span))
      }
      return failure
    }
    let image = fresh()
    let types: [StaticType] = [
      .function([drawn], image), .function([image], drawn), .function([image], .real),
    ]
    let maps = zip(arguments.dropFirst(), types).map { argument, type in
      pure("a map of 'Transformed'", argument.span) { coerce(value(argument, type), type) }
    }
    let construction = DistributionConstruction(
      family: "Transformed", parametrisation: 0, arguments: [base] + maps,
      isArray: [false, false, false, false], elementType: image)
    return TypedExpression(.distribution(construction), .distribution(image), span)
  }
}

extension Diagnostic {
  fileprivate static func transformedAsValue(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0245", .check, "'Transformed' must stand directly after `~`", at: span,
      hints: ["write `x ~ Transformed(...)` or `observe v ~ Transformed(...)`"])
  }
}
