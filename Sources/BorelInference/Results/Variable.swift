import BorelData

/// One scalar of the result with its value in each draw: `theta[0]`, `result`, a field of a
/// returned record.
package struct Variable: Sendable {
  package enum Kind: Hashable, Sendable {
    case real, int, bool
    /// An enum without payloads: values are indices into the names of its cases.
    case enumeration([String])
    /// Values are indices into the table of distinct texts.
    case text([String])

    /// Whether mean and quantiles mean something.
    package var isNumeric: Bool {
      switch self {
      case .real, .int, .bool: true
      case .enumeration, .text: false
      }
    }
  }

  package var name: String
  package var kind: Kind
  /// One value per draw, or per row of a table of probabilities; booleans are 0 and 1. Entries of
  /// draws in which the variable is absent mean nothing.
  package var values: [Double]
  /// Whether each draw has the variable; nil when all have.
  package var present: [Bool]?
  /// The variable's own probabilities, one per value, for exact marginals whose support is not
  /// that of the draws; nil when the weights of the draws count.
  package var probabilities: [Double]?

  package init(
    name: String, kind: Kind, values: [Double], present: [Bool]? = nil,
    probabilities: [Double]? = nil
  ) {
    self.name = name
    self.kind = kind
    self.values = values
    self.present = present
    self.probabilities = probabilities
  }

  /// A value as text: `true`, `red`, `0.25`.
  package func label(of value: Double) -> String {
    switch kind {
    case .real: return NumberText.exact(value)
    case .int: return Int64(exactly: value).map(String.init) ?? NumberText.exact(value)
    case .bool: return value != 0 ? "true" : "false"
    case .enumeration(let names), .text(let names):
      let index = Int(exactly: value) ?? -1
      return names.indices.contains(index) ? names[index] : "?"
    }
  }
}

extension Variable {
  /// A value for JSON: a number, a boolean, or the text of an enum case.
  package func jsonValue(of value: Double) -> JSONValue {
    switch kind {
    case .real: .number(value)
    case .int: Int64(exactly: value).map { .integer($0) } ?? .number(value)
    case .bool: .bool(value != 0)
    case .enumeration, .text: .string(label(of: value))
    }
  }
}

extension Variable {
  /// One variable for each name, at the place of the first one: the last one wins, which is the
  /// field of a returned record where a latent has the same name.
  package static func withoutRepeatedNames(_ variables: [Variable]) -> [Variable] {
    var places: [String: Int] = [:]
    var kept: [Variable] = []
    for variable in variables {
      if let place = places[variable.name] {
        kept[place] = variable
      } else {
        places[variable.name] = kept.count
        kept.append(variable)
      }
    }
    return kept
  }
}
