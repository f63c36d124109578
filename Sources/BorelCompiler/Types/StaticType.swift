/// The type of an expression of the language.
package indirect enum StaticType: Hashable, Sendable {
  case int, real, bool, string, unit, matrix
  case array(StaticType)
  case optional(StaticType)
  case tuple([StaticType])
  /// Structural; fields in the order of their names.
  case record([Field])
  case structure(StructID)
  case enumeration(EnumID)
  case function([StaticType], StaticType)
  /// `Dist<T>`.
  case distribution(StaticType)
  /// `Posterior<T>`; converts to `Dist<T>`.
  case posterior(StaticType)
  /// A model with its arguments, and the type of its result.
  case model(StaticType)
  /// What `readJSON` and `readCSV` give: converts to any data type, checked when it is read.
  case data
  /// A generic parameter inside the body of its function: by position.
  case rigid(Int, name: String)
  /// An unknown of type inference. Never left in a checked program.
  case variable(Int)
  /// The type of what does not complete: a block that ends with `return`.
  case never
  /// The type of an erroneous expression; silences errors that would follow. Never left in a
  /// checked program.
  case error

  package struct Field: Hashable, Sendable {
    package var name: String
    package var type: StaticType
    package init(_ name: String, _ type: StaticType) {
      self.name = name
      self.type = type
    }
  }
}

/// A struct of the program, by position in `CheckedProgram.structs`.
package struct StructID: Hashable, Sendable {
  package var index: Int
  package init(_ index: Int) { self.index = index }
}

/// An enum of the program, by position in `CheckedProgram.enums`.
package struct EnumID: Hashable, Sendable {
  package var index: Int
  package init(_ index: Int) { self.index = index }
}

/// What is asked of the type that stands for a generic parameter.
package enum GenericConstraint: String, Hashable, Sendable, CaseIterable {
  /// `Int` or `Real`.
  case number = "Number"
  /// Anything without functions, distributions and models inside.
  case equatable = "Equatable"
  /// `Int`, `Real`, `String`.
  case ordered = "Ordered"
}

extension StaticType {
  /// The type with each rigid parameter replaced by the argument at its position.
  package func substituting(_ arguments: [StaticType]) -> StaticType {
    if arguments.isEmpty { return self }
    return mapLeaves {
      if case .rigid(let index, _) = $0, index < arguments.count { return arguments[index] }
      return nil
    }
  }

  /// Replaces rigid parameters, variables and other leaves for which `change` gives a type.
  package func mapLeaves(_ change: (StaticType) -> StaticType?) -> StaticType {
    switch self {
    case .int, .real, .bool, .string, .unit, .matrix, .structure, .enumeration, .data, .rigid,
      .variable, .never, .error:
      return change(self) ?? self
    case .array(let element): return .array(element.mapLeaves(change))
    case .optional(let wrapped): return .optional(wrapped.mapLeaves(change))
    case .tuple(let parts): return .tuple(parts.map { $0.mapLeaves(change) })
    case .record(let fields):
      return .record(fields.map { Field($0.name, $0.type.mapLeaves(change)) })
    case .function(let parameters, let result):
      return .function(parameters.map { $0.mapLeaves(change) }, result.mapLeaves(change))
    case .distribution(let value): return .distribution(value.mapLeaves(change))
    case .posterior(let value): return .posterior(value.mapLeaves(change))
    case .model(let value): return .model(value.mapLeaves(change))
    }
  }

  /// Whether a leaf satisfies the condition.
  package func containsLeaf(_ condition: (StaticType) -> Bool) -> Bool {
    switch self {
    case .int, .real, .bool, .string, .unit, .matrix, .structure, .enumeration, .data, .rigid,
      .variable, .never, .error:
      return condition(self)
    case .array(let inner), .optional(let inner), .distribution(let inner),
      .posterior(let inner), .model(let inner):
      return inner.containsLeaf(condition)
    case .tuple(let parts): return parts.contains { $0.containsLeaf(condition) }
    case .record(let fields): return fields.contains { $0.type.containsLeaf(condition) }
    case .function(let parameters, let result):
      return parameters.contains { $0.containsLeaf(condition) } || result.containsLeaf(condition)
    }
  }
}
