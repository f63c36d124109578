/// All deterministic operations, by name, by number and by the name that programs call.
package enum PrimitiveRegistry {
  /// In a fixed order; the index is the number of the operation within this process.
  package static let all: [Primitive] =
    realArithmetic + realFunctions + specialFunctions + intArithmetic + comparisons + logic
    + conversions + arrayReductions + arrayTransformations + elementwiseArrays + matrices
    + matrixAlgebra + matrixDecompositions + strings + tangents

  private static let indices: [String: Int] = Dictionary(
    all.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })

  private static let byLanguageName: [String: [Primitive]] = Dictionary(
    grouping: all.filter { $0.languageName != nil }, by: { $0.languageName ?? "" })

  /// The operation with a unique name such as `add.real`; nil when there is none.
  package static func named(_ name: String) -> Primitive? {
    indices[name].map { all[$0] }
  }

  /// The position of an operation in `all`.
  package static func index(of name: String) -> Int? { indices[name] }

  /// The overloads of a function that programs call by this name; empty when there is none.
  package static func overloads(of languageName: String) -> [Primitive] {
    byLanguageName[languageName] ?? []
  }

  /// The names that programs can call, sorted.
  package static let languageNames: [String] = byLanguageName.keys.sorted()
}
