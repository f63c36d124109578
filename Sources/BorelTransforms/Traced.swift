import BorelBase
import BorelIR

/// Choices are replayed or drawn against a trace: their prior and the likelihood are kept apart, by
/// address. The instructions stay what they are, since every `sample` has an address already; the
/// machine keeps the trace (`ChoiceTape`).
///
/// Refuses nested inferences that are not exact: their result is a random choice whose density is
/// not known.
package struct Traced: Transform {
  /// The models that are traced; nil for all.
  package var models: [FunctionID]?

  package init(models: [FunctionID]? = nil) { self.models = models }

  package var name: String { "Traced" }
  package var from: Set<Representation> { [.weighted] }
  package var excluding: Set<Representation> { [.traced, .simulated, .enumerated] }
  package var to: Representation { .traced }
  package var removes: Set<EffectKind> { [] }
  package var adds: Set<EffectKind> { [] }

  /// What cannot be traced, with its lines.
  package func refusals(_ program: Program) -> [Diagnostic] {
    let roots = models ?? program.models.map(\.function)
    let reached = CallGraph(program).reachable(from: roots.map { Int($0.index) })
    var problems: [Diagnostic] = []
    for index in reached.indices {
      for instruction in program.functions[index].blocks.flatMap(\.instructions) {
        guard case .infer(let method, _) = instruction.operation,
          !method.isEmpty, !method.hasPrefix("enumerate")
        else { continue }
        problems.append(
          Diagnostic(
            "E0594", .inference,
            "the density of a nested inference by '\(method)' is not known, so that it cannot be "
              + "part of a Markov chain",
            at: instruction.span, hints: ["infer exactly: `infer(model, enumerate)`"]))
      }
    }
    return problems
  }

  package func rewrite(_ program: Program) throws -> Program {
    let problems = refusals(program)
    guard problems.isEmpty else { throw Diagnostics(problems) }
    return program
  }
}
