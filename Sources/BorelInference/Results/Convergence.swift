import BorelSpecialFunctions

/// How well Markov chains agree and how much their draws are worth.
///
/// Source: Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), "Rank-normalization, folding, and
/// localization: an improved R-hat for assessing convergence of MCMC", sections 3 and 4.
package struct Convergence: Hashable, Sendable {
  /// Above this R-hat chains do not agree (section 4).
  package static let largestRHat = 1.01
  /// Below this effective sample size R-hat and error bars are not to be relied upon (section 4).
  package static let leastEss = 400.0

  /// Effective sample size of the mean of the rank-normalised draws.
  package var essBulk: Double
  /// The smaller one of the effective sample sizes of the 5 % and 95 % quantiles.
  package var essTail: Double
  /// The larger one of the rank-normalised split R-hat of the draws and of their distances from the
  /// median; 1 is agreement.
  package var rHat: Double

  /// - Parameters:
  ///   - draws: Chains of equal length one after the other.
  ///   - chainCount: The number of chains.
  /// - Returns: nil with fewer than 4 draws per half chain, for constant or infinite draws.
  package init?(_ draws: [Double], chainCount: Int) {
    guard let chains = ChainSample(draws, chainCount: chainCount) else { return nil }
    self.init(chains)
  }

  init(_ chains: ChainSample) {
    let halves = chains.halves
    let median = Quantile.interpolated(halves.values.sorted(), at: 0.5)
    let ranked = halves.rankNormalized()
    let folded = halves.mapped { abs($0 - median) }.rankNormalized()
    essBulk = ranked.effectiveSampleSize
    essTail = min(
      chains.effectiveSampleSize(quantile: 0.05), chains.effectiveSampleSize(quantile: 0.95))
    rHat = max(ranked.potentialScaleReduction, folded.potentialScaleReduction)
  }
}

/// The draws of one variable in several Markov chains.
struct ChainSample {
  let draws: [Double]
  /// Ascending.
  let sorted: [Double]
  let halves: HalfChains

  /// - Returns: nil with fewer than 4 draws per half chain, for constant or infinite draws.
  init?(_ draws: [Double], chainCount: Int) {
    guard draws.allSatisfy(\.isFinite), let first = draws.first,
      draws.contains(where: { $0 != first }),
      let halves = HalfChains(draws, chainCount: chainCount)
    else { return nil }
    self.draws = draws
    self.halves = halves
    sorted = draws.sorted()
  }

  /// Effective sample size of a quantile: that of the indicator of the draws up to it.
  func effectiveSampleSize(quantile probability: Double) -> Double {
    let quantile = Quantile.interpolated(sorted, at: probability)
    return halves.mapped { $0 <= quantile ? 1 : 0 }.effectiveSampleSize
  }

  /// The standard error of the mean of a function of the draws.
  func standardError(of function: (Double) -> Double) -> Double {
    let values = draws.map(function)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let ess = halves.mapped(function).effectiveSampleSize
    return (squares / (count - 1) / ess).squareRoot()
  }

  /// The standard error of the standard deviation, from that of the second central moment by the
  /// delta method.
  ///
  /// Source: Kenney, Keeping (1951), Mathematics of Statistics, part 2, section 7.11.
  func standardErrorOfDeviation() -> Double {
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let squares = draws.map { ($0 - mean) * ($0 - mean) }
    let variance = squares.reduce(0, +) / count
    let fourth = squares.reduce(0) { $0 + $1 * $1 } / count
    let ess = halves.mapped { ($0 - mean) * ($0 - mean) }.effectiveSampleSize
    return ((fourth - variance * variance) / ess / variance / 4).squareRoot()
  }

  /// The standard error of a quantile: half the distance of the order statistics at one standard
  /// deviation of the probability, which has a beta law (Vehtari et al. 2021, section 3.3).
  func standardError(quantile probability: Double) -> Double {
    let ess = effectiveSampleSize(quantile: probability)
    let (a, b) = (ess * probability + 1, ess * (1 - probability) + 1)
    let size = sorted.count
    func position(_ p: Double) -> Double { borel_sf_ibeta_inv(a, b, p) * Double(size) - 1 }
    let low = max(0, position(0.158_655_3).rounded(.down))
    let high = min(Double(size - 1), position(0.841_344_7).rounded(.up))
    return (sorted[Int(high)] - sorted[Int(low)]) / 2
  }
}

/// Quantiles of draws of equal weight.
enum Quantile {
  /// The quantile by linear interpolation between order statistics (type 7), as R and NumPy do by
  /// default.
  ///
  /// Source: Hyndman, Fan (1996), "Sample quantiles in statistical packages", definition 7.
  ///
  /// - Parameter sorted: Ascending, not empty.
  static func interpolated(_ sorted: [Double], at probability: Double) -> Double {
    let position = probability * Double(sorted.count - 1)
    let low = min(max(Int(position), 0), sorted.count - 1)
    let high = min(low + 1, sorted.count - 1)
    // Equal neighbours may be infinite.
    if sorted[low] == sorted[high] { return sorted[low] }
    return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
  }
}
