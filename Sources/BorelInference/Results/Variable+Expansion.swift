import BorelBase
import BorelData
import BorelIR

extension Variable {
  /// The scalars of a reported value: arrays as `x[0]`, matrices as `x[0,1]`, fields as `x.a`,
  /// tuples as `x.0`. Draws without an element (shorter arrays, `nil`) are marked as absent.
  ///
  /// - Parameters:
  ///   - name: The name of the whole value.
  ///   - shape: Its shape.
  ///   - draws: One value per draw; nil where the draw did not report it.
  ///   - enumerations: Those of the program.
  /// - Returns: Values without contents to show (`Unit`, functions) give nothing.
  package static func expanding(
    _ name: String, _ shape: Shape, draws: [Value?], enumerations: [EnumerationInfo]
  ) -> [Variable] {
    var expansion = Expansion(enumerations: enumerations)
    expansion.expand(name, shape, draws)
    return expansion.variables
  }

  /// The scalars of what the model returned: the fields of a record by their names, any other
  /// value as `result`.
  package static func expandingResult(
    _ shape: Shape, draws: [Value?], enumerations: [EnumerationInfo]
  ) -> [Variable] {
    guard case .record(let fields) = shape else {
      return expanding("result", shape, draws: draws, enumerations: enumerations)
    }
    var expansion = Expansion(enumerations: enumerations)
    for (index, field) in fields.enumerated() {
      expansion.expand(field.name, field.shape, draws.map { $0?.part(index) })
    }
    return expansion.variables
  }
}

/// Collects the scalars of values, depth first.
private struct Expansion {
  let enumerations: [EnumerationInfo]
  var variables: [Variable] = []

  mutating func expand(_ name: String, _ shape: Shape, _ draws: [Value?]) {
    switch shape {
    case .unit, .opaque: break
    case .real: add(name, .real, draws, \.number)
    case .int: add(name, .int, draws, \.number)
    case .bool: add(name, .bool, draws, \.number)
    case .string: addTexts(name, draws) { if case .string(let text) = $0 { text } else { $0.text } }
    case .array(let element):
      let count = draws.reduce(0) { max($0, $1?.elements.count ?? 0) }
      for index in 0..<count {
        expand("\(name)[\(index)]", element, draws.map { $0?.part(index) })
      }
    case .matrix: expandMatrix(name, draws)
    case .tuple(let parts):
      for (index, part) in parts.enumerated() {
        expand("\(name).\(index)", part, draws.map { $0?.part(index) })
      }
    case .record(let fields):
      for (index, field) in fields.enumerated() {
        expand("\(name).\(field.name)", field.shape, draws.map { $0?.part(index) })
      }
    case .optional(let wrapped):
      expand(
        name, wrapped,
        draws.map { if case .optional(let value)? = $0 { value } else { $0 } })
    case .enumeration(let index):
      let info = enumerations[index]
      guard info.isPlain else { return addTexts(name, draws, \.text) }
      let names = info.cases.map(\.name)
      add(name, .enumeration(names), draws) { value in
        if case .variant(let label, _) = value {
          names.firstIndex(of: label).map(Double.init)
        } else {
          value.number
        }
      }
    }
  }

  private mutating func add(
    _ name: String, _ kind: Variable.Kind, _ draws: [Value?], _ number: (Value) -> Double?
  ) {
    var values = [Double](repeating: 0, count: draws.count)
    var present = [Bool](repeating: true, count: draws.count)
    var isComplete = true
    for (index, draw) in draws.enumerated() {
      if let value = draw.flatMap(number) {
        values[index] = value
      } else {
        present[index] = false
        isComplete = false
      }
    }
    variables.append(
      Variable(name: name, kind: kind, values: values, present: isComplete ? nil : present))
  }

  private mutating func addTexts(
    _ name: String, _ draws: [Value?], _ text: (Value) -> String
  ) {
    var table: [String] = []
    var indices: [String: Double] = [:]
    let numbers = draws.map { draw -> Value? in
      guard let draw else { return nil }
      let text = text(draw)
      if let index = indices[text] { return .real(index) }
      let index = Double(table.count)
      indices[text] = index
      table.append(text)
      return .real(index)
    }
    add(name, .text(table), numbers, \.number)
  }

  private mutating func expandMatrix(_ name: String, _ draws: [Value?]) {
    var rowCount = 0
    var columnCount = 0
    for case .matrix(let rows, let columns, _)? in draws {
      rowCount = max(rowCount, rows)
      columnCount = max(columnCount, columns)
    }
    for row in 0..<rowCount {
      for column in 0..<columnCount {
        add("\(name)[\(row),\(column)]", .real, draws) { draw in
          guard case .matrix(let rows, let columns, let entries) = draw, row < rows,
            column < columns
          else { return nil }
          return entries[row * columns + column]
        }
      }
    }
  }
}

extension Value {
  /// A number, or a boolean as 0 or 1.
  fileprivate var number: Double? {
    switch self {
    case .real(let value): value
    case .int(let value): Double(value)
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  fileprivate var elements: [Value] {
    switch self {
    case .array(let elements), .tuple(let elements): elements
    default: []
    }
  }

  /// An element, part or field by position; nil when there is none.
  fileprivate func part(_ index: Int) -> Value? {
    switch self {
    case .record(let fields): fields.indices.contains(index) ? fields[index].value : nil
    default: elements.indices.contains(index) ? elements[index] : nil
    }
  }
}
