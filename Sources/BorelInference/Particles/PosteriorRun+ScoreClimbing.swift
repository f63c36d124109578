import BorelBase
import BorelTransforms

extension PosteriorRun {
  /// Chains over the parameters with a normal family that is fitted to them.
  func scoreClimbing(_ method: MethodSpecification) throws -> Result {
    let settings = ScoreClimbing.Settings(
      particles: method.int("particles"), proposals: method.int("proposals"),
      chains: method.int("chains"), steps: method.int("steps"), draws: method.int("draws"),
      rate: method.real("rate"), isFullRank: method.choice("family") == "fullRank",
      resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
      threshold: method.real("threshold"))
    try requireLanes(settings.proposals, settings.chains)
    try requireLanes(settings.particles, settings.proposals * settings.chains)
    try requireLanes(settings.draws, settings.chains)
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: wantsReports)
    let outcome = try ScoreClimbing(settings: settings, run: run, key: key)
      .execute(engine.arena)
    var posterior = posterior(method, drawCount: settings.chains * outcome.draws.draws)
    posterior.dependence = .chains(count: settings.chains)
    posterior.variables = outcome.draws.variables(model)
    posterior.tallies = Self.chainTallies(run.program, outcome.draws.tallies, settings.chains)
    posterior.family = outcome.family
    posterior.diagnostics =
      StoppedRun.warning(outcome.draws.draws, of: settings.draws)
      + Self.acceptanceWarnings(outcome.renewal)
    return Result(
      posterior: posterior, columns: outcome.draws.results,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: posterior.drawCount), machine: outcome.machine)
  }
}
