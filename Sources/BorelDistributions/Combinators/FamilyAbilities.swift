/// What a family can do, found out once: a dynamic cast per lane would cost more than most
/// densities.
struct FamilyAbilities {
  let family: any Family.Type
  let combinator: (any Combinator.Type)?
  let cumulative: (any HasCumulative.Type)?
  let quantile: (any HasQuantile.Type)?
  let moments: (any HasMoments.Type)?
  let bound: (any HasDensityBound.Type)?
  let finite: (any FiniteSupport.Type)?
  let tangent: (any HasTangent.Type)?
  /// The canonical ones.
  let parameters: [Parametrisation.Parameter]
  /// The kind of number of a family that is not a combinator.
  let numberKind: NumberKind?
  /// Whether the base measure is the counting measure.
  let isCounting: Bool

  private init(_ family: any Family.Type) {
    self.family = family
    combinator = family as? any Combinator.Type
    cumulative = family as? any HasCumulative.Type
    quantile = family as? any HasQuantile.Type
    moments = family as? any HasMoments.Type
    bound = family as? any HasDensityBound.Type
    finite = family as? any FiniteSupport.Type
    tangent = family as? any HasTangent.Type
    let signature = family.signature
    parameters = signature.parametrisations[0].parameters
    isCounting = signature.baseMeasure == .counting
    numberKind =
      switch signature.value {
      case .real: .real
      case .int: .int
      case .bool: .bool
      default: nil
      }
  }

  static let count = FamilyRegistry.count

  /// One entry per family, by its number in `FamilyRegistry`. Lives as long as the process.
  nonisolated(unsafe) static let table: UnsafePointer<FamilyAbilities> = {
    let table = UnsafeMutablePointer<FamilyAbilities>.allocate(capacity: count)
    for index in 0..<count {
      (table + index).initialize(to: FamilyAbilities(FamilyRegistry.family(at: index)))
    }
    return UnsafePointer(table)
  }()
}
