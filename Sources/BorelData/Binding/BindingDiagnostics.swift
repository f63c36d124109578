import BorelBase
import BorelIR

extension Diagnostic {
  static func missingField(_ path: String, _ type: String, _ span: Span) -> Diagnostic {
    Diagnostic("E0410", .data, "'\(path)' of type \(type) is missing", at: span)
  }

  static func missingArgument(
    _ parameter: ModelInfo.Parameter, of model: String, type: String, hasData: Bool
  ) -> Diagnostic {
    Diagnostic(
      "E0410", .data,
      "model '\(model)' needs '\(parameter.name)' of type \(type), which no data give",
      at: parameter.span,
      hints: [
        hasData
          ? "add a field '\(parameter.name)' to the data, or --set \(parameter.name)=..."
          : "give data with -d FILE, or a single value with --set \(parameter.name)=..."
      ])
  }

  static func unknownField(
    _ field: DataNode.Field, of model: ModelInfo
  ) -> Diagnostic {
    let names = model.parameters.map(\.name)
    let hint =
      Spelling.hint(for: field.name, among: names, kind: "parameters")
      ?? "'\(model.name)' takes no data"
    return Diagnostic(
      "E0411", .data, "model '\(model.name)' has no parameter '\(field.name)'", at: field.span,
      hints: [hint])
  }

  static func extraField(
    _ path: String, _ field: DataNode.Field, among names: [String]
  ) -> Diagnostic {
    Diagnostic(
      "E0411", .data, "'\(path)' is not used: the type has no such field", at: field.span,
      hints: Spelling.hint(for: field.name, among: names, kind: "fields").map { [$0] } ?? [])
  }

  static func unusedColumns(_ names: [String], at span: Span) -> Diagnostic {
    let shown = names.prefix(6).map { "'\($0)'" }.joined(separator: ", ")
    let rest = names.count > 6 ? " and \(names.count - 6) others" : ""
    return Diagnostic(
      "W0401", .data, "columns not used: \(shown)\(rest)", at: span, severity: .warning)
  }

  static func givenByTwoSources(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      "E0413", .data, "'\(name)' is given by two data files", at: span,
      labels: [Label(first, "first given here")])
  }

  static func unknownCase(
    _ name: String, of info: EnumerationInfo, _ path: String, _ span: Span
  ) -> Diagnostic {
    let hasPayload = info.cases.contains { $0.name == name }
    let cases = info.cases.map(\.name)
    let hint =
      hasPayload
      ? "write {\"\(name)\": [...]} with its values"
      : Spelling.hint(for: name, among: cases, kind: "cases") ?? ""
    return Diagnostic(
      "E0412", .data, "'\(path)' must be a case of \(info.name), found \"\(name.prefix(40))\"",
      at: span, hints: [hint])
  }

  static func unclearList(_ model: ModelInfo, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0412", .data, "it is not clear which parameter of '\(model.name)' this array is for",
      at: span, hints: ["write an object with the names of the parameters: {\"name\": [...]}"])
  }

  static func outsideDomain(
    _ parameter: ModelInfo.Parameter, _ value: Double, at span: Span
  ) -> Diagnostic {
    func number(_ bound: Double) -> String { NumberText.exact(bound) }
    var conditions: [String] = []
    if let lower = parameter.lower {
      conditions.append((parameter.isLowerOpen ? "above " : "at least ") + number(lower))
    }
    if let upper = parameter.upper {
      conditions.append((parameter.isUpperOpen ? "below " : "at most ") + number(upper))
    }
    return Diagnostic(
      "E0415", .data,
      "'\(parameter.name)' must be \(conditions.joined(separator: " and ")), "
        + "found \(NumberText.exact(value))", at: span,
      labels: [Label(parameter.span, "declared here")])
  }
}
