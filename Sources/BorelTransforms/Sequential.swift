import BorelBase
import BorelIR

/// Puts checkpoints after scores: there lanes stop, and the driver may resample, move or fork them
/// (semantics, 2.2). The measure is the same for every placement.
package struct Sequential: Transform {
  package enum Placement: String, Hashable, Sendable, CaseIterable {
    /// After each score that all lanes run equally often.
    case aligned
    /// After each score and each free factor.
    case all
    case none
  }

  /// Nil chooses: aligned, when aligned scores run at least twice, otherwise all.
  package var placement: Placement?
  /// The models that get checkpoints; nil for all. Functions that only run inside a nested
  /// inference get none.
  package var models: [FunctionID]?

  package init(at placement: Placement? = nil, models: [FunctionID]? = nil) {
    self.placement = placement
    self.models = models
  }

  package var name: String {
    placement.map { "Sequential(at: \($0.rawValue))" } ?? "Sequential"
  }
  package var from: Set<Representation> { [.weighted] }
  package var excluding: Set<Representation> { [.sequential, .simulated] }
  package var to: Representation { .sequential }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [.checkpoint] }

  package func rewrite(_ program: Program) throws -> Program {
    plan(program).program
  }

  /// What is decided for a program, for `borel plan`, and the rewritten program.
  package struct Plan: Sendable, CustomStringConvertible {
    package struct Checkpoint: Hashable, Sendable {
      /// As in the terminator.
      package var number: Int
      package var function: Int
      /// The scores that it comes after.
      package var sites: [Site]
      /// The place of the first of them.
      package var span: Span
    }
    package var placement: Placement
    /// Why, when the placement was not given.
    package var reason: String
    package var alignment: Alignment
    package var checkpoints: [Checkpoint]
    package var program: Program

    package var description: String {
      let names = checkpoints.map { checkpoint in
        var labels: [String] = []
        for site in checkpoint.sites where !labels.contains(site.label) {
          labels.append(site.label)
        }
        return "#\(checkpoint.number) after " + labels.joined(separator: ", ")
      }
      return "checkpoints at \(placement.rawValue) scores (\(reason))"
        + (names.isEmpty ? "" : ": " + names.joined(separator: "; "))
    }
  }

  package func plan(_ program: Program) -> Plan {
    let roots = Uniformity.modelRoots(program).filter { root in
      models?.contains(root.function) ?? true
    }
    let alignment = Alignment(program, roots: roots)
    let (placement, reason) = decide(alignment)
    let uniformity = Uniformity(program, roots: roots)
    let graph = CallGraph(program)
    let effects = EffectAnalysis(program, callGraph: graph)
    var plan = Plan(
      placement: placement, reason: reason, alignment: alignment, checkpoints: [],
      program: program)
    for index in program.functions.indices {
      let candidates =
        placement == .all ? alignment.scores + alignment.factors : alignment.scores
      let scores = candidates.filter { score in
        score.function == index && placement != .none
          && (placement == .all || score.isAligned)
      }
      guard !scores.isEmpty else { continue }
      var placer = CheckpointPlacer(
        function: program.functions[index], index: index, scores: scores, graph: graph,
        effects: effects, uniformity: uniformity)
      placer.place(firstNumber: plan.checkpoints.count)
      plan.program.functions[index] = placer.function
      plan.checkpoints += placer.checkpoints
    }
    return plan
  }

  private func decide(_ alignment: Alignment) -> (Placement, String) {
    if let placement { return (placement, "as asked") }
    let count = alignment.aligned.count
    if alignment.alignedExecutions >= 2 {
      return (.aligned, "\(count) of \(alignment.scores.count) scores are aligned")
    }
    return (.all, "fewer than two aligned observations")
  }
}
