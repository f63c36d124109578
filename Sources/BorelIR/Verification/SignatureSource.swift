import BorelDistributions
import BorelPrimitives

/// Where the verifier and the transforms look up primitives and families: the registries, or a
/// few entries in a test.
package struct SignatureSource: Sendable {
  package var primitive: @Sendable (String) -> (parameters: [WordType], result: WordType)?
  package var family: @Sendable (String) -> FamilySignature?
  /// Whether the values of the family can be listed, so that a draw can be forked.
  package var isFinite: @Sendable (String) -> Bool
  /// Whether the primitive never fails.
  package var isTotal: @Sendable (String) -> Bool

  package init(
    primitive: @escaping @Sendable (String) -> (parameters: [WordType], result: WordType)?,
    family: @escaping @Sendable (String) -> FamilySignature?,
    isFinite: @escaping @Sendable (String) -> Bool,
    isTotal: @escaping @Sendable (String) -> Bool
  ) {
    self.primitive = primitive
    self.family = family
    self.isFinite = isFinite
    self.isTotal = isTotal
  }

  /// These and what a program has from its host.
  package func including(_ host: HostTable) -> SignatureSource {
    if host.isEmpty { return self }
    let known = self
    return SignatureSource(
      primitive: { name in
        known.primitive(name)
          ?? host.primitive(named: name).map { ($0.parameters, $0.result) }
      },
      family: { known.family($0) ?? host.distributions[$0]?.familySignature },
      isFinite: { known.isFinite($0) || host.distributions[$0]?.family is any FiniteSupport.Type },
      isTotal: { known.isTotal($0) || host.primitive(named: $0)?.isTotal == true })
  }

  /// The registries of this build.
  package static let registries = SignatureSource(
    primitive: { PrimitiveRegistry.named($0).map { ($0.parameters, $0.result) } },
    family: { FamilyRegistry.family(named: $0)?.signature },
    isFinite: { FamilyRegistry.family(named: $0) is any FiniteSupport.Type },
    isTotal: { PrimitiveRegistry.named($0)?.isTotal ?? false })
}

extension WordType {
  package var irType: IRType {
    switch self {
    case .real: .real
    case .int: .int
    case .bool: .bool
    case .string: .string
    case .realArray: .array([.real])
    case .intArray: .array([.int])
    case .boolArray: .array([.bool])
    case .matrix: .matrix
    }
  }
}
