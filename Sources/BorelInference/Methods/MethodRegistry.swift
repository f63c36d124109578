/// All inference methods, sorted by name.
package enum MethodRegistry {
  package static let methods: [MethodSignature] = [
    .auto,
    .enumerate,
    .ffbsi,
    .fixedLag,
    .importance,
    .mh,
    .msc,
    .paris,
    .pg,
    .pgas,
    .pmmh,
    .ppg,
    .prior,
    .smc,
    .smc2,
    .tempered,
  ]

  /// The method with a name, the settings of `learn` among them.
  package static func method(named name: String) -> MethodSignature? {
    methods.first { $0.name == name } ?? (name == MethodSignature.learn.name ? .learn : nil)
  }
}
