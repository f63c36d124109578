/// Monte Carlo standard errors of self-normalised weighted means.
///
/// The mean is a ratio of sums over clusters of draws, and its linearisation gives the variance
/// `sum over clusters of (sum in the cluster of W (f - mean))^2`. A cluster is one draw for
/// independent draws, one initial particle with its descendants for a particle filter (Lee and
/// Whiteley 2018, "Variance estimation in the particle filter"), and one population when there are
/// several. For resampling schemes other than multinomial the second is an approximation.
/// Markov chains use the effective sample size of the function instead.
struct ErrorEstimator {
  /// With fewer clusters the variance is not estimated.
  static let leastClusterCount = 8
  /// Nor is it when the weights of the clusters are worth fewer than this: most of the few terms of
  /// the sum are then nearly zero, because the mean is that of the heaviest cluster.
  static let leastEffectiveClusterCount = 4.0

  private enum Plan {
    case exact
    case truncated(Double?)
    case clusters([Int32]?)
    case chains(ChainSample)
    case none
  }

  private let sample: WeightedSample
  private let plan: Plan

  init(_ posterior: Posterior, _ sample: WeightedSample) {
    self.sample = sample
    if posterior.isExact {
      plan = posterior.truncation.map { .truncated($0.bound) } ?? .exact
      return
    }
    switch posterior.dependence {
    case .independent: plan = .clusters(nil)
    case .lineages(let clusters), .groups(let clusters):
      let ofSample = sample.draws.map { $0.map { clusters[Int($0)] } } ?? clusters
      plan = .clusters(ofSample)
    case .chains(let count):
      if sample.draws == nil, let chains = ChainSample(sample.values, chainCount: count) {
        plan = .chains(chains)
      } else {
        plan = .none
      }
    }
  }

  /// Ranks and autocorrelations of Markov chains; nil for other draws.
  var convergence: Convergence? {
    if case .chains(let chains) = plan { return Convergence(chains) }
    return nil
  }

  /// The standard error of the weighted mean of `function`; nil when it cannot be estimated. For an
  /// enumeration that left something out it is a bound.
  ///
  /// - Parameter isIndicator: Whether `function` has the values 0 and 1 only.
  func standardError(
    mean: Double, isIndicator: Bool = false, of function: (Double) -> Double
  ) -> Double? {
    guard mean.isFinite else { return nil }
    switch plan {
    case .exact: return 0
    case .truncated(let bound): return isIndicator ? bound : nil
    case .none: return nil
    case .chains(let chains):
      let error = chains.standardError(of: function)
      return error.isFinite ? error : nil
    case .clusters(let clusters): return clusteredError(clusters, mean, function)
    }
  }

  /// The standard error of the standard deviation by the delta method; nil when unknown.
  func standardErrorOfDeviation(mean: Double, deviation: Double) -> Double? {
    guard mean.isFinite, deviation.isFinite, deviation > 0 else { return nil }
    if case .chains(let chains) = plan { return chains.standardErrorOfDeviation() }
    let variance = deviation * deviation
    return standardError(mean: variance) { ($0 - mean) * ($0 - mean) }.map { $0 / (2 * deviation) }
  }

  /// The standard error of a quantile: half the distance of the quantiles at one standard error of
  /// its probability (Woodruff 1952, "Confidence intervals for medians and other position
  /// measures"); nil when unknown.
  func standardError(quantile value: Double, at probability: Double) -> Double? {
    if case .chains(let chains) = plan { return chains.standardError(quantile: probability) }
    guard let error = standardError(mean: probability, of: { $0 <= value ? 1 : 0 }) else {
      return nil
    }
    if case .exact = plan { return 0 }
    let (low, high) = (probability - error, probability + error)
    // So close to the end of the range that the order statistics do not bound the quantile.
    guard low > 0, high < 1 else { return nil }
    let bounds = sample.quantiles([low, high])
    return (bounds[1] - bounds[0]) / 2
  }

  private func clusteredError(
    _ clusters: [Int32]?, _ mean: Double, _ function: (Double) -> Double
  ) -> Double? {
    var clusterCount = 0.0
    var squares = 0.0
    if let clusters {
      // Numbers of clusters are lanes or groups, so they are dense.
      let count = Int(clusters.max() ?? 0) + 1
      var sums = [Double](repeating: 0, count: count)
      var weights = [Double](repeating: 0, count: count)
      for index in sample.values.indices where sample.weights[index] > 0 {
        let cluster = Int(clusters[index])
        sums[cluster] += sample.weights[index] * (function(sample.values[index]) - mean)
        weights[cluster] += sample.weights[index]
      }
      guard Weights.effectiveSampleSize(weights) >= Self.leastEffectiveClusterCount else {
        return nil
      }
      for cluster in sums.indices where weights[cluster] > 0 {
        clusterCount += 1
        squares += sums[cluster] * sums[cluster]
      }
    } else {
      for index in sample.values.indices where sample.weights[index] > 0 {
        let term = sample.weights[index] * (function(sample.values[index]) - mean)
        clusterCount += 1
        squares += term * term
      }
    }
    guard clusterCount >= Double(Self.leastClusterCount), squares.isFinite else { return nil }
    guard Weights.effectiveSampleSize(sample.weights) >= 2 else { return nil }
    return (squares * clusterCount / (clusterCount - 1)).squareRoot()
  }
}
