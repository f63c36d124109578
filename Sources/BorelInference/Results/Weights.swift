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
    var (weights, total, _) = relative(logWeights)
    if total == 0 { return weights }
    for index in weights.indices { weights[index] /= total }
    return weights
  }

  /// Weights relative to the largest, with their sum and the sum of their squares in tile order;
  /// all zero when every log-weight is `-infinity`.
  package static func relative(
    _ logWeights: [Double]
  ) -> (weights: [Double], sum: Double, sumOfSquares: Double) {
    let count = logWeights.count
    let tile = Int(BOREL_TILE)
    var sum = 0.0
    var sumOfSquares = 0.0
    let weights = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = count
      guard let target = buffer.baseAddress else { return }
      logWeights.withUnsafeBufferPointer { source in
        guard let source = source.baseAddress else { return }
        var largest = -Double.infinity
        for start in stride(from: 0, to: count, by: tile) {
          largest = max(largest, borel_tile_max(Int64(min(tile, count - start)), source + start))
        }
        if largest == -.infinity {
          target.update(repeating: 0, count: count)
          return
        }
        for start in stride(from: 0, to: count, by: tile) {
          var (partial, squares) = (0.0, 0.0)
          borel_tile_exp_sum(
            Int64(min(tile, count - start)), source + start, largest, target + start, &partial,
            &squares)
          sum += partial
          sumOfSquares += squares
        }
      }
    }
    return (weights, sum, sumOfSquares)
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
