import BorelBase
import BorelData
import BorelInference

/// One question to a result, with its answer.
package struct Check: Sendable {
  /// `R-hat`, `ESS`, `weights`, `lineages`, `evidence`, `moves`.
  package var name: String
  package var isGood: Bool
  /// What was found and what is wanted.
  package var text: String
  /// The number that was judged.
  package var value: Double?
  /// The variable that is worst.
  package var variable: String?

  /// As a line of text.
  package var line: String {
    let padding = String(repeating: " ", count: max(0, 10 - name.count))
    return "\(isGood ? "ok  " : "WARN")  \(name)\(padding)  \(text)\n"
  }

  package var json: JSONValue {
    .object([
      ("check", .string(name)), ("ok", .bool(isGood)), ("text", .string(text)),
      ("value", JSONValue(value)), ("variable", variable.map { .string($0) } ?? .null),
    ])
  }

  /// The usual questions to a result.
  ///
  /// - Parameter variables: Those that are judged.
  package static func all(_ posterior: Posterior, _ variables: [Variable]) -> [Check] {
    if posterior.isExact {
      return [Check(name: "exact", isGood: true, text: "the result is exact", value: 0)]
    }
    let summaries = posterior.summaries(of: variables)
    var checks: [Check] = []
    switch posterior.dependence {
    case .chains: checks += chainChecks(posterior, summaries)
    case .independent, .lineages, .groups: checks += weightChecks(posterior, summaries)
    }
    if let evidence = posterior.evidence { checks.append(evidenceCheck(evidence)) }
    return checks
  }

  // MARK: Markov chains

  private static func chainChecks(_ posterior: Posterior, _ summaries: [Summary]) -> [Check] {
    var checks: [Check] = []
    let judged = summaries.compactMap { summary in
      summary.convergence.map { (summary.name, $0) }
    }
    if let worst = judged.max(by: { $0.1.rHat < $1.1.rHat }) {
      checks.append(
        Check(
          name: "R-hat", isGood: worst.1.rHat <= Convergence.largestRHat,
          text: "largest \(NumberText.short(worst.1.rHat)) ('\(worst.0)'), at most "
            + "\(Convergence.largestRHat) wanted", value: worst.1.rHat, variable: worst.0))
    }
    for (name, ess) in [("bulk", \Convergence.essBulk), ("tail", \Convergence.essTail)] {
      guard let worst = judged.min(by: { $0.1[keyPath: ess] < $1.1[keyPath: ess] }) else {
        continue
      }
      let value = worst.1[keyPath: ess]
      checks.append(
        Check(
          name: "ESS \(name)", isGood: value >= Convergence.leastEss,
          text: "smallest \(NumberText.short(value)) ('\(worst.0)'), at least "
            + "\(Int(Convergence.leastEss)) wanted", value: value, variable: worst.0))
    }
    let constant = summaries.filter { $0.convergence == nil && $0.kind.isNumeric }
    if !constant.isEmpty {
      let names = constant.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
      checks.append(
        Check(
          name: "movement", isGood: false,
          text: "\(constant.count) variable\(constant.count == 1 ? " is" : "s are") the same in "
            + "all draws, absent in some, or infinite: \(names)", value: Double(constant.count),
          variable: constant[0].name))
    }
    let stuck = posterior.moves.filter { $0.chainsThatNeverMoved > 0 }
    if !posterior.moves.isEmpty {
      let rates = posterior.moves.compactMap { move in move.acceptance.map { ($0, move) } }
      let worst = rates.min { $0.0 < $1.0 }
      checks.append(
        Check(
          name: "moves", isGood: stuck.isEmpty,
          text: worst.map {
            "smallest acceptance \(NumberText.short($0.0 * 100, digits: 3)) % "
              + "('\($0.1.name ?? "unnamed")'); \(stuck.count) latents never moved in some chain"
          } ?? "no proposals", value: worst?.0, variable: worst?.1.name))
    }
    return checks
  }

  // MARK: Weighted draws

  private static func weightChecks(_ posterior: Posterior, _ summaries: [Summary]) -> [Check] {
    var checks: [Check] = []
    if !posterior.logWeights.isEmpty {
      let ess = posterior.essWeights
      checks.append(
        Check(
          name: "weights", isGood: ess >= 100 || ess >= Double(posterior.drawCount) / 10,
          text: "the draws are worth \(NumberText.short(ess)) of equal weight, at least 100 wanted",
          value: ess))
    }
    if case .lineages(let lineages) = posterior.dependence {
      let count = Set(lineages).count
      checks.append(
        Check(
          name: "lineages", isGood: count >= 20,
          text:
            "the draws descend from \(count) first particles, at least 20 wanted for error bars",
          value: Double(count)))
    }
    var worst: (name: String, worth: Double)?
    var unknown: [String] = []
    for summary in summaries where summary.kind.isNumeric {
      guard let sd = summary.sd, sd > 0 else { continue }
      guard let mcse = summary.mcse else {
        unknown.append(summary.name)
        continue
      }
      let worth = mcse > 0 ? (sd / mcse) * (sd / mcse) : Double(posterior.drawCount)
      if worth < worst?.worth ?? .infinity { worst = (summary.name, worth) }
    }
    if let worst {
      checks.append(
        Check(
          name: "precision", isGood: worst.worth >= Convergence.leastEss,
          text: "'\(worst.name)' is known as well as by \(NumberText.short(worst.worth)) "
            + "independent draws, at least \(Int(Convergence.leastEss)) wanted",
          value: worst.worth, variable: worst.name))
    }
    if let first = unknown.first {
      checks.append(
        Check(
          name: "error bars", isGood: false,
          text: "\(unknown.count) of \(summaries.count) variables have no standard error, such as "
            + "'\(first)': the draws descend from too few particles; use groups: 8 or more",
          value: Double(unknown.count), variable: first))
    }
    return checks
  }

  private static func evidenceCheck(_ evidence: Evidence) -> Check {
    guard let error = evidence.standardError else {
      return Check(
        name: "evidence", isGood: true,
        text: "no standard error: \(evidence.reason ?? "the method gives none")")
    }
    return Check(
      name: "evidence", isGood: error < 1,
      text: "standard error of the log evidence \(NumberText.short(error)), below 1 wanted",
      value: error)
  }
}
