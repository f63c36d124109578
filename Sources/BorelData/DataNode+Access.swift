// Reading documents whose form is known.

extension DataNode {
  /// The field of an object.
  package subscript(name: String) -> DataNode? {
    guard case .object(let fields) = content else { return nil }
    return fields.first { $0.name == name }?.node
  }

  package var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  package var integer: Int? {
    if case .integer(let value) = content { Int(value) } else { nil }
  }

  package var elements: [DataNode] {
    if case .array(let elements) = content { elements } else { [] }
  }
}
