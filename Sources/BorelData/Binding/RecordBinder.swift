import BorelBase
import BorelIR

/// Finds the elements of arrays that grow in single records.
///
/// A record is an object with a field for each array, or, where one array grows, its element alone.
package struct RecordBinder: Sendable {
  private let model: ModelInfo
  /// The parameters that grow, by position.
  private let growing: [Int]
  private let enumerations: [EnumerationInfo]
  /// Fields that are for others.
  private let ignored: Set<String>

  package init(
    model: ModelInfo, growing: [Int], enumerations: [EnumerationInfo], ignoring: Set<String> = []
  ) {
    self.model = model
    self.growing = growing
    self.enumerations = enumerations
    ignored = ignoring
  }

  /// One value for each growing parameter.
  ///
  /// - Throws: E0410 to E0416.
  package func values(of record: DataNode) throws(Diagnostics) -> [Value] {
    var conversion = DataConversion(enumerations: enumerations)
    var values: [Value] = []
    for (parameter, node) in try nodes(record) {
      guard case .array(let element) = parameter.shape else { continue }
      guard let node = node else {
        if case .optional = element {
          values.append(.optional(nil))
        } else {
          conversion.report(
            .missingField(parameter.name, element.text(enumerations), record.span))
        }
        continue
      }
      guard let value = conversion.value(node, as: element, path: parameter.name) else { continue }
      conversion.checkDomain(value, of: parameter, at: node.span)
      values.append(value)
    }
    guard conversion.problems.isEmpty else { throw Diagnostics(conversion.problems) }
    return values
  }

  private func nodes(
    _ record: DataNode
  ) throws(Diagnostics) -> [(ModelInfo.Parameter, DataNode?)] {
    let parameters = growing.map { model.parameters[$0] }
    guard case .object(let all) = record.content else {
      guard let only = parameters.first, parameters.count == 1 else {
        throw Diagnostics([.recordIsNoObject(record, parameters.map(\.name))])
      }
      return [(only, record)]
    }
    let fields = all.filter { !ignored.contains($0.name) }
    let names = Set(parameters.map(\.name))
    if parameters.count == 1, !fields.contains(where: { names.contains($0.name) }),
      case .array(let element) = parameters[0].shape, Self.isObject(element)
    {
      return [(parameters[0], DataNode(.object(fields), at: record.span))]
    }
    if let other = fields.first(where: { !names.contains($0.name) }) {
      throw Diagnostics([.unknownRecordField(other, parameters.map(\.name))])
    }
    return parameters.map { parameter in
      (parameter, fields.first { $0.name == parameter.name }?.node)
    }
  }

  private static func isObject(_ shape: Shape) -> Bool {
    switch shape {
    case .record: true
    case .optional(let wrapped): isObject(wrapped)
    default: false
    }
  }
}

extension Diagnostic {
  fileprivate static func recordIsNoObject(_ record: DataNode, _ names: [String]) -> Diagnostic {
    let fields = names.map { "\"\($0)\": ..." }.joined(separator: ", ")
    return Diagnostic(
      "E0412", .data,
      "a record must be an object with \(names.count) fields, found "
        + record.found, at: record.span, hints: ["write {\(fields)}"])
  }

  fileprivate static func unknownRecordField(
    _ field: DataNode.Field, _ names: [String]
  ) -> Diagnostic {
    Diagnostic(
      "E0411", .data, "no array that grows is called '\(field.name)'", at: field.span,
      hints: [
        Spelling.hint(for: field.name, among: names, kind: "arrays")
          ?? "fields that are for others can be ignored by name"
      ])
  }
}
