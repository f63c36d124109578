import Foundation

/// Whether ranks are uniform, by the simultaneous confidence band of their distribution function.
///
/// The empirical distribution function is looked at where a bin ends. The statistic is the smallest
/// two-sided binomial tail probability over all these places, and its distribution is computed
/// exactly, by a recursion over the places; the p-value is exact for independent uniform ranks.
///
/// Source: Säilynoja, Bürkner, Vehtari (2022), "Graphical test for discrete uniformity and its
/// applications in goodness-of-fit evaluation and multiple sample comparison", section 2.2
/// (simultaneous bands by optimisation, equations 7 to 10).
package struct RankTest: Sendable {
  /// Ranks are `0..<rankCount`.
  package let rankCount: Int
  /// Places at which the distribution function is looked at: ranks below these.
  private let ends: [Int]

  /// - Parameter bins: Most places, one more than looked at.
  package init(rankCount: Int, bins: Int = 20) {
    self.rankCount = rankCount
    let count = max(2, min(bins, rankCount))
    ends = Array(Set((1..<count).map { $0 * rankCount / count })).filter { $0 > 0 }.sorted()
  }

  /// The probability of a deviation at least as large, for uniform ranks.
  package func pValue(_ ranks: [Int]) -> Double {
    let count = ranks.count
    guard count > 0, !ends.isEmpty else { return 1 }
    let smallest =
      ends.map { end in
        PValue.binomial(
          successes: ranks.count { $0 < end }, count: count,
          probability: Double(end) / Double(rankCount))
      }.min() ?? 1
    return 1 - probabilityInside(count: count, level: smallest)
  }

  /// The probability that all tail probabilities are above a level.
  private func probabilityInside(count: Int, level: Double) -> Double {
    var logFactorials = [0.0]
    for k in 1...count { logFactorials.append(logFactorials[k - 1] + log(Double(k))) }
    // By number of ranks below the place: the probability of having been inside so far.
    var inside = [Double](repeating: 0, count: count + 1)
    inside[0] = 1
    var before = 0.0
    for end in ends {
      let place = Double(end) / Double(rankCount)
      let step = (place - before) / (1 - before)
      let (logStep, logRest) = (log(step), log1p(-step))
      var next = [Double](repeating: 0, count: count + 1)
      let allowed = (0...count).map {
        PValue.binomial(successes: $0, count: count, probability: place) > level * (1 + 1e-12)
      }
      for low in 0...count where inside[low] > 0 {
        let left = count - low
        for high in low...count where allowed[high] {
          let taken = high - low
          let logChoose = logFactorials[left] - logFactorials[taken] - logFactorials[left - taken]
          let rest = left == taken ? 0 : Double(left - taken) * logRest
          next[high] += inside[low] * exp(logChoose + Double(taken) * logStep + rest)
        }
      }
      inside = next
      before = place
    }
    return min(1, inside.reduce(0, +))
  }
}
