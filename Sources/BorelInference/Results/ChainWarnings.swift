import BorelBase
import BorelData

extension Posterior {
  /// Says what speaks against Markov chains: disagreement and few effective draws. Adds nothing to
  /// results of other methods, nor what has been said already.
  ///
  /// Thresholds: Vehtari, Gelman, Simpson, Carpenter, Buerkner (2021), section 4.
  package mutating func addChainWarnings() {
    guard case .chains = dependence else { return }
    let known = Set(diagnostics.map(\.code))
    diagnostics += chainWarnings().filter { !known.contains($0.code) }
  }

  private func chainWarnings() -> [Diagnostic] {
    var worstRHat: (name: String, value: Double)?
    var worstEss: (name: String, value: Double)?
    var (disagreeing, poor) = (0, 0)
    for summary in summaries(of: variables) {
      guard let convergence = summary.convergence else { continue }
      if convergence.rHat > worstRHat?.value ?? 0 {
        worstRHat = (summary.name, convergence.rHat)
      }
      let ess = min(convergence.essBulk, convergence.essTail)
      if ess < worstEss?.value ?? .infinity { worstEss = (summary.name, ess) }
      if convergence.rHat > Convergence.largestRHat { disagreeing += 1 }
      if ess < Convergence.leastEss { poor += 1 }
    }
    var warnings: [Diagnostic] = []
    if let worst = worstRHat, disagreeing > 0 {
      warnings.append(
        Diagnostic(
          "W0510", .inference,
          "the chains have not mixed: R-hat of '\(worst.name)' is "
            + "\(NumberText.short(worst.value)), above \(Convergence.largestRHat)"
            + Self.others(disagreeing - 1), at: .none, severity: .warning,
          hints: ["draw longer chains, or use another kernel; 'tempered' finds several peaks"]))
    }
    if let worst = worstEss, poor > 0 {
      warnings.append(
        Diagnostic(
          "W0511", .inference,
          "the draws of '\(worst.name)' are worth \(NumberText.short(worst.value, digits: 3)) "
            + "independent ones, fewer than \(Int(Convergence.leastEss))"
            + Self.others(poor - 1), at: .none, severity: .warning,
          hints: ["draw longer chains, or use another kernel"]))
    }
    return warnings
  }

  private static func others(_ count: Int) -> String {
    count > 0 ? " (and \(count) more variable\(count == 1 ? "" : "s"))" : ""
  }
}
