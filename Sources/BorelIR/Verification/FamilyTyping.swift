import BorelDistributions

/// Checks the types at a use of a family against its signature.
struct FamilyTyping {
  let signature: FamilySignature
  /// Words of one value of the family's own value type, where a parameter or the value shows it.
  private var element: [IRType]?

  /// What is wrong with the parameters and the words of the value; nil when they fit.
  static func problem(
    _ signature: FamilySignature, parameters: [IRType], value: [IRType]
  ) -> String? {
    var typing = FamilyTyping(signature: signature)
    return typing.problem(parameters: parameters, value: value)
  }

  private init(signature: FamilySignature) { self.signature = signature }

  private mutating func problem(parameters: [IRType], value: [IRType]) -> String? {
    let declared = signature.parametrisations.first?.parameters ?? []
    guard declared.count == parameters.count else {
      return "'\(signature.name)' takes \(declared.count) parameters, found \(parameters.count)"
    }
    if signature.value == .element { element = value }
    for (parameter, type) in zip(declared, parameters) {
      guard accepts(type, parameter.kind) else {
        return "parameter '\(parameter.name)' of '\(signature.name)' cannot be \(type)"
      }
    }
    guard acceptsValue(value) else {
      return "a value of '\(signature.name)' cannot be \(layout(value))"
    }
    return nil
  }

  private mutating func accepts(_ type: IRType, _ kind: ParameterKind) -> Bool {
    switch kind {
    case .real: return type == .real
    case .int: return type == .int
    case .bool: return type == .bool
    case .realArray: return type == .array([.real])
    case .intArray: return type == .array([.int])
    case .matrix: return type == .matrix
    case .distribution:
      switch type {
      case .distribution(let words), .posterior(let words): return unify(words)
      default: return false
      }
    case .distributionArray:
      guard case .array(let inner) = type, inner.count == 1 else { return false }
      switch inner[0] {
      case .distribution(let words), .posterior(let words): return unify(words)
      default: return false
      }
    // A value travels as an array of one element.
    case .value, .valueArray:
      guard case .array(let words) = type else { return false }
      return unify(words)
    }
  }

  private mutating func unify(_ words: [IRType]) -> Bool {
    if let element { return element == words }
    element = words
    return true
  }

  private func acceptsValue(_ value: [IRType]) -> Bool {
    switch signature.value {
    case .real: value == [.real]
    case .int: value == [.int]
    case .bool: value == [.bool]
    case .realArray: value == [.array([.real])]
    case .intArray: value == [.array([.int])]
    case .matrix: value == [.matrix]
    case .element: true
    case .elementArray: element.map { value == [.array($0)] } ?? false
    }
  }
}
