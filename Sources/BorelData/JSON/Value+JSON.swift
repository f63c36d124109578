import BorelBase

extension Value {
  /// The value as data files write it: `nil` is null, tuples and matrices are arrays, an enum case
  /// is its name, or an object of its name and payload.
  package var json: JSONValue {
    switch self {
    case .unit: .null
    case .bool(let value): .bool(value)
    case .int(let value): .integer(value)
    case .real(let value): .number(value)
    case .string(let text), .opaque(let text): .string(text)
    case .array(let elements), .tuple(let elements): .array(elements.map(\.json))
    case .record(let fields): .object(fields.map { ($0.name, $0.value.json) })
    case .optional(let value): value?.json ?? .null
    case .matrix(let rows, let columns, let entries):
      .array(
        (0..<rows).map { row in
          .array((0..<columns).map { .number(entries[row * columns + $0]) })
        })
    case .variant(let name, let payload):
      payload.isEmpty ? .string(name) : .object([(name, .array(payload.map(\.json)))])
    }
  }
}

extension DataNode {
  /// What was read, to be written again; cells of tables are strings.
  package var json: JSONValue {
    switch content {
    case .null: .null
    case .bool(let value): .bool(value)
    case .integer(let value): .integer(value)
    case .number(let value): .number(value)
    case .string(let text), .cell(let text): .string(text)
    case .array(let elements): .array(elements.map(\.json))
    case .object(let fields): .object(fields.map { ($0.name, $0.node.json) })
    case .table(let table): .array(table.records.map(\.json))
    }
  }
}
