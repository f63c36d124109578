import BorelBase
import BorelTransforms

extension PosteriorRun {
  /// Markov chains.
  func metropolisHastings(
    _ method: MethodSpecification, _ checkpoints: CheckpointSession?
  ) throws -> Result {
    let settings = MetropolisHastings.Settings(
      kernel: method.kernel("kernel") ?? MethodSignature.randomWalk.defaults,
      chains: method.int("chains"), draws: method.int("draws"), warmup: method.int("warmup"),
      thin: method.int("thin"))
    let (rows, overflow) = settings.chains.multipliedReportingOverflow(by: settings.draws)
    guard !overflow, rows < Int(Int32.max) else {
      throw Diagnostic(
        "E0606", .limit, "a run has at most \(Int32.max) draws", at: .none,
        hints: ["use fewer chains or draws"])
    }
    let run = try engine.modelRun(
      model, words: words, under: engine.transforms(ofChains: method, model),
      keepsReports: wantsReports)
    let outcome = try MetropolisHastings(
      settings: settings, run: run, key: key, checkpoints: checkpoints
    ).execute()
    let made = settings.chains * outcome.draws
    var posterior = posterior(method, drawCount: made)
    posterior.variables = outcome.variables
    posterior.tallies = outcome.tallies
    posterior.dependence = .chains(count: settings.chains)
    posterior.diagnostics = outcome.diagnostics
    posterior.moves = outcome.moves
    return Result(
      posterior: posterior, columns: outcome.columns,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: made), machine: outcome.machine)
  }
}
