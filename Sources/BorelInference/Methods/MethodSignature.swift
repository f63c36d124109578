import BorelData

/// What there is to know about an inference method without running it. The parser of method texts,
/// `borel doc` and the reference pages read it.
package struct MethodSignature: Sendable {
  package struct Option: Sendable {
    package enum Kind: Hashable, Sendable {
      case int(ClosedRange<Int>)
      case real(ClosedRange<Double>)
      case bool
      case choice([String])
      /// A kernel of Markov chains, or also 'none'.
      case kernel(isOptional: Bool)
      /// The name of a latent, or 'all'.
      case site
    }
    package var name: String
    package var kind: Kind
    package var defaultValue: MethodSpecification.Setting
    package var summary: String
  }

  /// What is known about the evidence that a method reports.
  package enum Evidence: String, Hashable, Sendable {
    /// None, or one without a promise.
    case none
    /// Its error vanishes as particles or draws grow.
    case consistent
    /// Its expectation is the evidence, for any number of particles.
    case unbiased
    case exact
  }

  /// As written in programs and on the command line.
  package var name: String
  package var summary: String
  package var options: [Option]
  /// Where the method comes from.
  package var source: String
  /// Whether it is made of kernels, which come first and have no names.
  package var takesKernels = false
  package var evidence = Evidence.none

  /// An integer option.
  static func int(
    _ name: String, _ range: ClosedRange<Int>, default value: Int, _ summary: String
  ) -> Option {
    Option(name: name, kind: .int(range), defaultValue: .int(value), summary: summary)
  }

  /// A real option.
  static func real(
    _ name: String, _ range: ClosedRange<Double>, default value: Double, _ summary: String
  ) -> Option {
    Option(name: name, kind: .real(range), defaultValue: .real(value), summary: summary)
  }

  /// A switch.
  static func bool(_ name: String, default value: Bool, _ summary: String) -> Option {
    Option(name: name, kind: .bool, defaultValue: .bool(value), summary: summary)
  }

  /// A choice among words; the first one is the default.
  static func choice(_ name: String, _ words: [String], _ summary: String) -> Option {
    Option(
      name: name, kind: .choice(words), defaultValue: .choice(words.first ?? ""),
      summary: summary)
  }

  /// A kernel with its default.
  static func kernel(
    _ name: String, default value: MethodSpecification, _ summary: String
  ) -> Option {
    Option(
      name: name, kind: .kernel(isOptional: false), defaultValue: .kernel(value),
      summary: summary)
  }

  /// A kernel that may be left out.
  static func optionalKernel(_ name: String, _ summary: String) -> Option {
    Option(
      name: name, kind: .kernel(isOptional: true), defaultValue: .choice("none"),
      summary: summary)
  }

  /// The name of a latent; all of them are the default.
  static func site(_ name: String, _ summary: String) -> Option {
    Option(name: name, kind: .site, defaultValue: .choice("all"), summary: summary)
  }

  /// The method with all options at their defaults.
  package var defaults: MethodSpecification {
    MethodSpecification(
      name: name,
      options: Dictionary(uniqueKeysWithValues: options.map { ($0.name, $0.defaultValue) }))
  }
}

extension MethodSignature.Option.Kind {
  /// Whether a setting is of the kind and inside its domain.
  package func contains(_ setting: MethodSpecification.Setting) -> Bool {
    switch (self, setting) {
    case (.int(let range), .int(let value)): range.contains(value)
    case (.real(let range), .real(let value)): range.contains(value)
    case (.choice(let words), .choice(let word)): words.contains(word)
    case (.kernel(let isOptional), .choice(let word)): isOptional && word == "none"
    case (.bool, .bool), (.site, .choice), (.kernel, .kernel): true
    default: false
    }
  }

  /// The kind as it reads after 'must be': 'an integer from 1 to 100'.
  package var text: String {
    switch self {
    case .int(let range):
      range.upperBound == .max
        ? "an integer of at least \(range.lowerBound)"
        : "an integer from \(range.lowerBound) to \(range.upperBound)"
    case .real(let range):
      "a number from \(NumberText.exact(range.lowerBound)) to \(NumberText.exact(range.upperBound))"
    case .bool: "'true' or 'false'"
    case .kernel(let isOptional):
      "a kernel" + (isOptional ? " or 'none'" : "") + ", such as 'singleSite(steps: 5)'"
    case .site: "the name of a latent, or 'all'"
    case .choice(let words): "one of " + words.map { "'\($0)'" }.joined(separator: ", ")
    }
  }
}
