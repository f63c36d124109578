import BorelBase
import BorelSyntax

extension BodyChecker {
  /// `learn(m(...), method, steps: 300)`: an inference whose method text starts with the settings.
  func learning(_ arguments: [CallArgument], _ span: Span) -> TypedExpression {
    effects.formUnion(.infers)
    let failure = TypedExpression(.unit, .error, span)
    guard isScript else {
      for argument in arguments where !argument.isClosure { _ = value(argument, nil) }
      report(.learnInside(at: span))
      return failure
    }
    guard let first = arguments.first, first.label == nil else {
      report(.argumentCount("learn", expected: 1, found: arguments.count, at: span))
      return failure
    }
    let model = value(first, nil)
    var method: CallArgument?
    var settings: [String] = []
    for argument in arguments.dropFirst() {
      if argument.label == nil || argument.label?.text == "method" {
        method = argument
      } else if let label = argument.label {
        settings.append("\(label.text): \(sourceText(argument.span))")
      }
    }
    let settingsText = "learn(\(settings.joined(separator: ", ")))"
    let methodText = method.map { sourceText($0.span) } ?? "auto"
    if let (message, hint) = checker.validateMethod?(settingsText, []) {
      report(.learnSetting(message, hint, at: span))
    }
    if let (message, hint) = checker.validateMethod?(methodText, checker.moveNames) {
      report(.learnSetting(message, hint, at: method?.span ?? span))
    }
    guard case .model(let result) = resolve(model.type) else {
      if resolve(model.type) != .error {
        report(
          .mismatch(
            expected: "a model with its arguments", found: text(model.type),
            hint: "write `learn(m(data), method)`", at: model.span))
      }
      return failure
    }
    return TypedExpression(
      .infer(
        model, method: "\(settingsText)|\(methodText)", methodSpan: method?.span ?? span,
        isOptional: false), .posterior(result), span)
  }
}

extension Diagnostic {
  fileprivate static func learnInside(at span: Span) -> Diagnostic {
    Diagnostic(
      "E0232", .check, "`learn` is possible at the top level only", at: span,
      hints: ["give what is to be learned a prior and infer it, or learn in a script"])
  }

  fileprivate static func learnSetting(
    _ message: String, _ hint: String, at span: Span
  ) -> Diagnostic {
    Diagnostic("E0237", .check, message, at: span, hints: hint.isEmpty ? [] : [hint])
  }
}
