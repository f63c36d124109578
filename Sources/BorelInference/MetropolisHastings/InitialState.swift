import BorelBase
import BorelRuntime

/// Finds a trace of positive density for every chain by drawing from the prior (semantics, 5.7).
struct InitialState {
  /// Draws of single chains before the search ends.
  static let attempts = 10_000

  /// The chains that have no state yet; draws again for those until none is left or attempts are
  /// used up.
  static func search(_ chains: Chains) throws -> [Int] {
    var missing = Set(0..<chains.count)
    let rounds = max(1, (attempts + chains.count - 1) / chains.count)
    for _ in 0..<rounds where !missing.isEmpty {
      let evaluation = try chains.evaluate(
        Proposal(redrawsAll: true, rejectsFailures: chains.run.options.rejectsFailures))
      let isTaken = (0..<chains.count).map {
        missing.contains($0) && evaluation.logLikelihoods[$0] > -.infinity
      }
      chains.take(isTaken, from: evaluation)
      for chain in isTaken.indices where isTaken[chain] { missing.remove(chain) }
    }
    return missing.sorted()
  }

  /// The error when no state was found, with the line that stopped most lanes.
  static func failure(_ missing: [Int], _ chains: Chains) -> Diagnostic {
    let worst = chains.machine.takeKills().first
    let share =
      missing.count == chains.count
      ? "no chain" : "only \(chains.count - missing.count) of \(chains.count) chains"
    var message = "\(share) found a state of positive density in \(attempts) prior draws"
    var hints = ["this line stopped most of them", "start from a model that allows more"]
    if let worst {
      message +=
        worst.family == nil
        ? ": this condition fails" : ": this observation is impossible"
      if let value = worst.value, let family = worst.family {
        hints.append("the first value without support under '\(family)' is \(value.text)")
      }
    } else {
      hints.removeFirst()
    }
    return Diagnostic(
      "E0520", .inference, message, at: worst?.span ?? .none, hints: hints)
  }
}
