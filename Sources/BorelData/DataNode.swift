import BorelBase

/// A piece of data as it stands in a file, before anything is known about its type.
package struct DataNode: Sendable {
  package enum Content: Sendable {
    case null
    case bool(Bool)
    /// A number without fraction and exponent that fits.
    case integer(Int64)
    /// Finite.
    case number(Double)
    case string(String)
    case array([DataNode])
    /// Fields in the order of the file; names differ.
    case object([Field])
    /// A cell of a table: what it means depends on the type that it is read as; empty is missing.
    case cell(String)
    /// A whole table: its columns, or its rows, as the type demands.
    case table(CSVReader.Table)
  }

  package struct Field: Sendable {
    package var name: String
    package var node: DataNode
    /// The place of the name.
    package var span: Span
    package init(name: String, node: DataNode, span: Span) {
      self.name = name
      self.node = node
      self.span = span
    }
  }

  package var content: Content
  package var span: Span

  package init(_ content: Content, at span: Span) {
    self.content = content
    self.span = span
  }

  /// What it is, for messages that say what was found: `a string "x"`.
  package var found: String {
    switch content {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): NumberText.exact(value)
    case .string(let text): "the string \(Self.quoted(text))"
    case .array(let elements): "an array of \(elements.count) elements"
    case .object: "an object"
    case .cell(let text): text.isEmpty ? "an empty cell" : Self.quoted(text)
    case .table(let table): "a table of \(table.header.count) columns"
    }
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.prefix(40) + (text.count > 40 ? "..." : "") + "\""
  }
}

/// Numbers in data: decimal, finite, nothing else.
package enum NumberReading {
  /// The number that a text is, without names of infinities and hexadecimal notation.
  package static func real(_ text: String) -> Double? {
    guard !text.isEmpty,
      text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}
