/// Markov chains cut into halves, side by side: what R-hat and effective sample sizes look at.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), "Rank-normalization, folding, and
/// localization: an improved R-hat for assessing convergence of MCMC", sections 2 to 4.
struct HalfChains {
  /// One half after the other, shape `[count * length]`.
  var values: [Double]
  let count: Int
  let length: Int

  /// - Parameters:
  ///   - draws: Chains of equal length one after the other. With an odd length the draw in the
  ///     middle of each chain belongs to neither half.
  ///   - chainCount: The number of chains.
  /// - Returns: nil with fewer than 4 draws per half.
  init?(_ draws: [Double], chainCount: Int) {
    guard chainCount > 0 else { return nil }
    let chainLength = draws.count / chainCount
    let half = chainLength / 2
    guard half >= 4 else { return nil }
    var values: [Double] = []
    values.reserveCapacity(2 * half * chainCount)
    for chain in 0..<chainCount {
      let start = chain * chainLength
      values += draws[start..<start + half]
      values += draws[start + chainLength - half..<start + chainLength]
    }
    self.values = values
    count = 2 * chainCount
    length = half
  }

  /// The same halves with other values.
  func mapped(_ transform: (Double) -> Double) -> HalfChains {
    var result = self
    result.values = values.map(transform)
    return result
  }

  /// Ranks over all halves, averaged over ties, as normal quantiles of `(r - 3/8) / (n + 1/4)`
  /// (equation 14).
  func rankNormalized() -> HalfChains {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let total = Double(values.count) + 0.25
    var result = self
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      let rank = Double(start + end) / 2 + 1
      let score = NormalQuantile.value(at: (rank - 0.375) / total)
      for index in start...end { result.values[order[index]] = score }
      start = end + 1
    }
    return result
  }

  /// Whether all values are the same up to rounding.
  private var isConstant: Bool {
    guard let low = values.min(), let high = values.max() else { return true }
    return high - low < 1e-15
  }

  private struct Moments {
    /// By half.
    var means: [Double]
    /// Mean of the variances within the halves, with the divisor `length - 1`.
    var within: Double
    /// The overestimate of the variance from both sources (equation 3).
    var total: Double
  }

  private var moments: Moments {
    let n = Double(length)
    var means: [Double] = []
    var within = 0.0
    for half in 0..<count {
      let range = half * length..<(half + 1) * length
      let mean = values[range].reduce(0, +) / n
      within += values[range].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
      means.append(mean)
    }
    within /= Double(count)
    let grand = means.reduce(0, +) / Double(count)
    let between = means.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(count - 1)
    return Moments(means: means, within: within, total: within * (n - 1) / n + between)
  }

  /// R-hat of these values (equation 4): 1 is agreement.
  var potentialScaleReduction: Double {
    let moments = moments
    guard moments.within > 0 else { return moments.total > 0 ? .infinity : 1 }
    return (moments.total / moments.within).squareRoot()
  }

  /// The number of independent draws that give the mean as precisely (equations 10 to 13), by
  /// Geyer's initial monotone sequence over the autocorrelations of all halves.
  ///
  /// - Returns: At most `n log10(n)` for antithetic draws; n for constant ones.
  /// - Complexity: O(n k) for autocorrelations that are positive up to lag k.
  var effectiveSampleSize: Double {
    let size = Double(values.count)
    if isConstant { return size }
    let moments = moments
    let n = Double(length)
    let centred = values.indices.map { values[$0] - moments.means[$0 / length] }
    func correlation(_ lag: Int) -> Double {
      let covariance = Self.product(centred, count: count, length: length, lag: lag)
      return 1 - (moments.within - covariance / (n * Double(count))) / moments.total
    }
    // Correlations by lag; what lies behind the first negative pair stays 0.
    var rho = [1.0, correlation(1)]
    var (even, odd) = (rho[0], rho[1])
    var lag = 1
    while lag < length - 3, even + odd > 0 {
      even = correlation(lag + 1)
      odd = correlation(lag + 2)
      rho += even + odd >= 0 ? [even, odd] : [0, 0]
      lag += 2
    }
    let last = lag - 2
    // Without a second pair the last one is the first.
    let tail = last + 1
    if even > 0, rho.indices.contains(tail) { rho[tail] = even }
    var pair = 1
    while pair <= last - 2 {
      if rho[pair + 1] + rho[pair + 2] > rho[pair - 1] + rho[pair] {
        rho[pair + 1] = (rho[pair - 1] + rho[pair]) / 2
        rho[pair + 2] = rho[pair + 1]
      }
      pair += 2
    }
    let sum = last >= 0 ? rho[...last].reduce(0, +) : 0
    let time = -1 + 2 * sum + (rho.indices.contains(tail) ? rho[tail] : 0)
    return size / max(time, 1 / NormalQuantile.log10(size))
  }

  /// The sum over halves and positions of the products of values that are `lag` apart.
  private static func product(
    _ centred: [Double], count: Int, length: Int, lag: Int
  ) -> Double {
    centred.withUnsafeBufferPointer { values in
      var sums = SIMD8<Double>.zero
      var rest = 0.0
      for half in 0..<count {
        var index = half * length
        let end = (half + 1) * length - lag
        while index + 8 <= end {
          var a = SIMD8<Double>.zero
          var b = SIMD8<Double>.zero
          for k in 0..<8 {
            a[k] = values[index + k]
            b[k] = values[index + lag + k]
          }
          sums += a * b
          index += 8
        }
        while index < end {
          rest += values[index] * values[index + lag]
          index += 1
        }
      }
      return sums.sum() + rest
    }
  }
}
