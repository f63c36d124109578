import BorelBase
import BorelSyntax

extension Checker {
  static let builtinTypes: [String] = [
    "Int", "Real", "Bool", "String", "Unit", "Matrix", "Dist", "Posterior", "Model", "Data",
  ]

  /// The type that a type expression denotes; `error` after a diagnostic.
  func resolve(_ expression: TypeExpression, generics: [String]) -> StaticType {
    switch expression.kind {
    case .name(let name, let arguments):
      return resolve(name, arguments, generics: generics, at: expression.span)
    case .array(let element): return .array(resolve(element, generics: generics))
    case .optional(let wrapped): return .optional(resolve(wrapped, generics: generics))
    case .tuple(let parts):
      if parts.isEmpty { return .unit }
      if parts.count == 1 { return resolve(parts[0], generics: generics) }
      return .tuple(parts.map { resolve($0, generics: generics) })
    case .record(let fields):
      var names: Set<String> = []
      var result: [StaticType.Field] = []
      for field in fields {
        if names.insert(field.name.text).inserted {
          result.append(
            StaticType.Field(field.name.text, resolve(field.type, generics: generics)))
        } else {
          report(.duplicateRecordField(field.name.text, at: field.name.span))
        }
      }
      return .record(result.sorted { $0.name < $1.name })
    case .function(let parameters, let result):
      return .function(
        parameters.map { resolve($0, generics: generics) }, resolve(result, generics: generics))
    case .error: return .error
    }
  }

  private func resolve(
    _ name: String, _ arguments: [TypeExpression], generics: [String], at span: Span
  ) -> StaticType {
    let resolved = arguments.map { resolve($0, generics: generics) }
    func plain(_ type: StaticType) -> StaticType {
      if !resolved.isEmpty {
        report(.typeArguments(name, expected: 0, found: resolved.count, at: span))
      }
      return type
    }
    func applied(_ make: (StaticType) -> StaticType) -> StaticType {
      guard resolved.count == 1 else {
        report(.typeArguments(name, expected: 1, found: resolved.count, at: span))
        return .error
      }
      return make(resolved[0])
    }
    if let index = generics.firstIndex(of: name) { return plain(.rigid(index, name: name)) }
    if let type = types.names[name] { return plain(type) }
    switch name {
    case "Int": return plain(.int)
    case "Real": return plain(.real)
    case "Bool": return plain(.bool)
    case "String": return plain(.string)
    case "Unit": return plain(.unit)
    case "Matrix": return plain(.matrix)
    case "Data": return plain(.data)
    case "Dist": return applied { .distribution($0) }
    case "Posterior": return applied { .posterior($0) }
    case "Model": return applied { .model($0) }
    default:
      report(
        .unknownType(name, candidates: Self.builtinTypes + types.names.keys + generics, at: span))
      return .error
    }
  }
}

extension Diagnostic {
  static func duplicateRecordField(_ name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      "E0203", .check, "the record has two fields '\(name)'", at: span,
      hints: ["rename one of them"])
  }

  fileprivate static func typeArguments(
    _ name: String, expected: Int, found: Int, at span: Span
  ) -> Diagnostic {
    Diagnostic(
      "E0208", .check, "'\(name)' takes \(expected) type arguments, found \(found)", at: span,
      hints: [expected == 0 ? "write `\(name)`" : "write `\(name)<Real>`, for example"])
  }

  fileprivate static func unknownType(
    _ name: String, candidates: [String], at span: Span
  ) -> Diagnostic {
    let foreign = [
      "Double": "Real", "Float": "Real", "float": "Real", "Integer": "Int", "int": "Int",
      "Boolean": "Bool", "Void": "Unit", "real": "Real", "Vector": "[Real]", "vector": "[Real]",
      "List": "[T]", "Array": "[T]",
    ]
    let suggestion = foreign[name] ?? didYouMean(name, among: candidates.sorted())
    return Diagnostic(
      "E0208", .check, "unknown type '\(name)'", at: span,
      hints: suggestion.map { ["did you mean '\($0)'?"] } ?? [])
  }
}
