import BorelBase
import BorelIR
import BorelRuntime
import BorelTransforms

/// What `auto` does: decides by counts, never by the clock, so that the choice is reproducible
/// (semantics, 4.4).
struct MethodChoice {
  var method: MethodSpecification
  var reason: String

  /// Lane-steps up to which a finite program is enumerated.
  private static let enumerationBudget = 100_000

  static func choose(engine: Engine, model: ModelInfo, words: [UInt64]) throws -> MethodChoice {
    if let exact = try enumeration(engine, model, words) { return exact }
    let weighted = try engine.form([Weighted()]).program
    let plan = Sequential(models: [model.function]).plan(weighted)
    if plan.alignment.alignedExecutions >= 2 {
      return MethodChoice(
        method: try MethodSpecification(parsing: "smc(particles: 2_000, groups: 10)"),
        reason: "the observations are aligned, so executions can be resampled between them")
    }
    if plan.alignment.scores.count >= 2 {
      return MethodChoice(
        method: try MethodSpecification(parsing: "smc(particles: 2_000, groups: 10)"),
        reason: "executions observe at different points and are resampled at each")
    }
    return MethodChoice(
      method: try MethodSpecification(parsing: "importance(particles: 100_000)"),
      reason: "there is at most one observation to weight by")
  }

  /// Enumeration, when every choice is finite and the merged work stays small.
  private static func enumeration(
    _ engine: Engine, _ model: ModelInfo, _ words: [UInt64]
  ) throws -> MethodChoice? {
    let transform = Enumerated(models: [model.function])
    guard transform.refusals(engine.program).isEmpty else { return nil }
    let run: ModelRun
    do {
      run = try engine.modelRun(
        model, words: words, under: [transform, Weighted()], keepsReports: false)
      _ = try Enumeration.execute(
        Enumeration.Settings(tolerance: 0, executions: enumerationBudget), run: run,
        wantsReports: false)
    } catch let problem as Diagnostic where problem.code == "E0503" || problem.code == "E0501" {
      return nil
    }
    return MethodChoice(
      method: try MethodSpecification(parsing: "enumerate"),
      reason: "all choices are finite and few: the result is exact")
  }
}
