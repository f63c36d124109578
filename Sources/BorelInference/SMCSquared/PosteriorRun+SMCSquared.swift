import BorelBase
import BorelData
import BorelTransforms

extension PosteriorRun {
  /// Particles over the parameters with a particle filter each.
  func smcSquared(_ method: MethodSpecification) throws -> Result {
    let resampler = Resampler(rawValue: method.choice("resampler")) ?? .systematic
    let settings = SMCSquared.Settings(
      particles: method.int("particles"), inner: method.int("inner"),
      populations: method.int("groups"), steps: method.int("steps"),
      scale: method.real("scale"), threshold: method.real("threshold"),
      filters: .init(resampler: resampler, threshold: method.real("innerThreshold")),
      exchange: method.real("exchange"))
    try requireLanes(settings.particles, settings.populations)
    try requireLanes(settings.particles * settings.populations, settings.inner)
    let run = try engine.modelRun(
      model, words: words,
      under: [Traced(models: [model.function]), Sequential(), Weighted()],
      keepsReports: wantsReports)
    let outcome = try SMCSquared(settings, run: run, key: key).execute()
    let machine = outcome.machine
    let lanes = outcome.logWeights.count
    var posterior = posterior(method, drawCount: lanes)
    posterior.logWeights = outcome.logWeights
    let perPopulation = settings.particles * outcome.inner
    posterior.dependence =
      settings.populations > 1
      ? .groups((0..<lanes).map { Int32($0 / perPopulation) })
      : .lineages((0..<lanes).map { outcome.eves[$0 / outcome.inner] })
    posterior.evidence = EvidenceEstimate.make(
      groupLogEvidence: outcome.logEvidence, logWeights: outcome.parameterLogWeights,
      eves: outcome.eves, resamplings: outcome.resamplings, resampler: resampler)
    posterior.variables = run.variables(machine, outcome.history)
    if wantsReports {
      posterior.tallies = tallies(machine, posterior, run.program)
      posterior.diagnostics = Self.notes(outcome, settings)
    }
    return Result(
      posterior: posterior, columns: machine.results(width: run.resultWidth).0,
      layout: model.result.layout(run.program.enumerations), logWeights: outcome.logWeights,
      machine: machine)
  }

  private static func notes(
    _ outcome: SMCSquared.Outcome, _ settings: SMCSquared.Settings
  ) -> [Diagnostic] {
    if outcome.proposed == 0 { return [] }
    let rate = Double(outcome.accepted) / Double(outcome.proposed)
    let percent = Int((rate * 100).rounded())
    let sizes =
      outcome.inner == settings.inner
      ? "" : "; filters grew from \(settings.inner) to \(outcome.inner) executions"
    var found = [
      Diagnostic(
        "N0506", .inference,
        "parameters moved \(outcome.resamplings) times, \(percent) % accepted\(sizes)", at: .none,
        severity: .note)
    ]
    if rate < 0.02 {
      found.append(
        Diagnostic(
          "W0506", .inference, "\(percent) % of the moves of parameters were accepted", at: .none,
          severity: .warning, hints: ["use larger filters, so that evidence has less noise"]))
    }
    return found
  }
}
