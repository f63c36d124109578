import BorelDistributions
import BorelPrimitives

/// What the language offers under a name: structural operations, special forms and constants.
/// Primitives, families and library functions have registries of their own.
enum Catalogue {
  /// Structural functions that work for every element type.
  static let builtins: [String: Builtin] = [
    "count": .arrayCount, "isEmpty": .arrayIsEmpty, "first": .arrayFirst, "last": .arrayLast,
    "appending": .arrayAppend, "concat": .arrayConcat, "repeat": .arrayFill, "fill": .arrayFill,
    "enumerated": .enumerated, "zip": .zip, "isNil": .isNil, "unwrap": .unwrap,
    "describe": .describe,
  ]

  /// Names with rules of their own.
  static let specialForms: Set<String> = [
    "print", "assert", "fail", "infer", "inferOrNil", "learn", "logDensity", "readJSON", "readCSV",
    "indices", "Transformed",
  ]

  static let constants: [String: Double] = [
    "pi": .pi, "infinity": .infinity, "euler": 2.718281828459045,
  ]

  /// What followed `--` on the command line, at the top level of a script.
  static let scriptArguments = "arguments"

  /// Members of a value that are written without parentheses.
  static let properties: Set<String> = ["count", "isEmpty", "first", "last", "indices"]

  /// `Posterior` is in the registry for the machine; programs get one by `infer`.
  static func isFamily(_ name: String) -> Bool {
    name != "Posterior" && FamilyRegistry.index(of: name) != nil
  }

  /// Primitives of an operator, by the part of the name before the dot; those over arrays are
  /// left out, because operators broadcast.
  static let operators: [String: [Primitive]] = Dictionary(
    grouping: PrimitiveRegistry.all.filter { primitive in
      let isArray: (WordType) -> Bool = { $0 == .realArray || $0 == .intArray || $0 == .boolArray }
      return !isArray(primitive.result)
        || primitive.parameters.contains(.matrix)
    }, by: { $0.name.prefix { $0 != "." }.description })

  /// Everything that can be called by name, for suggestions.
  static let callableNames: [String] =
    PrimitiveRegistry.languageNames + builtins.keys + specialForms + constants.keys
    + [scriptArguments]
    + FamilyRegistry.families.map { $0.signature.name }
}

extension WordType {
  var staticType: StaticType {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .string: .string
    case .realArray: .array(.real)
    case .intArray: .array(.int)
    case .boolArray: .array(.bool)
    case .matrix: .matrix
    }
  }
}
