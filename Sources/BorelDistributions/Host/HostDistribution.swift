import BorelHeap
import Synchronization

/// A distribution that an app defines: what the checker, the machine and messages need of it.
///
/// Samplers and densities see the words of the parameters as the program writes them, in order. They
/// are called with parameters in their domains, and densities with values in the support.
package final class HostDistribution: Sendable {
  package struct Parameter: Sendable {
    package var name: String
    package var kind: ParameterKind
    package var domain: Domain

    package init(_ name: String, _ kind: ParameterKind, _ domain: Domain) {
      self.name = name
      self.kind = kind
      self.domain = domain
    }
  }

  /// What the app computes. Every function may throw.
  package struct Functions: Sendable {
    /// The word of a draw.
    package var sample: @Sendable (LaneWords, inout LaneRandom, Arena) throws -> UInt64
    package var logDensity: @Sendable (_ value: LaneWords, LaneWords) throws -> Double
    package var mean: (@Sendable (LaneWords) throws -> Double)?
    /// P(X <= x).
    package var cumulative: (@Sendable (_ x: Double, LaneWords) throws -> Double)?

    package init(
      sample: @escaping @Sendable (LaneWords, inout LaneRandom, Arena) throws -> UInt64,
      logDensity: @escaping @Sendable (LaneWords, LaneWords) throws -> Double,
      mean: (@Sendable (LaneWords) throws -> Double)? = nil,
      cumulative: (@Sendable (Double, LaneWords) throws -> Double)? = nil
    ) {
      self.sample = sample
      self.logDensity = logDensity
      self.mean = mean
      self.cumulative = cumulative
    }
  }

  package let name: String
  package let summary: String
  package let parameters: [Parameter]
  package let value: ValueKind
  package let support: HostSupport
  let functions: Functions
  /// The word by which parameters of draws refer to the distribution. Unlikely to be met again in
  /// another process: a state that was stored there refers to nothing here.
  package let id: UInt64

  package init(
    name: String, summary: String, parameters: [Parameter], value: ValueKind,
    support: HostSupport, functions: Functions
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.value = value
    self.support = support
    self.functions = functions
    id = .random(in: 1 ... .max)
    let entry = WeakEntry(self)
    Self.living.withLock { $0[id] = entry }
  }

  deinit {
    let id = id
    Self.living.withLock { $0[id] = nil }
  }

  /// Most parameters: their words travel in one element of an array.
  package static let parameterLimit = 24

  // MARK: Finding it again

  private struct WeakEntry: Sendable {
    weak let distribution: HostDistribution?
    init(_ distribution: HostDistribution) { self.distribution = distribution }
  }

  /// Those in use, by `id`: a family sees words only. Programs keep theirs alive, and no two share a
  /// number, so programs do not see each other's.
  private static let living = Mutex<[UInt64: WeakEntry]>([:])

  /// The distribution behind a word; nil for a dead lane, and for a word of another process.
  static func living(_ id: UInt64) -> HostDistribution? {
    id == 0 ? nil : living.withLock { $0[id]?.distribution }
  }

  // MARK: Checks

  /// What is wrong with the parameters; nil when nothing is.
  func violation(_ arguments: LaneWords) -> String? {
    for (index, parameter) in parameters.enumerated() {
      let word = arguments.word(index)
      if parameter.domain.contains(word, parameter.kind) { continue }
      return "parameter '\(parameter.name)' of '\(name)' must be \(parameter.domain.text), "
        + "found \(Domain.found(word, parameter.kind))"
    }
    guard let (lower, upper) = support.limits(arguments, parameters) else { return nil }
    if lower < upper || (lower == upper && support.isDiscrete) { return nil }
    return "'\(name)' has no values: its support would go from \(Domain.number(lower)) to "
      + Domain.number(upper)
  }

  /// Whether a real parameter is NaN.
  func hasNaN(_ arguments: LaneWords) -> Bool {
    parameters.indices.contains { parameters[$0].kind == .real && arguments.real($0).isNaN }
  }

  func contains(_ value: LaneWords, _ arguments: LaneWords) -> Bool {
    support.contains(value, arguments, parameters)
  }

  /// The log-density; NaN where the app fails or gives NaN: `densityProblem` tells.
  func score(_ value: LaneWords, _ arguments: LaneWords) -> Double {
    if self.value == .real, value.real(0).isNaN { return .nan }
    guard contains(value, arguments) else { return -.infinity }
    return (try? functions.logDensity(value, arguments)) ?? .nan
  }

  /// Why the log-density of a value is NaN.
  func densityProblem(_ value: LaneWords, _ arguments: LaneWords) -> String {
    if self.value == .real, value.real(0).isNaN {
      return "log-density of '\(name)' is NaN: the value scored is NaN"
    }
    do {
      _ = try functions.logDensity(value, arguments)
      return "log-density of '\(name)' is NaN\(shown(value, arguments))"
    } catch {
      return "log-density of '\(name)' failed: \(error)\(shown(value, arguments))"
    }
  }

  /// Draws a value; what goes wrong is noted in the arena, and the word is 0.
  func draw(
    _ arguments: LaneWords, using random: inout LaneRandom, arena: Arena
  ) -> UInt64 {
    do {
      let word = try functions.sample(arguments, &random, arena)
      let isInside = withUnsafePointer(to: word) { contains(LaneWords($0), arguments) }
      if isInside { return word }
      arena.hostProblem =
        "the sampler of '\(name)' gave \(Domain.found(word, value.parameterKind)), which is outside "
        + "its support (\(support.text(parameters)))"
    } catch {
      arena.hostProblem = "the sampler of '\(name)' failed: \(error)"
    }
    return 0
  }

  private func shown(_ value: LaneWords, _ arguments: LaneWords) -> String {
    let list = parameters.enumerated().map {
      "\($1.name) \(Domain.found(arguments.word($0), $1.kind))"
    }
    let found = Domain.found(value.word(0), self.value.parameterKind)
    return ", at \(found) for " + (list.isEmpty ? "no parameters" : list.joined(separator: ", "))
  }
}

extension ValueKind {
  /// The kind of a parameter with such values. Values of distributions of the host are no elements of
  /// other ones.
  var parameterKind: ParameterKind {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .realArray: .realArray
    case .intArray: .intArray
    case .matrix: .matrix
    case .element: .value
    case .elementArray: .valueArray
    }
  }
}

extension HostDistribution {
  /// The family that carries it out.
  package var family: any Family.Type {
    FamilyRegistry.family(named: support.family) ?? HostReal.self
  }

  /// As the program sees it.
  package var signature: FamilySignature {
    FamilySignature(
      name: name, summary: summary,
      parametrisations: [
        Parametrisation(parameters.map { .init($0.name, $0.kind, $0.domain, "") })
      ],
      value: value, support: .dependent, baseMeasure: family.signature.baseMeasure,
      source: "Definition by the app")
  }

  /// As the machine sees it: the parameters of the family, under the name of the distribution.
  package var familySignature: FamilySignature {
    var signature = family.signature
    signature.name = name
    return signature
  }
}
