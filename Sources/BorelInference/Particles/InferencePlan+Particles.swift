import BorelBase
import BorelIR
import BorelTransforms

extension InferencePlan {
  /// How a particle smoother or particle Gibbs is put together.
  func particleComposition(_ method: MethodSpecification) -> String {
    let particles = method.int("particles")
    if method.name == "pmmh" {
      return "(propose parameters ; sweep ; accept)*, sweep = (advance ; resample)* ∘ "
        + "spawn(\(method.int("chains")) x \(particles)) ∘ Sequential ∘ Weighted"
    }
    if method.name == "msc" {
      let filters = "\(method.int("chains")) x \(method.int("proposals")) x \(particles)"
      return "(propose parameters from the family ; sweep ; choose ; fit the family)*, "
        + "sweep = (advance ; resample)* ∘ spawn(\(filters)) ∘ Sequential ∘ Weighted"
    }
    let isChain = !["fixedLag", "ffbsi", "paris"].contains(method.name)
    let count = method.int(method.name == "pg" || method.name == "pgas" ? "chains" : "groups")
    let lanes = count == 1 ? "\(particles)" : "\(count) x \(particles)"
    let smoothing =
      method.name == "ppg" || method.name == "paris"
      ? " ; smooth(\(method.int("backwardDraws")))" : ""
    let needsChain =
      method.name == "pg"
      ? method.bool("ancestors") || method.bool("backward") : method.name != "fixedLag"
    let representations =
      (needsChain ? "Markov ∘ " : "") + (isChain ? "Conditioned ∘ " : "")
      + "Sequential ∘ Weighted"
    let sweep = "(advance\(smoothing) ; resample)* ∘ spawn(\(lanes)) ∘ \(representations)"
    if method.name == "fixedLag" {
      return "trace(\(method.int("draws")), lag: \(method.int("lag"))) ∘ " + sweep
    }
    if method.name == "ffbsi" { return "backward(\(method.int("draws"))) ∘ " + sweep }
    guard isChain else { return sweep }
    return "(sweep ; move parameters)*, sweep = \(sweep)"
  }

  /// What particle smoothing finds in the model: state, parameters, and what stands in its way.
  func particleLines(_ method: MethodSpecification) throws -> [PlanReport.Line] {
    let methods = ["ffbsi", "msc", "paris", "pg", "pgas", "pmmh", "ppg", "smc2"]
    guard methods.contains(method.name) else { return [] }
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: false)
    let structure = SmoothingStructure(run)
    if method.name == "smc2" {
      let names = structure.parameterNames.filter { !$0.hasPrefix("%") }
      return [
        PlanReport.Line(
          "parameters",
          structure.parameterNames.isEmpty
            ? "none, which the method needs"
            : (names.isEmpty ? ["values without names"] : names).joined(separator: ", ")
              + ": moved by the evidence of a filter each")
      ]
    }
    var lines: [PlanReport.Line] = []
    if !structure.parameterNames.isEmpty {
      lines.append(
        .init(
          "parameters",
          structure.parameterNames.joined(separator: ", ")
            + ": fixed in a sweep, moved between sweeps"))
    }
    if method.name == "pmmh" || method.name == "msc" { return lines }
    lines.insert(PlanReport.Line("chain", structure.markov.description), at: 0)
    if structure.markov.isMarkov {
      lines.append(
        .init(
          "backward",
          structure.cancelsScores
            ? "weights of predecessors need the densities of the draws only"
            : "weights of predecessors need the scores too, which read the previous state"))
    }
    for obstacle in structure.markov.obstacles {
      lines.append(.init("blocked", obstacle.message, at: obstacle.span))
    }
    return lines
  }
}
