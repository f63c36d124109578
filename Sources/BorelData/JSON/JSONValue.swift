/// A JSON value to be written; fields keep their order.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  /// Infinities are written as strings and NaN as null: JSON has neither.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(String, JSONValue)])

  package static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.0 == $1.0 && $0.1 == $1.1 }
    default: false
    }
  }

  /// A number, or null where there is none.
  package init(_ value: Double?) {
    self = value.map { .number($0) } ?? .null
  }

  /// The text on one line.
  package var text: String {
    var output = ""
    write(to: &output, indent: nil)
    return output
  }

  /// The text with a line for each field of the outer objects; short arrays and objects that hold
  /// no further objects stay on one line.
  package var prettyText: String {
    var output = ""
    write(to: &output, indent: 0)
    return output
  }

  private var isFlat: Bool {
    switch self {
    case .array(let elements): elements.allSatisfy(\.isScalar)
    case .object(let fields): fields.allSatisfy { $0.1.isScalar }
    default: true
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array(let elements): elements.isEmpty
    case .object(let fields): fields.isEmpty
    default: true
    }
  }

  private func write(to output: inout String, indent: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): Self.write(value, to: &output)
    case .string(let value): Self.write(value, to: &output)
    case .array(let elements):
      let inner = isFlat ? nil : indent.map { $0 + 1 }
      Self.write(elements.count, "[", "]", inner, to: &output) { output, index in
        elements[index].write(to: &output, indent: inner)
      }
    case .object(let fields):
      let inner = isFlat ? nil : indent.map { $0 + 1 }
      Self.write(fields.count, "{", "}", inner, to: &output) { output, index in
        Self.write(fields[index].0, to: &output)
        output += ": "
        fields[index].1.write(to: &output, indent: inner)
      }
    }
  }

  private static func write(
    _ count: Int, _ open: String, _ close: String, _ indent: Int?, to output: inout String,
    element: (inout String, Int) -> Void
  ) {
    output += open
    for index in 0..<count {
      if index > 0 { output += indent == nil ? ", " : "," }
      newLine(indent, to: &output)
      element(&output, index)
    }
    if count > 0 { newLine(indent.map { $0 - 1 }, to: &output) }
    output += close
  }

  private static func newLine(_ indent: Int?, to output: inout String) {
    guard let indent else { return }
    output += "\n"
    for _ in 0..<indent { output += "  " }
  }

  private static func write(_ value: Double, to output: inout String) {
    if value.isNaN {
      output += "null"
    } else if value.isInfinite {
      output += value < 0 ? "\"-Infinity\"" : "\"Infinity\""
    } else {
      output += NumberText.exact(value)
    }
  }

  private static func write(_ value: String, to output: inout String) {
    output += "\""
    let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }
    if isPlain {
      output += value
      output += "\""
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
