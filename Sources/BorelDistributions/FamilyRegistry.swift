/// All families, sorted by name: the position is the number of the family in compiled code.
package enum FamilyRegistry {
  package static let families: [any Family.Type] = [
  ]

  private static let indices: [String: Int] = Dictionary(
    families.enumerated().map { ($1.signature.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The number of the family with a name, as written in a program.
  package static func index(of name: String) -> Int? { indices[name] }

  /// The family with a number that `index(of:)` gave out.
  package static func family(at index: Int) -> any Family.Type { families[index] }

  /// The family with a name.
  package static func family(named name: String) -> (any Family.Type)? {
    indices[name].map { families[$0] }
  }
}
