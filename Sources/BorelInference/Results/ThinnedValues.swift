import BorelBase
import BorelData

extension Posterior {
  /// A variable of which resampling has left fewer values than this is warned about.
  static let leastDistinctValues = 100.0

  /// Says which parameters resampling has thinned out: their values are drawn once, before the
  /// first observation, and every resampling makes them fewer.
  ///
  /// Weights are even after a resampling, so the effective sample size of the weights does not show
  /// it, and standard errors are too small when few populations or ancestors carry all weight.
  ///
  /// - Parameter parameters: Names of latents that the program draws before its first checkpoint
  ///   and keeps; elements of an array among them are meant too.
  mutating func addThinningWarning(parameters: [String]) {
    guard !parameters.isEmpty, Double(drawCount) >= Self.leastDistinctValues else { return }
    let weights = normalizedWeights
    var thinned: [(name: String, count: Double)] = []
    for variable in variables
    where variable.kind == .real && variable.present == nil
      && parameters.contains(where: { variable.isPart(of: $0) })
    {
      let count = Weights.effectiveCount(ofDistinct: variable.values, weights)
      if count < Self.leastDistinctValues { thinned.append((variable.name, count)) }
    }
    guard let worst = thinned.min(by: { $0.count < $1.count }) else { return }
    let others = thinned.count - 1
    diagnostics.append(
      Diagnostic(
        "W0516", .inference,
        "resampling has left few values of '\(worst.name)': its \(drawCount) draws are worth "
          + "\(NumberText.short(worst.count, digits: 2)) different ones"
          + (others > 0 ? " (and \(others) more variable\(others == 1 ? "" : "s"))" : ""),
        at: .none, severity: .warning,
        hints: ["parameters need a method that moves them: 'pgas', 'pg', 'pmmh' or 'smc2'"]))
  }
}

extension Posterior {
  /// Says that few populations carry the weight: their evidence estimates differ so much that
  /// averages are those of the heaviest, and have no standard error.
  mutating func addPopulationWarning(groupLogEvidence: [Double]) {
    let count = groupLogEvidence.count
    let size = Weights.effectiveSampleSize(Weights.normalized(groupLogEvidence, count: count))
    guard count >= ErrorEstimator.leastClusterCount,
      size < ErrorEstimator.leastEffectiveClusterCount
    else { return }
    diagnostics.append(
      Diagnostic(
        "W0517", .inference,
        "the evidence of the groups differs so much that \(count) are worth "
          + "\(NumberText.short(size, digits: 2))", at: .none, severity: .warning,
        hints: ["use more particles, or a method that moves what is drawn"]))
  }
}

extension Variable {
  fileprivate func isPart(of name: String) -> Bool {
    self.name == name || self.name.hasPrefix(name + "[") || self.name.hasPrefix(name + ".")
  }
}

extension Weights {
  /// `1 / sum W^2` over the distinct values, where `W` is the weight of all draws with a value.
  ///
  /// - Parameter weights: Normalised, one per value.
  static func effectiveCount(ofDistinct values: [Double], _ weights: [Double]) -> Double {
    var shares: [UInt64: Double] = [:]
    for (value, weight) in zip(values, weights) where weight > 0 {
      shares[value.bitPattern, default: 0] += weight
    }
    // Sorted, because the order of a dictionary differs from run to run.
    return effectiveSampleSize(shares.values.sorted())
  }
}
