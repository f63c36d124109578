/// Which words have tangents: what changes smoothly in them when something real changes.
///
/// The tangent of a real is a real, of a matrix a matrix, of a distribution the changes of its
/// parameters in a box of the same family, of an array an array of as many elements with those
/// words that have tangents, of an enum with payload a box with the same case and the tangents of
/// the fields. Nothing else has one.
package struct TangentTypes: Sendable {
  private let enumerations: [EnumerationInfo]
  /// By enumeration: whether some field of some case has a tangent.
  private let isContinuous: [Bool]

  package init(_ program: Program) {
    enumerations = program.enumerations
    var known = [Bool](repeating: false, count: enumerations.count)
    var changed = true
    while changed {
      changed = false
      for (index, enumeration) in enumerations.enumerated() where !known[index] {
        let words = enumeration.cases.flatMap(\.payload).flatMap { $0.layout(program.enumerations) }
        if words.contains(where: { Self.hasTangent($0, known) }) {
          known[index] = true
          changed = true
        }
      }
    }
    isContinuous = known
  }

  private static func hasTangent(_ type: IRType, _ known: [Bool]) -> Bool {
    switch type {
    case .real, .matrix, .distribution: true
    case .array(let element): element.contains { hasTangent($0, known) }
    case .enumeration(let index): known[index]
    case .int, .bool, .string, .function, .model, .posterior: false
    }
  }

  package func hasTangent(_ type: IRType) -> Bool { Self.hasTangent(type, isContinuous) }

  /// The type of the tangent of a word, up to the enumerations, whose tangents are enumerations
  /// that the transform makes; nil without a tangent.
  package func tangent(of type: IRType) -> IRType? {
    guard hasTangent(type) else { return nil }
    if case .array(let element) = type {
      return .array(element.compactMap { tangent(of: $0) })
    }
    return type
  }
}
