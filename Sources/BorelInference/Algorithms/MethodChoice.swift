import BorelBase
import BorelIR
import BorelRuntime
import BorelTransforms

/// What `auto` does: decides by counts, never by the clock, so that the choice is reproducible
/// (semantics, 4.4).
struct MethodChoice {
  /// A finished enumeration, when that is what was chosen: finding out means doing it.
  struct Enumerated {
    var run: ModelRun
    var outcome: Enumeration.Outcome
  }

  var method: MethodSpecification
  var reason: String
  var enumerated: Enumerated?

  /// Executions up to which a finite program is enumerated.
  private static let enumerationBudget = 100_000

  /// - Parameter wantsReports: Whether an enumeration keeps what is reported on the way.
  static func choose(
    engine: Engine, model: ModelInfo, words: [UInt64], wantsReports: Bool
  ) throws -> MethodChoice {
    if let enumerated = try enumeration(engine, model, words, wantsReports) {
      return MethodChoice(
        method: MethodSignature.enumerate.defaults,
        reason: "all choices are finite and few: the result is exact", enumerated: enumerated)
    }
    if let chains = try chains(engine, model, words) { return chains }
    let weighted = try engine.form([Weighted()]).program
    let plan = Sequential(models: [model.function]).plan(weighted)
    if plan.alignment.alignedExecutions >= 2 {
      if let sweeps = try sweeps(engine, model, words) { return sweeps }
      return MethodChoice(
        method: filter,
        reason: "the observations are aligned, so executions can be resampled between them")
    }
    if plan.alignment.scores.count + plan.alignment.factors.count >= 2 {
      return MethodChoice(
        method: filter,
        reason: "executions are weighted at different points and are resampled at each")
    }
    var importance = MethodSignature.importance.defaults
    importance.options["particles"] = .int(100_000)
    return MethodChoice(
      method: importance, reason: "there is at most one observation to weight by")
  }

  /// A particle filter whose groups give standard errors.
  private static var filter: MethodSpecification {
    var method = MethodSignature.smc.defaults
    method.options["particles"] = .int(2_000)
    method.options["groups"] = .int(10)
    return method
  }

  /// Markov chains, when all choices come before the observations and few prior draws agree with
  /// them.
  private static func chains(
    _ engine: Engine, _ model: ModelInfo, _ words: [UInt64]
  ) throws -> MethodChoice? {
    guard let size = try PriorPilot.staticEffectiveSize(engine, model, words),
      size < PriorPilot.leastEffectiveSize
    else { return nil }
    return MethodChoice(
      method: try MethodSpecification(parsing: "mh"),
      reason: "all choices come before the observations, and \(PriorPilot.lanes) prior draws are "
        + "worth \(Int(size.rounded()))")
  }

  /// Particle Gibbs, when resampling would leave few values of the parameters.
  private static func sweeps(
    _ engine: Engine, _ model: ModelInfo, _ words: [UInt64]
  ) throws -> MethodChoice? {
    guard let pilot = try ParameterPilot.result(engine, model, words),
      pilot.ancestors < ParameterPilot.leastAncestors
    else { return nil }
    let names = pilot.parameters.map { "'\($0)'" }.joined(separator: ", ")
    return MethodChoice(
      method: (pilot.isChain ? MethodSignature.pgas : .pg).defaults,
      reason: "\(names): drawn once and kept, and a particle filter keeps "
        + "\(Int(pilot.ancestors.rounded())) of \(ParameterPilot.particles) values")
  }

  /// Enumeration, when every choice is finite and the merged work stays small.
  private static func enumeration(
    _ engine: Engine, _ model: ModelInfo, _ words: [UInt64], _ wantsReports: Bool
  ) throws -> Enumerated? {
    let transform = BorelTransforms.Enumerated(models: [model.function])
    guard transform.refusals(engine.program).isEmpty else { return nil }
    do {
      let run = try engine.modelRun(
        model, words: words, under: [transform, Weighted()], keepsReports: wantsReports)
      let outcome = try Enumeration.execute(
        Enumeration.Settings(tolerance: 0, executions: enumerationBudget), run: run,
        wantsReports: wantsReports)
      return Enumerated(run: run, outcome: outcome)
    } catch let problem as Diagnostic where problem.code == "E0503" || problem.code == "E0501" {
      return nil
    }
  }
}
