/// How the result of a primitive changes with its operands.
package enum Derivative: Sendable {
  /// The result is constant between jumps: comparisons, rounding, positions. Where an operand
  /// depends on what is differentiated, the result may jump.
  case jumps
  /// The result depends on the size of its operands only, or on nothing that has a derivative.
  case constant
  /// The tangent of the result is the sum of one term per operand, each linear in the tangent of
  /// its operand; nil for an operand in which there is no derivative.
  case terms([Formula?])

  /// The term of a function of one operand.
  static func of(_ term: Formula) -> Derivative { .terms([term]) }
}

/// An expression in the operands of a primitive, their tangents, and the result.
///
/// Operations are named without the types of their operands: `multiply` is the product of reals,
/// of the elements of arrays, of a matrix and a real, by what it is applied to. So a function of a
/// real and the same function of each element of an array have one derivative.
package indirect enum Formula: Hashable, Sendable {
  case operand(Int)
  case tangent(Int)
  case result
  case real(Double)
  case int(Int64)
  case apply(String, [Formula])

  static func call(_ name: String, _ arguments: Formula...) -> Formula { .apply(name, arguments) }

  static func + (a: Formula, b: Formula) -> Formula { .call("add", a, b) }
  static func - (a: Formula, b: Formula) -> Formula { .call("subtract", a, b) }
  static func * (a: Formula, b: Formula) -> Formula { .call("multiply", a, b) }
  static func / (a: Formula, b: Formula) -> Formula { .call("divide", a, b) }
  static prefix func - (a: Formula) -> Formula { .call("negate", a) }

  /// Whether a tangent occurs in it.
  package var hasTangent: Bool {
    switch self {
    case .tangent: true
    case .apply(_, let arguments): arguments.contains(where: \.hasTangent)
    case .operand, .result, .real, .int: false
    }
  }
}

extension Formula {
  /// The operands and their tangents, as the tables write them.
  static let x = Formula.operand(0)
  static let y = Formula.operand(1)
  static let dx = Formula.tangent(0)
  static let dy = Formula.tangent(1)

  /// 1 / sqrt(2 pi).
  static let normalizer = Formula.real(0.39894228040143267794)

  /// The density of the standard normal distribution.
  static func normalDensity(_ x: Formula) -> Formula {
    normalizer * .call("exp", .real(-0.5) * .call("square", x))
  }
}

extension PrimitiveRegistry {
  private struct Application: Hashable {
    var name: String
    var types: [WordType]
  }

  private static let byApplication: [Application: Primitive] = {
    var table: [Application: Primitive] = [:]
    for primitive in all {
      table[Application(name: primitive.name, types: primitive.parameters)] = primitive
      let family = String(primitive.name.prefix { $0 != "." })
      let application = Application(name: family, types: primitive.parameters)
      if table[application] == nil { table[application] = primitive }
    }
    return table
  }()

  /// The primitive that a name in a `Formula` means for operands of these types: one with exactly
  /// this name, or the first whose name starts with it.
  package static func primitive(_ name: String, of types: [WordType]) -> Primitive? {
    byApplication[Application(name: name, types: types)]
  }
}
