import BorelKernels

/// Arithmetic of importance weights.
package enum Weights {
  /// Weights with sum 1 from unnormalised log-weights.
  ///
  /// - Parameters:
  ///   - logWeights: In nats; empty means equal weights.
  ///   - count: The number of draws.
  /// - Returns: Shape `[count]`; all zero when every log-weight is `-infinity`.
  package static func normalized(_ logWeights: [Double], count: Int) -> [Double] {
    guard !logWeights.isEmpty else {
      return [Double](repeating: count > 0 ? 1 / Double(count) : 0, count: count)
    }
    let largest = logWeights.max() ?? -.infinity
    guard largest > -.infinity else { return [Double](repeating: 0, count: logWeights.count) }
    var weights = logWeights.map { Self.exp($0 - largest) }
    let total = weights.reduce(0, +)
    for index in weights.indices { weights[index] /= total }
    return weights
  }

  /// `1 / sum W^2` of normalised weights; 0 when all are zero.
  package static func effectiveSampleSize(_ weights: [Double]) -> Double {
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    return squares > 0 ? 1 / squares : 0
  }

  /// The logarithm of a weight; `-infinity` of 0.
  package static func log(_ weight: Double) -> Double {
    weight > 0 ? borel_log(weight) : -.infinity
  }

  /// The exponential of a difference of log-weights.
  package static func exp(_ logWeight: Double) -> Double { borel_exp(logWeight) }
}
