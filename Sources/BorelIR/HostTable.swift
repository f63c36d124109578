import BorelDistributions
import BorelPrimitives

/// Functions and distributions that the app gives to a program, beside the registries. Tables are
/// equal when they are the same one.
package final class HostTable: Hashable, Sendable {
  package static let empty = HostTable(functions: [], distributions: [])

  /// By the name that programs call.
  package let functions: [String: Primitive]
  package let distributions: [String: HostDistribution]
  /// By unique name: the functions, their derivatives, and the references to the distributions.
  private let primitives: [String: Primitive]

  /// - Parameters:
  ///   - functions: Called by `languageName`.
  ///   - derivatives: What formulas of derivatives of the functions name.
  package init(
    functions: [Primitive], derivatives: [Primitive] = [], distributions: [HostDistribution]
  ) {
    self.functions = Dictionary(
      functions.map { ($0.languageName ?? $0.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.distributions = Dictionary(
      distributions.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    primitives = Dictionary(
      (functions + derivatives + distributions.map { Self.reference(to: $0) })
        .map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package var isEmpty: Bool { primitives.isEmpty }

  /// The primitive with a unique name.
  package func primitive(named name: String) -> Primitive? { primitives[name] }

  /// The primitive without operands whose result refers to a distribution: the first operand of its
  /// draws and densities.
  package static func referenceName(_ distribution: String) -> String {
    "host.distribution.\(distribution)"
  }

  private static func reference(to distribution: HostDistribution) -> Primitive {
    let id = distribution.id
    return Primitive(
      referenceName(distribution.name), [], .int,
      summary: "The distribution '\(distribution.name)' of the app.",
      implementation: .column { call in
        call.results[0].update(repeating: id, count: call.count)
        return -1
      })
  }

  package static func == (a: HostTable, b: HostTable) -> Bool { a === b }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Program {
  /// The primitive with a unique name, of the language or of the host.
  package func primitive(named name: String) -> Primitive? {
    PrimitiveRegistry.named(name) ?? host.primitive(named: name)
  }

  /// The number of the family that carries out a distribution, of the language or of the host.
  package func familyIndex(of name: String) -> Int? {
    FamilyRegistry.index(of: host.distributions[name]?.support.family ?? name)
  }

  package func family(named name: String) -> (any Family.Type)? {
    familyIndex(of: name).map { FamilyRegistry.family(at: $0) }
  }
}
