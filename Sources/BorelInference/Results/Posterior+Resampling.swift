import BorelKernels

extension Posterior {
  /// As many draws of equal weight as asked for, by systematic resampling: for programs that know
  /// no weights. Copies of a draw share its lineage, so that error bars stay honest. Evidence and
  /// everything else stay what they are.
  ///
  /// - Parameters:
  ///   - count: At least 1.
  ///   - seed: Same seed, same draws.
  /// - Returns: Itself, when its draws weigh the same and there are as many; nil when every draw
  ///   has weight zero.
  package func resampled(count: Int, seed: UInt64) -> Posterior? {
    if logWeights.isEmpty, count == drawCount { return self }
    let weights = normalizedWeights
    guard weights.contains(where: { $0 > 0 }) else { return nil }
    var stream = DriverStream(
      key: rootKey(seed), kind: Int(BOREL_KEY_RESAMPLING), index: 0)
    let offset = stream.uniform()
    var chosen: [Int] = []
    chosen.reserveCapacity(count)
    var cumulative = 0.0
    for (index, weight) in weights.enumerated() {
      cumulative += weight
      while chosen.count < count, Double(chosen.count) + offset < cumulative * Double(count) {
        chosen.append(index)
      }
    }
    // Rounding may leave the last ones open.
    let last = chosen.last ?? 0
    while chosen.count < count { chosen.append(last) }
    var result = self
    result.logWeights = []
    result.isExact = false
    result.drawCount = count
    switch dependence {
    case .independent, .chains: result.dependence = .lineages(chosen.map { Int32($0) })
    case .lineages(let numbers): result.dependence = .lineages(chosen.map { numbers[$0] })
    case .groups(let numbers): result.dependence = .groups(chosen.map { numbers[$0] })
    }
    result.variables = variables.map { variable in
      guard variable.probabilities == nil else { return variable }
      var variable = variable
      variable.values = chosen.map { variable.values[$0] }
      variable.present = variable.present.map { present in chosen.map { present[$0] } }
      return variable
    }
    return result
  }
}
