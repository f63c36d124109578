import BorelBase

extension Value {
  /// The value as programs write it: `[1, 2.5]`, `{a: 1}`, `node(leaf, 3)`, `nil`.
  package var text: String {
    switch self {
    case .unit: return "()"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return String(value)
    case .real(let value): return "\(value)"
    case .string(let value): return "\"\(value)\""
    case .array(let elements): return "[" + list(elements) + "]"
    case .tuple(let parts): return "(" + list(parts) + ")"
    case .record(let fields):
      return "{" + fields.map { "\($0.name): \($0.value.text)" }.joined(separator: ", ") + "}"
    case .optional(let value): return value?.text ?? "nil"
    case .matrix(let rows, let columns, let entries):
      let lines = (0..<rows).map { row in
        "[" + (0..<columns).map { "\(entries[row * columns + $0])" }.joined(separator: ", ") + "]"
      }
      return "[" + lines.joined(separator: ", ") + "]"
    case .variant(let name, let payload):
      return payload.isEmpty ? name : "\(name)(\(list(payload)))"
    case .opaque(let text): return text
    }
  }

  private func list(_ values: [Value]) -> String {
    values.map(\.text).joined(separator: ", ")
  }
}
