import BorelBase

/// An expression that must not draw, score, tally or print.
struct PurityRequirement {
  /// As in "the default of 'alpha'".
  var what: String
  var effects: Effects
  var callees: Set<Int>
  var span: Span
}

extension Checker {
  /// Adds to each function the effects of those it calls, until nothing changes.
  func inferEffects() {
    var callers: [[Int]] = Array(repeating: [], count: functions.count)
    for (index, state) in functions.enumerated() {
      for callee in state.callees { callers[callee].append(index) }
    }
    var pending = Array(functions.indices)
    while let index = pending.popLast() {
      let effects = functions[index].effects
      for caller in callers[index] where !functions[caller].effects.isSuperset(of: effects) {
        functions[caller].effects.formUnion(effects)
        pending.append(caller)
      }
    }
    for state in functions { state.typed?.effects = state.effects }
  }

  func checkPurity() {
    for requirement in purityRequirements {
      var effects = requirement.effects
      var culprit: String?
      for callee in requirement.callees.sorted() {
        if !functions[callee].effects.isEmpty, culprit == nil { culprit = functions[callee].name }
        effects.formUnion(functions[callee].effects)
      }
      if effects.isEmpty { continue }
      report(.impure(requirement.what, effects, through: culprit, at: requirement.span))
    }
  }
}

extension Diagnostic {
  fileprivate static func impure(
    _ what: String, _ effects: Effects, through function: String?, at span: Span
  ) -> Diagnostic {
    let deed =
      effects.contains(.draws)
      ? "draws"
      : effects.contains(.scores)
        ? "scores"
        : effects.contains(.tallies)
          ? "tallies" : effects.contains(.prints) ? "prints or reads files" : "runs inference"
    let subject = function.map { "'\($0)', which it calls, \(deed)" } ?? "it \(deed)"
    return Diagnostic(
      "E0231", .check, "\(what) must be pure, but \(subject)", at: span,
      hints: ["draw before and pass the value"])
  }
}
