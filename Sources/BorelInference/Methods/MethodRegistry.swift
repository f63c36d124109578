/// All inference methods, sorted by name.
package enum MethodRegistry {
  package static let methods: [MethodSignature] = [
    .auto,
    .enumerate,
    .ffbsi,
    .importance,
    .paris,
    .pg,
    .pgas,
    .pmmh,
    .ppg,
    .prior,
    .smc,
  ]

  /// The method with a name.
  package static func method(named name: String) -> MethodSignature? {
    methods.first { $0.name == name }
  }
}
