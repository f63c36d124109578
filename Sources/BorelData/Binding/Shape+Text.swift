import BorelIR

extension Shape {
  /// The type as programs write it: `[Real?]`, `{a: Int}`.
  package func text(_ enumerations: [EnumerationInfo]) -> String {
    switch self {
    case .unit: "Unit"
    case .real: "Real"
    case .int: "Int"
    case .bool: "Bool"
    case .string: "String"
    case .array(let element): "[\(element.text(enumerations))]"
    case .matrix: "Matrix"
    case .tuple(let parts):
      "(" + parts.map { $0.text(enumerations) }.joined(separator: ", ") + ")"
    case .record(let fields):
      "{" + fields.map { "\($0.name): \($0.shape.text(enumerations))" }.joined(separator: ", ")
        + "}"
    case .optional(let wrapped): wrapped.text(enumerations) + "?"
    case .enumeration(let index): enumerations[index].name
    case .opaque(.function): "a function"
    case .opaque(.distribution): "a distribution"
    case .opaque(.model): "a model"
    case .opaque: "a posterior"
    }
  }

  /// How data of this type look, for messages.
  func dataText(_ enumerations: [EnumerationInfo]) -> String {
    switch self {
    case .real: "a number"
    case .int: "an integer"
    case .bool: "true, false, 0 or 1"
    case .string: "a string"
    case .array: "an array"
    case .matrix: "an array of rows, each an array of numbers"
    case .tuple(let parts): "an array of \(parts.count) elements"
    case .record: "an object"
    case .optional(let wrapped): wrapped.dataText(enumerations) + " or null"
    case .enumeration(let index): "a case of \(enumerations[index].name)"
    case .unit: "null"
    case .opaque: text(enumerations)
    }
  }
}
