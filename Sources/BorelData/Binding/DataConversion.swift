import BorelBase
import BorelIR

/// Turns data into values of a known type, collecting what does not fit.
package struct DataConversion {
  /// After so many problems the rest is not looked at.
  static let problemLimit = 20

  package let enumerations: [EnumerationInfo]
  package private(set) var problems: [Diagnostic] = []
  /// Whether records may have fields that the type lacks: rows of tables.
  var allowsExtraFields = false

  package init(enumerations: [EnumerationInfo]) {
    self.enumerations = enumerations
  }

  var isFull: Bool { problems.count >= Self.problemLimit }

  mutating func report(_ problem: Diagnostic) {
    if !isFull { problems.append(problem) }
  }

  /// The value of a type that a piece of data stands for (semantics, section 1.6): integral numbers
  /// are integers, 0 and 1 are booleans, null and empty cells are missing.
  ///
  /// - Parameters:
  ///   - path: Where the piece stands, as in `flow[3].year`, for messages.
  /// - Returns: nil when a problem was reported.
  package mutating func value(_ node: DataNode, as shape: Shape, path: String) -> Value? {
    if isFull { return nil }
    switch shape {
    case .real: return real(node, path)
    case .int: return int(node, path)
    case .bool: return bool(node, path)
    case .string: return string(node, path)
    case .array(let element): return array(node, element, path)
    case .matrix: return matrix(node, path)
    case .tuple(let parts): return tuple(node, parts, path)
    case .record(let fields): return record(node, fields, path)
    case .optional(let wrapped):
      if node.isMissing { return .optional(nil) }
      return value(node, as: wrapped, path: path).map { .optional($0) }
    case .enumeration(let index): return variant(node, enumerations[index], shape, path)
    case .unit: return node.isMissing ? .unit : mismatch(node, shape, path)
    case .opaque:
      report(
        Diagnostic(
          "E0416", .data, "'\(path)' is \(shape.text(enumerations)) and cannot come from data",
          at: node.span))
      return nil
    }
  }

  // MARK: Scalars

  private mutating func real(_ node: DataNode, _ path: String) -> Value? {
    switch node.content {
    case .integer(let value): return .real(Double(value))
    case .number(let value): return .real(value)
    case .cell(let text):
      if let value = NumberReading.real(text.trimmed) { return .real(value) }
    default: break
    }
    return mismatch(node, .real, path)
  }

  private mutating func int(_ node: DataNode, _ path: String) -> Value? {
    switch node.content {
    case .integer(let value): return .int(value)
    case .number(let value):
      if let value = Int64(exactly: value) { return .int(value) }
    case .cell(let text):
      if let value = Int64(text.trimmed) { return .int(value) }
      if let value = NumberReading.real(text.trimmed).flatMap(Int64.init(exactly:)) {
        return .int(value)
      }
    default: break
    }
    return mismatch(node, .int, path)
  }

  private mutating func bool(_ node: DataNode, _ path: String) -> Value? {
    switch node.content {
    case .bool(let value): return .bool(value)
    case .integer(0), .number(0): return .bool(false)
    case .integer(1), .number(1): return .bool(true)
    case .cell(let text):
      switch text.trimmed.lowercased() {
      case "true", "1": return .bool(true)
      case "false", "0": return .bool(false)
      default: break
      }
    default: break
    }
    return mismatch(node, .bool, path)
  }

  private mutating func string(_ node: DataNode, _ path: String) -> Value? {
    switch node.content {
    case .string(let text), .cell(let text): return .string(text)
    default: return mismatch(node, .string, path)
    }
  }

  // MARK: Compounds

  private mutating func array(_ node: DataNode, _ element: Shape, _ path: String) -> Value? {
    if case .table(let table) = node.content {
      return tabular(DataNode(.array(table.records), at: node.span), .array(element), path)
    }
    guard case .array(let nodes) = node.content else {
      return mismatch(node, .array(element), path)
    }
    var values: [Value] = []
    values.reserveCapacity(nodes.count)
    let before = problems.count
    for (index, node) in nodes.enumerated() {
      if let value = value(node, as: element, path: "\(path)[\(index)]") { values.append(value) }
      if isFull { break }
    }
    return problems.count == before ? .array(values) : nil
  }

  private mutating func matrix(_ node: DataNode, _ path: String) -> Value? {
    guard case .array(let rows) = node.content else { return mismatch(node, .matrix, path) }
    var entries: [Double] = []
    var columnCount: Int?
    let before = problems.count
    for (index, row) in rows.enumerated() {
      guard case .array(let cells) = row.content else {
        return mismatch(row, .array(.real), "\(path)[\(index)]")
      }
      if let columnCount, columnCount != cells.count {
        report(
          Diagnostic(
            "E0414", .data,
            "row \(index) of '\(path)' has \(cells.count) numbers, the first row has "
              + "\(columnCount)", at: row.span,
            hints: ["every row of a Matrix has as many numbers; [[Real]] may be ragged"]))
      }
      columnCount = columnCount ?? cells.count
      for (column, cell) in cells.enumerated() {
        if case .real(let entry)? = real(cell, "\(path)[\(index),\(column)]") {
          entries.append(entry)
        }
      }
    }
    guard problems.count == before else { return nil }
    return .matrix(rows: rows.count, columns: columnCount ?? 0, entries)
  }

  private mutating func tuple(_ node: DataNode, _ parts: [Shape], _ path: String) -> Value? {
    guard case .array(let nodes) = node.content, nodes.count == parts.count else {
      return mismatch(node, .tuple(parts), path)
    }
    var values: [Value] = []
    for (index, part) in parts.enumerated() {
      guard let value = value(nodes[index], as: part, path: "\(path).\(index)") else { return nil }
      values.append(value)
    }
    return .tuple(values)
  }

  private mutating func record(
    _ node: DataNode, _ fields: [Shape.Field], _ path: String
  ) -> Value? {
    if case .table(let table) = node.content {
      return tabular(DataNode(.object(table.columns), at: node.span), .record(fields), path)
    }
    guard case .object(let given) = node.content else {
      return mismatch(node, .record(fields), path)
    }
    let before = problems.count
    var values: [Value.Field] = []
    for field in fields {
      guard let found = given.first(where: { $0.name == field.name }) else {
        report(.missingField("\(path).\(field.name)", field.shape.text(enumerations), node.span))
        continue
      }
      if let value = value(found.node, as: field.shape, path: "\(path).\(field.name)") {
        values.append(Value.Field(field.name, value))
      }
    }
    if !allowsExtraFields {
      for extra in given where !fields.contains(where: { $0.name == extra.name }) {
        report(.extraField("\(path).\(extra.name)", extra, among: fields.map(\.name)))
      }
    }
    return problems.count == before ? .record(values) : nil
  }

  /// Rows or columns of a table: further columns are no problem.
  private mutating func tabular(_ node: DataNode, _ shape: Shape, _ path: String) -> Value? {
    let outer = allowsExtraFields
    allowsExtraFields = true
    defer { allowsExtraFields = outer }
    return value(node, as: shape, path: path)
  }

  private mutating func variant(
    _ node: DataNode, _ info: EnumerationInfo, _ shape: Shape, _ path: String
  ) -> Value? {
    switch node.content {
    case .string(let name), .cell(let name):
      if info.cases.contains(where: { $0.name == name && $0.payload.isEmpty }) {
        return .variant(name, [])
      }
      report(.unknownCase(name, of: info, path, node.span))
      return nil
    case .object(let fields):
      guard fields.count == 1, let field = fields.first,
        let found = info.cases.first(where: { $0.name == field.name })
      else { break }
      if found.payload.count == 1, let only = found.payload.first,
        !field.node.isArray(ofCount: 1)
      {
        return value(field.node, as: only, path: "\(path).\(field.name)").map {
          .variant(field.name, [$0])
        }
      }
      guard case .tuple(let payload)? = tuple(field.node, found.payload, "\(path).\(field.name)")
      else { return nil }
      return .variant(field.name, payload)
    default: break
    }
    return mismatch(node, shape, path)
  }

  private mutating func mismatch(_ node: DataNode, _ shape: Shape, _ path: String) -> Value? {
    let expected = shape.dataText(enumerations)
    var hints: [String] = []
    if node.isMissing {
      let type = shape.text(enumerations)
      hints = ["declare the type \(type)? if values may be missing"]
    } else if let text = node.textOfNonNumber, ["real", "int"].contains(shape.scalarName) {
      hints = ["write null (in a table: an empty cell) for a missing value instead of \(text)"]
    } else {
      hints = ["change the data, or declare a type that they have"]
    }
    report(
      Diagnostic(
        "E0412", .data, "'\(path)' must be \(expected), found \(node.found)", at: node.span,
        hints: hints))
    return nil
  }
}

extension DataNode {
  var isMissing: Bool {
    switch content {
    case .null: true
    case .cell(let text): text.isEmpty
    default: false
    }
  }

  func isArray(ofCount count: Int) -> Bool {
    if case .array(let elements) = content { return elements.count == count }
    return false
  }

  /// The text of a value that other programs write for a missing or infinite number.
  fileprivate var textOfNonNumber: String? {
    switch content {
    case .string(let text), .cell(let text):
      let names = ["nan", "na", "n/a", "infinity", "-infinity", "inf", "-inf", "null", "."]
      return names.contains(text.trimmed.lowercased()) ? "\"\(text)\"" : nil
    default: return nil
    }
  }
}

extension Shape {
  fileprivate var scalarName: String? {
    switch self {
    case .real: "real"
    case .int: "int"
    default: nil
    }
  }
}

extension String {
  /// Without white space around it.
  fileprivate var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    guard first <= 0x20 || last <= 0x20 else { return self }
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
