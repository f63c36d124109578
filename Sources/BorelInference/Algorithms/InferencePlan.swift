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
      let choice = try MethodChoice.choose(
        engine: engine, model: model, words: words, wantsReports: false)
      chosen = choice.method
      lines.append(.init("method", "\(choice.method.text): \(choice.reason)"))
    } else {
      lines.append(.init("method", "\(method.text): as asked"))
    }
    lines.append(.init("composition", try composition(chosen)))
    lines += try generatedLines(chosen)
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

  private func composition(_ method: MethodSpecification) throws -> String {
    switch method.name {
    case "smc":
      let particles = method.int("particles")
      let groups = method.int("groups")
      let lanes = groups == 1 ? "\(particles)" : "\(groups) x \(particles)"
      if let kernel = method.kernel("rejuvenate")?.text {
        return "(advance ; resample ; metropolisHastingsGreen(\(kernel)))* ∘ spawn(\(lanes))"
          + " ∘ Traced ∘ Sequential ∘ Weighted"
      }
      return "(advance ; resample)* ∘ spawn(\(lanes)) ∘ Sequential ∘ Weighted"
    case "ffbsi", "fixedLag", "msc", "paris", "pg", "pgas", "pmmh", "ppg":
      return particleComposition(method)
    case "importance": return "run ∘ spawn(\(method.int("particles"))) ∘ Weighted"
    case "enumerate": return "run ∘ Enumerated ∘ Weighted"
    case "mh":
      let kernel = method.kernel("kernel")?.text ?? ""
      let reduced = try reducedForm(method) == nil ? "" : " ∘ Reduced"
      return "metropolisHastingsGreen(\(kernel)) ∘ spawn(\(method.int("chains"))) ∘ Traced"
        + reduced + " ∘ Weighted"
    case "tempered":
      let (particles, groups) = (method.int("particles"), method.int("groups"))
      let lanes = groups == 1 ? "\(particles)" : "\(groups) x \(particles)"
      return
        "(reweight ; resample ; metropolisHastingsGreen(\(method.kernel("kernel")?.text ?? ""))"
        + "^\(method.int("steps")))* ∘ spawn(\(lanes)) ∘ Traced ∘ Weighted"
    case "smc2":
      let (particles, groups) = (method.int("particles"), method.int("groups"))
      let parameters = groups == 1 ? "\(particles)" : "\(groups) x \(particles)"
      return "(filter ; resample ; pmmh^\(method.int("steps")))* ∘ spawn(\(parameters)) on the "
        + "parameters, filter = (advance ; resample) ∘ spawn(\(method.int("inner")))"
        + " ∘ Traced ∘ Sequential ∘ Weighted"
    case "prior": return "run ∘ spawn(\(method.int("draws"))) ∘ Simulated"
    default: return method.name
    }
  }

  /// The program with the version of the model on which chains move; nil when that is the model.
  private func reducedForm(_ method: MethodSpecification) throws -> Program? {
    guard method.name == "mh", !engine.limits.rejectsFailures else { return nil }
    let program = try engine.form(engine.transforms(ofChains: method, model)).program
    return program.reducedVersion(of: model.function) == nil ? nil : program
  }

  /// The choices that no weight depends on.
  private func generatedLines(_ method: MethodSpecification) throws -> [PlanReport.Line] {
    guard let choices = try reducedForm(method)?.generatedChoices(of: model.function),
      let first = choices.first
    else { return [] }
    var names: [String] = []
    for choice in choices {
      let name = choice.site.name ?? "a draw without a name"
      if !names.contains(name) { names.append(name) }
    }
    return [
      .init(
        "generated", names.joined(separator: ", ") + ": drawn when a draw is kept", at: first.span)
    ]
  }

  /// What a lane carries over the checkpoints, and what each part is to the chain of steps.
  private func states(_ program: Program) -> [PlanReport.Line] {
    let structure = MarkovStructure(program, model: model.function)
    var lines: [PlanReport.Line] = []
    for (role, topic, note) in Self.roles {
      var seen: Set<String> = []
      let words = structure.checkpoints.flatMap(\.words).filter { word in
        word.role == role && (word.name != nil || role != .shared)
          && seen.insert(word.name ?? "%\(word.value.index)").inserted
      }
      if words.isEmpty { continue }
      let names = words.map { $0.name ?? "a value without a name" }.joined(separator: ", ")
      lines.append(
        .init(topic, names + note, at: role == .shared ? .none : words.first?.span ?? .none))
    }
    lines += structure.obstacles.map { .init("not Markov", $0.message, at: $0.span) }
    if structure.isMarkov {
      lines.append(.init("smoothing", "the next state follows from the choices of its own step"))
    }
    return lines
  }

  private static let roles: [(MarkovStructure.Role, topic: String, note: String)] = [
    (.own, "state", ""), (.compared, "state", ": discrete, carried on from step to step"),
    (.parameter, "parameters", ": drawn before the first checkpoint and kept"),
    (.shared, "shared", ": the same for all executions"),
  ]
}
