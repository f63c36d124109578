import BorelBase
import BorelData
import BorelInference
import Foundation

/// Simulation-based calibration.
///
/// Source: Talts, Betancourt, Simpson, Vehtari, Gelman (2018), "Validating Bayesian inference
/// algorithms with simulation-based calibration", algorithm 1.
extension ModelValidation {
  private static var comparisons: Int { 19 }
  /// Weighted draws must be worth so many independent ones to be ranked against.
  private static var leastLineages: Double { 100 }

  /// Parameters drawn from the prior rank uniformly among posterior draws given data drawn with
  /// them.
  ///
  /// Weighted draws are approximately posterior ones only: where the draws of a variable descend
  /// from too few initial executions, the data set does not count for it. That depends on the data
  /// and on the run, not on the parameters behind them, so that the other ranks stay uniform. The
  /// laws of evidence and expectations are exact for these methods.
  func calibration() throws(Diagnostics) -> ValidationReport.Law {
    let count = options.replicates * 2
    let name = "calibration"
    let data: SimulatedData
    do {
      let simulation = try simulate(
        program: request.program, model: request.model, arguments: request.arguments,
        count: count, seed: seed("data", 0, 0), threads: request.threads, limits: request.limits)
      data = try SimulatedData(
        simulation, model: model, program: request.program, given: request.arguments)
    } catch let refusal as SimulatedData.Refusal {
      return .init(name, .notApplicable, "data cannot be drawn: \(refusal.reason)")
    } catch let list as Diagnostics {
      let reason = list.list.first?.message ?? ""
      return .init(name, .notApplicable, "data cannot be drawn: \(reason)")
    } catch {
      return .init(name, .notApplicable, "data cannot be drawn")
    }
    return try rank(data, count)
  }

  private func rank(_ data: SimulatedData, _ count: Int) throws(Diagnostics)
    -> ValidationReport.Law
  {
    let candidates = data.latents.filter { $0.kind.isNumeric && $0.present == nil }.prefix(8)
    var ranks = [String: [Int]]()
    var random = SeededRandom(seed: seed("ranks", 0, 0))
    for draw in 0..<count {
      var one = request
      one.arguments = data.arguments[draw]
      guard let posterior = try replicate(one, seed: seed("calibration", 0, draw)) else {
        return .init(
          "calibration", .violated, "evidence zero for data that the model has drawn",
          seed: seed("calibration", 0, draw))
      }
      let weights = posterior.normalizedWeights
      for latent in candidates {
        guard let variable = posterior.variable(latent.name), variable.present == nil,
          Self.worth(variable, posterior, weights) >= Self.leastLineages
        else { continue }
        let others = Self.draws(variable, weights, using: &random)
        ranks[latent.name, default: []].append(
          Rank.of(latent.values[draw], among: others, using: &random))
      }
    }
    let names = candidates.map(\.name).filter { (ranks[$0] ?? []).count * 2 >= count }
    if names.isEmpty {
      return .init(
        "calibration", .notApplicable,
        "no variable has posterior draws worth \(Int(Self.leastLineages)) independent ones for "
          + "half of the data sets")
    }
    let test = RankTest(rankCount: Self.comparisons + 1)
    let values = names.map { test.pValue(ranks[$0] ?? []) }
    let smallest = values.indices.min { values[$0] < values[$1] } ?? 0
    let combined = min(1, values[smallest] * Double(values.count))
    let alpha = options.alpha / 2
    let p = NumberText.short(combined, digits: 2)
    let variables = names.count == 1 ? "1 variable" : "\(names.count) variables"
    let what = "\(count) data sets, ranks of \(variables), p = \(p)"
    if combined <= alpha {
      return .init(
        "calibration", .violated, "'\(names[smallest])' is not uniform: \(what)",
        pValue: combined, alpha: alpha, seed: request.seed)
    }
    return .init("calibration", .holds, what, pValue: combined, alpha: alpha)
  }

  /// How many independent draws the draws of a variable are worth.
  private static func worth(
    _ variable: Variable, _ posterior: Posterior, _ weights: [Double]
  ) -> Double {
    if posterior.isExact { return .infinity }
    switch posterior.dependence {
    case .independent: return Weights.effectiveSampleSize(weights)
    case .chains: return posterior.summary(of: variable).convergence?.essBulk ?? 0
    case .lineages(let clusters), .groups(let clusters):
      var sums: [Int32: Double] = [:]
      for (cluster, weight) in zip(clusters, weights) { sums[cluster, default: 0] += weight }
      let families = sums.values.reduce(0) { $0 + $1 * $1 }
      return families > 0 ? 1 / families : 0
    }
  }

  /// Independent draws from the weighted ones; chains are thinned.
  private static func draws(
    _ variable: Variable, _ weights: [Double], using random: inout SeededRandom
  ) -> [Double] {
    let weights = variable.probabilities ?? weights
    return (0..<comparisons).map { _ in
      var position = random.uniform() * weights.reduce(0, +)
      for (value, weight) in zip(variable.values, weights) {
        position -= weight
        if position < 0 { return value }
      }
      return variable.values.last ?? 0
    }
  }
}
