import BorelBase
import BorelIR
import BorelTransforms

/// What an inference would do, for `borel plan`.
struct InferencePlan {
  let engine: Engine
  let model: ModelInfo
  let words: [UInt64]
  let method: MethodSpecification

  func report() throws -> PlanReport {
    var lines: [PlanReport.Line] = []
    var chosen = method
    if method.name == "auto" {
      let choice = try MethodChoice.choose(engine: engine, model: model, words: words)
      chosen = choice.method
      lines.append(.init("method", "\(choice.method.text): \(choice.reason)"))
    } else {
      lines.append(.init("method", "\(method.text): as asked"))
    }
    lines.append(.init("composition", composition(chosen)))
    if chosen.name == "smc" {
      let weighted = try engine.form([Weighted()]).program
      let placement = Sequential.Placement(rawValue: chosen.choice("checkpoints"))
      let plan = Sequential(at: placement, models: [model.function]).plan(weighted)
      lines.append(.init("checkpoints", plan.description))
      lines += states(plan.program)
    }
    lines += try particleLines(chosen)
    let refusals = Enumerated(models: [model.function]).refusals(engine.program)
    if refusals.isEmpty {
      lines.append(.init("exact", "all choices are finite"))
    } else {
      for refusal in refusals { lines.append(.init("sampled", refusal.message, at: refusal.span)) }
    }
    return PlanReport(lines)
  }

  private func composition(_ method: MethodSpecification) -> String {
    switch method.name {
    case "smc":
      let particles = method.int("particles")
      let groups = method.int("groups")
      let lanes = groups == 1 ? "\(particles)" : "\(groups) x \(particles)"
      return "(advance ; resample)* ∘ spawn(\(lanes)) ∘ Sequential ∘ Weighted"
    case "ffbsi", "pg", "pgas", "ppg", "paris": return particleComposition(method)
    case "importance": return "run ∘ spawn(\(method.int("particles"))) ∘ Weighted"
    case "enumerate": return "run ∘ Enumerated ∘ Weighted"
    case "prior": return "run ∘ spawn(\(method.int("draws"))) ∘ Simulated"
    default: return method.name
    }
  }

  /// What a lane carries over each checkpoint.
  private func states(_ program: Program) -> [PlanReport.Line] {
    var lines: [PlanReport.Line] = []
    for function in program.functions {
      let liveness = LivenessAnalysis(function)
      for (index, block) in function.blocks.enumerated() {
        guard case .checkpoint(let number, _) = block.terminator else { continue }
        let names = liveness.liveAcross[index].values.compactMap { value in
          function.valueNames[value.index]
        }
        let state = Array(Set(names)).sorted().joined(separator: ", ")
        lines.append(
          .init(
            "state",
            "checkpoint \(number) in \(function.name): "
              + (state.isEmpty ? "nothing named" : state), at: block.terminatorSpan))
      }
    }
    return lines
  }
}
