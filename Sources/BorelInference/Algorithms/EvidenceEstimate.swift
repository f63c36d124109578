import BorelKernels

/// The evidence of a weighted run with the standard error of its logarithm, where one is valid.
enum EvidenceEstimate {
  /// Groups from which on their spread gives the error.
  static let groupsForSpread = 8

  /// - Parameters:
  ///   - groupLogEvidence: Log of the unbiased estimate of each independent group.
  ///   - weights: Normalised final weights of the only group.
  ///   - eves: First ancestor of each of its lanes.
  ///   - resamplings: How often it was resampled.
  ///   - effectiveSampleSize: Of the final weights, when it is known.
  static func make(
    groupLogEvidence: [Double], logWeights: [Double], eves: [Int32], resamplings: Int,
    resampler: Resampler, effectiveSampleSize: Double? = nil
  ) -> Evidence {
    let groups = groupLogEvidence.count
    let logValue = logMeanExp(groupLogEvidence)
    if groups >= groupsForSpread {
      return Evidence(
        logValue: logValue, standardError: spread(groupLogEvidence, around: logValue))
    }
    if groups > 1 {
      return Evidence(
        logValue: logValue, standardError: nil,
        reason: "\(groups) groups are too few for a standard error: use at least 8")
    }
    if resamplings > 0, resampler != .multinomial {
      return Evidence(
        logValue: logValue, standardError: nil,
        reason: "no valid estimator is known for one run with \(resampler.rawValue) resampling: "
          + "use groups: 8 or resampler: multinomial")
    }
    if resamplings == 0, let first = logWeights.first, logWeights.allSatisfy({ $0 == first }) {
      return Evidence(logValue: logValue, standardError: 0)
    }
    guard
      let error = leeWhiteley(
        logWeights, eves: eves, resamplings: resamplings, effectiveSampleSize)
    else {
      return Evidence(
        logValue: logValue, standardError: nil,
        reason: "the lineages have collapsed: use groups: 8, or more particles")
    }
    return Evidence(logValue: logValue, standardError: error)
  }

  /// Standard error of the log of a mean of independent estimates, by the delta method.
  private static func spread(_ logValues: [Double], around logMean: Double) -> Double {
    let count = Double(logValues.count)
    let squares = logValues.reduce(0.0) { sum, value in
      let ratio = borel_exp(value - logMean) - 1
      return sum + ratio * ratio
    }
    return (squares / (count * (count - 1))).squareRoot()
  }

  /// The variance estimate from one run, for multinomial resampling or none:
  /// `1 - (N / (N - 1))^(r + 1) (1 - sum over first ancestors of (their weight)^2)`.
  ///
  /// Source: Lee, Whiteley (2018), Variance estimation in the particle filter, equation 10.
  private static func leeWhiteley(
    _ logWeights: [Double], eves: [Int32], resamplings: Int, _ effectiveSampleSize: Double?
  ) -> Double? {
    let count = logWeights.count
    if count < 2 { return nil }
    var families = 0
    var concentration = 0.0
    if resamplings == 0, let effectiveSampleSize, effectiveSampleSize > 0 {
      for logWeight in logWeights { families += logWeight > -.infinity ? 1 : 0 }
      concentration = 1 / effectiveSampleSize
    } else {
      guard eves.count == count || resamplings == 0 else { return nil }
      let (weights, total, _) = Weights.relative(logWeights)
      var byEve = weights
      if resamplings > 0 {
        byEve = [Double](repeating: 0, count: count)
        for lane in 0..<count { byEve[Int(eves[lane])] += weights[lane] }
      }
      for weight in byEve where weight > 0 {
        families += 1
        concentration += (weight / total) * (weight / total)
      }
    }
    // With few first ancestors left the estimate rests on a handful of families.
    if families < 20 { return nil }
    let factor = borel_exp(
      Double(resamplings + 1) * (borel_log(Double(count)) - borel_log(Double(count - 1))))
    let variance = 1 - factor * (1 - concentration)
    return variance > 0 ? variance.squareRoot() : nil
  }

  static func logMeanExp(_ values: [Double]) -> Double {
    let maximum = values.max() ?? -.infinity
    if maximum == -.infinity { return -.infinity }
    let sum = values.reduce(0) { $0 + borel_exp($1 - maximum) }
    return maximum + borel_log(sum / Double(values.count))
  }
}
