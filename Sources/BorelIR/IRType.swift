import BorelPrimitives

/// The type of an SSA value: what one register word means. Tuples, records, structs and optionals
/// are scalarised away: a value of the language is a list of these, described by a `Shape`.
package indirect enum IRType: Hashable, Sendable {
  case real, int, bool, string
  /// Elements have the flattened layout given; an empty layout is an array of `Unit`.
  case array([IRType])
  case matrix
  /// A closure: parameter words and result words.
  case function([IRType], [IRType])
  /// A distribution or a posterior over values of the flattened layout.
  case distribution([IRType])
  /// An enum with payloads, by index into `Program.enumerations`. Enums without any payload are
  /// `int`: the number of the case.
  case enumeration(Int)
  /// A model with its arguments, ready to be inferred; its result layout.
  case model([IRType])
  /// A posterior: a distribution with evidence and draws.
  case posterior([IRType])

  /// Whether the word is an object handle.
  package var isHandle: Bool {
    switch self {
    case .real, .int, .bool, .string: false
    default: true
    }
  }
}

extension [IRType] {
  /// Bit k is set when word k is a handle.
  package var pointerMask: UInt64 {
    var mask: UInt64 = 0
    for (index, type) in enumerated() where type.isHandle { mask |= 1 << UInt64(index) }
    return mask
  }
}

/// How the words of a scalarised value fit together: for data that go in and results that come out.
package indirect enum Shape: Hashable, Sendable {
  case unit
  case real, int, bool, string
  case array(Shape)
  case matrix
  case tuple([Shape])
  case record([Field])
  /// A bool (present) and the words of the value; the words are zero when it is absent.
  case optional(Shape)
  case enumeration(Int)
  /// Functions, distributions, models, posteriors: one handle.
  case opaque(IRType)

  package struct Field: Hashable, Sendable {
    package var name: String
    package var shape: Shape
    package init(_ name: String, _ shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }
}

extension Shape {
  package var isArray: Bool {
    if case .array = self { true } else { false }
  }
}

/// An enum of the program.
package struct EnumerationInfo: Hashable, Sendable {
  package struct Case: Hashable, Sendable {
    package var name: String
    /// Shapes of the payload, in order.
    package var payload: [Shape]
    package init(name: String, payload: [Shape]) {
      self.name = name
      self.payload = payload
    }
  }
  package var name: String
  package var cases: [Case]
  package init(name: String, cases: [Case]) {
    self.name = name
    self.cases = cases
  }

  /// Without payloads the register word is the number of the case.
  package var isPlain: Bool { cases.allSatisfy { $0.payload.isEmpty } }
}

extension Shape {
  /// The words of a value of this shape, in order. `enumerations` tells plain enums apart.
  package func layout(_ enumerations: [EnumerationInfo]) -> [IRType] {
    switch self {
    case .unit: []
    case .real: [.real]
    case .int: [.int]
    case .bool: [.bool]
    case .string: [.string]
    case .array(let element): [.array(element.layout(enumerations))]
    case .matrix: [.matrix]
    case .tuple(let parts): parts.flatMap { $0.layout(enumerations) }
    case .record(let fields): fields.flatMap { $0.shape.layout(enumerations) }
    case .optional(let wrapped): [.bool] + wrapped.layout(enumerations)
    case .enumeration(let index): enumerations[index].isPlain ? [.int] : [.enumeration(index)]
    case .opaque(let type): [type]
    }
  }
}
