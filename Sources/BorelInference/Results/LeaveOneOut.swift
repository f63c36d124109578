import BorelBase
import BorelKernels
import BorelTransforms

/// How well a model predicts each datum from all others, estimated from draws given all of them.
///
/// Source: Vehtari, Gelman, Gabry (2017), "Practical Bayesian model evaluation using leave-one-out
/// cross-validation and WAIC", sections 2.1 and 2.2.
package struct LeaveOneOut: Sendable {
  /// What the names of variables start with that hold log-likelihoods of single data.
  package static let prefix = Pointwise.prefix

  package struct Datum: Hashable, Sendable {
    /// `y[3]`.
    package var name: String
    /// Log of the density of the datum given all others, in nats.
    package var logDensity: Double
    /// Log of its density given all data.
    package var logDensityWithin: Double
    /// Of the weights; see `ParetoSmoothing`.
    package var shape: Double
  }

  package let data: [Datum]

  /// The expected log pointwise predictive density, a sum over data, in nats.
  package var logDensity: Double { data.reduce(0) { $0 + $1.logDensity } }
  /// Of that sum, from the spread of its terms.
  package var standardError: Double { Self.standardErrorOfSum(data.map(\.logDensity)) }
  /// How much better data are predicted that the model has seen: an effective number of
  /// parameters.
  package var parameterCount: Double {
    data.reduce(0) { $0 + $1.logDensityWithin - $1.logDensity }
  }
  /// Data whose weights have a shape above `ParetoSmoothing.largestShape`.
  package var unreliable: [Datum] { data.filter { !($0.shape <= ParetoSmoothing.largestShape) } }

  /// - Parameter data: At least one.
  package init(data: [Datum]) { self.data = data }

  /// From the log-likelihoods of single data that a result has kept.
  ///
  /// - Parameter posterior: Made with `Pointwise`.
  /// - Returns: Nil when there are none.
  /// - Throws: `Diagnostic` E0715 for a datum that some draws do not score.
  package init?(_ posterior: Posterior) throws {
    let variables = posterior.variables.filter { variable in
      variable.name.hasPrefix(Self.prefix) && variable.present?.contains(true) != false
    }
    if variables.isEmpty { return nil }
    data = try variables.map { variable in
      let name = String(variable.name.dropFirst(Self.prefix.count))
      if variable.present?.contains(false) == true {
        throw Diagnostic(
          "E0715", .usage, "'\(name)' is observed in some draws only", at: .none,
          hints: ["leaving it out has no meaning where it is not there"])
      }
      if let probabilities = variable.probabilities {
        return Datum(exact: name, variable.values, probabilities)
      }
      return posterior.isExact
        ? Datum(exact: name, variable.values, posterior.normalizedWeights)
        : Datum(name, variable.values, posterior)
    }
  }

  package static func standardErrorOfSum(_ terms: [Double]) -> Double {
    // The number of terms times their variance.
    let mean = terms.reduce(0, +) / Double(terms.count)
    return terms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
  }
}

extension LeaveOneOut.Datum {
  /// From a posterior without Monte Carlo error, by the weights as they are.
  fileprivate init(exact name: String, _ logLikelihoods: [Double], _ probabilities: [Double]) {
    self.name = name
    let alive = probabilities.indices.filter { probabilities[$0] > 0 }
    logDensityWithin = Self.logSum(
      alive.map { borel_log(probabilities[$0]) + logLikelihoods[$0] })
    logDensity = -Self.logSum(alive.map { borel_log(probabilities[$0]) - logLikelihoods[$0] })
    shape = 0
  }

  /// - Parameter logLikelihoods: Of the datum, one per draw.
  init(_ name: String, _ logLikelihoods: [Double], _ posterior: Posterior) {
    let chains: Int? = if case .chains(let count) = posterior.dependence { count } else { nil }
    let efficiency = chains.flatMap { count in
      ChainSample(logLikelihoods.map { borel_exp($0) }, chainCount: count)
        .map { $0.halves.effectiveSampleSize / Double(logLikelihoods.count) }
    }
    self.init(
      name, logLikelihoods, logWeights: posterior.logWeights,
      efficiency: efficiency ?? posterior.essWeights / Double(max(posterior.drawCount, 1)))
  }

  /// - Parameters:
  ///   - logWeights: Of the draws; empty when they weigh the same.
  ///   - efficiency: The effective sample size of the draws over their number.
  package init(
    _ name: String, _ logLikelihoods: [Double], logWeights: [Double] = [], efficiency: Double
  ) {
    self.name = name
    func weight(_ draw: Int) -> Double { logWeights.isEmpty ? 0 : logWeights[draw] }
    let alive = logLikelihoods.indices.filter { weight($0) > -.infinity }
    let total = Self.logSum(alive.map { weight($0) })
    logDensityWithin = Self.logSum(alive.map { weight($0) + logLikelihoods[$0] }) - total
    // A draw under which the datum is impossible takes all the weight when the datum is left out.
    guard !alive.isEmpty, alive.allSatisfy({ logLikelihoods[$0].isFinite }) else {
      (logDensity, shape) = (-.infinity, .infinity)
      return
    }
    let smoothing = ParetoSmoothing(
      alive.map { weight($0) - logLikelihoods[$0] }, efficiency: efficiency)
    shape = smoothing.shape
    logDensity = Self.logSum(
      zip(alive, smoothing.logWeights).map { logLikelihoods[$0] + $1 })
  }

  private static func logSum(_ values: [Double]) -> Double {
    guard let largest = values.max(), largest.isFinite else { return values.max() ?? -.infinity }
    return largest + borel_log(values.reduce(0) { $0 + borel_exp($1 - largest) })
  }
}
