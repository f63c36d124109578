import BorelData

/// How well Markov chains agree and how much their draws are worth.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), "Rank-normalization, folding, and
/// localization: an improved R-hat for assessing convergence of MCMC", sections 3 and 4.
package struct Convergence: Hashable, Sendable {
  /// Effective sample size of the mean.
  package var essMean: Double
  /// Effective sample size of the mean of the rank-normalised draws.
  package var essBulk: Double
  /// The smaller one of the effective sample sizes of the 5 % and 95 % tail indicators.
  package var essTail: Double
  /// The larger one of the rank-normalised split R-hat of the draws and of their distances from the
  /// median; 1 is agreement.
  package var rHat: Double

  /// - Parameters:
  ///   - draws: Chains of equal length one after the other.
  ///   - chainCount: The number of chains.
  /// - Returns: nil with fewer than 4 draws per half chain, for constant or infinite draws.
  package init?(_ draws: [Double], chainCount: Int) {
    guard chainCount > 0 else { return nil }
    let half = draws.count / chainCount / 2
    guard half >= 4, draws.allSatisfy(\.isFinite), Set(draws.prefix(1000)).count > 1 else {
      return nil
    }
    let length = draws.count / chainCount
    var split: [[Double]] = []
    for chain in 0..<chainCount {
      let start = chain * length
      split.append(Array(draws[start..<start + half]))
      split.append(Array(draws[start + length - half..<start + length]))
    }
    let sorted = draws.sorted()
    let median = sorted[sorted.count / 2]
    let low = sorted[sorted.count / 20]
    let high = sorted[min(sorted.count - 1, sorted.count * 19 / 20)]
    let ranked = Self.rankNormalized(split)
    let folded = Self.rankNormalized(split.map { $0.map { abs($0 - median) } })
    essMean = Self.effectiveSampleSize(split)
    essBulk = Self.effectiveSampleSize(ranked)
    essTail = min(
      Self.effectiveSampleSize(split.map { $0.map { $0 <= low ? 1 : 0 } }),
      Self.effectiveSampleSize(split.map { $0.map { $0 <= high ? 1 : 0 } }))
    rHat = max(Self.potentialScaleReduction(ranked), Self.potentialScaleReduction(folded))
  }

  /// Ranks over all chains, averaged over ties, as normal quantiles of (r - 3/8) / (n + 1/4).
  private static func rankNormalized(_ chains: [[Double]]) -> [[Double]] {
    let length = chains[0].count
    let flat = chains.flatMap { $0 }
    let order = flat.indices.sorted { flat[$0] < flat[$1] }
    var scores = [Double](repeating: 0, count: flat.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, flat[order[end + 1]] == flat[order[start]] { end += 1 }
      let rank = Double(start + end) / 2 + 1
      let score = NormalQuantile.value(at: (rank - 0.375) / (Double(flat.count) + 0.25))
      for index in start...end { scores[order[index]] = score }
      start = end + 1
    }
    return chains.indices.map { Array(scores[$0 * length..<($0 + 1) * length]) }
  }

  /// Mean of the variances within the chains and the overestimate from both sources.
  private static func variances(_ chains: [[Double]]) -> (within: Double, total: Double) {
    let length = Double(chains[0].count)
    let means = chains.map { $0.reduce(0, +) / length }
    let within =
      zip(chains, means).map { chain, mean in
        chain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (length - 1)
      }.reduce(0, +) / Double(chains.count)
    let grand = means.reduce(0, +) / Double(chains.count)
    let between =
      means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(max(chains.count - 1, 1))
    return (within, within * (length - 1) / length + between)
  }

  private static func potentialScaleReduction(_ chains: [[Double]]) -> Double {
    let (within, total) = variances(chains)
    guard within > 0 else { return total > 0 ? .infinity : 1 }
    return (total / within).squareRoot()
  }

  /// Geyer's initial monotone sequence over the autocorrelations of all chains.
  private static func effectiveSampleSize(_ chains: [[Double]]) -> Double {
    let length = chains[0].count
    let total = Double(chains.count * length)
    let (within, variance) = variances(chains)
    guard variance > 0 else { return total }
    let means = chains.map { $0.reduce(0, +) / Double(length) }
    func correlation(_ lag: Int) -> Double {
      var sum = 0.0
      for (chain, mean) in zip(chains, means) {
        for index in 0..<(length - lag) {
          sum += (chain[index] - mean) * (chain[index + lag] - mean)
        }
      }
      let covariance = sum / Double(length * chains.count)
      return 1 - (within * Double(length - 1) / Double(length) - covariance) / variance
    }
    var sum = 1 + correlation(1)
    var previous = sum
    var lag = 2
    while lag + 1 < length {
      let pair = correlation(lag) + correlation(lag + 1)
      guard pair > 0 else { break }
      previous = min(previous, pair)
      sum += previous
      lag += 2
    }
    let time = max(2 * sum - 1, 1 / max(log10Of(total), 1))
    return total / time
  }

  private static func log10Of(_ x: Double) -> Double { Double(NumberText.exponent(x)) }
}
