import BorelBase

/// A method or a kernel with its options, checked against the registry; options left out have their defaults.
package struct MethodSpecification: Hashable, Sendable {
  package enum Setting: Hashable, Sendable {
    case int(Int)
    case real(Double)
    case bool(Bool)
    case choice(String)
    /// A kernel of Markov chains.
    case kernel(MethodSpecification)
  }

  package var name: String
  /// Every option of the method by name.
  package var options: [String: Setting]
  /// The kernels that `cycle` and `mixture` are made of.
  package var parts: [MethodSpecification]

  package init(
    name: String, options: [String: Setting] = [:], parts: [MethodSpecification] = []
  ) {
    self.name = name
    self.options = options
    self.parts = parts
  }

  /// A kernel; nil for 'none'.
  package func kernel(_ option: String) -> MethodSpecification? {
    if case .kernel(let value)? = options[option] { return value }
    return nil
  }

  /// An integer option. The registry guarantees that it exists.
  package func int(_ option: String) -> Int {
    if case .int(let value)? = options[option] { return value }
    internalError("method '\(name)' has no integer option '\(option)'")
  }

  /// A real option.
  package func real(_ option: String) -> Double {
    if case .real(let value)? = options[option] { return value }
    internalError("method '\(name)' has no real option '\(option)'")
  }

  /// A boolean option.
  package func bool(_ option: String) -> Bool {
    if case .bool(let value)? = options[option] { return value }
    internalError("method '\(name)' has no boolean option '\(option)'")
  }

  /// A choice among words.
  package func choice(_ option: String) -> String {
    if case .choice(let value)? = options[option] { return value }
    internalError("method '\(name)' has no choice '\(option)'")
  }
}
