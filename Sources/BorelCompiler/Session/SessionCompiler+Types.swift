import BorelBase

/// What the prompt asks about types.
extension SessionCompiler {
  /// A type as the program writes it.
  package func text(_ type: StaticType) -> String {
    checker?.text(type) ?? DeclaredTypes().text(type)
  }

  /// The fields of a record or struct, or the members of a value, for completion.
  package func fields(of type: StaticType) -> [(name: String, type: String)] {
    switch type {
    case .record(let fields): fields.map { ($0.name, text($0.type)) }
    case .structure(let id):
      checker?.types.structs[id.index].fields.map { ($0.name, text($0.type)) } ?? []
    case .tuple(let parts): parts.enumerated().map { ("\($0.offset)", text($0.element)) }
    case .posterior: BodyChecker.posteriorMembers.map { ($0, "") }
    case .array, .matrix: Catalogue.properties.sorted().map { ($0, "") }
    default: []
    }
  }

  /// The types of the parameters of the newest model with a name.
  package func parameters(ofModel name: String) -> [StaticType] {
    guard let checker, let id = checker.userFunctions[name] else { return [] }
    return checker.functions[id.index].parameters.map(\.type)
  }

  /// Whether a value of a type may contain a closure or a model.
  func mayHoldCode(_ type: StaticType) -> Bool {
    switch type {
    case .function, .model: true
    case .array(let inner), .optional(let inner), .distribution(let inner), .posterior(let inner):
      mayHoldCode(inner)
    case .tuple(let parts): parts.contains { mayHoldCode($0) }
    case .record(let fields): fields.contains { mayHoldCode($0.type) }
    case .structure, .enumeration: isOpaque(type)
    default: false
    }
  }

  /// Whether a struct or enum may have parts other than data.
  private func isOpaque(_ type: StaticType) -> Bool {
    checker.map { !type.isEquatable($0.types) } ?? true
  }
}
