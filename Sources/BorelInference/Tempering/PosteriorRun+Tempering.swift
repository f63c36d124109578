import BorelBase
import BorelData
import BorelTransforms

extension PosteriorRun {
  /// A sampler by powers of the likelihood.
  func tempered(_ method: MethodSpecification) throws -> Result {
    let stages = method.int("stages")
    let settings = TemperedSampler.Settings(
      particles: method.int("particles"), groups: method.int("groups"),
      kernel: method.kernel("kernel") ?? MethodSignature.randomWalk.defaults,
      steps: method.int("steps"),
      ladder: stages > 0 ? .fixed(stages: stages) : .adaptive(share: method.real("ess")),
      resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
      isAdapting: stages == 0, rule: engine.probe.resampling)
    try requireLanes(settings.particles, settings.groups)
    let run = try engine.modelRun(
      model, words: words, under: [Traced(models: [model.function]), Weighted()],
      keepsReports: wantsReports)
    let outcome = try TemperedSampler(settings: settings, run: run, key: key).execute()
    let machine = outcome.machine
    let lanes = outcome.logWeights.count
    var posterior = posterior(method, drawCount: lanes)
    posterior.logWeights = outcome.logWeights
    posterior.dependence =
      settings.groups > 1
      ? .groups((0..<lanes).map { Int32($0 / settings.particles) }) : .lineages(outcome.eves)
    posterior.evidence = EvidenceEstimate.make(
      groupLogEvidence: outcome.groupLogEvidence, logWeights: outcome.logWeights,
      eves: outcome.eves, resamplings: outcome.resamplings, resampler: settings.resampler)
    posterior.variables = run.variables(machine, outcome.history)
    if wantsReports {
      posterior.tallies = tallies(machine, posterior, run.program)
      posterior.moves = outcome.statistics.shares(of: run.program, chainCount: lanes)
      posterior.diagnostics =
        [.exponents(outcome.exponents)] + outcome.statistics.acceptanceNotes
        + (outcome.movedShare < 0.5 ? [.stillParticles(outcome.movedShare)] : [])
    }
    return Result(
      posterior: posterior, columns: machine.results(width: run.resultWidth).0,
      layout: model.result.layout(run.program.enumerations), logWeights: outcome.logWeights,
      machine: machine)
  }
}

extension Diagnostic {
  /// Exponents that a note lists.
  private static let shownExponents = 8

  fileprivate static func exponents(_ exponents: [Double]) -> Diagnostic {
    let shown =
      exponents.count <= shownExponents
      ? exponents.map { NumberText.short($0, digits: 2) }
      : exponents.prefix(shownExponents - 2).map { NumberText.short($0, digits: 2) } + ["...", "1"]
    return Diagnostic(
      "N0505", .inference,
      "\(exponents.count) powers of the likelihood: " + shown.joined(separator: ", "), at: .none,
      severity: .note)
  }

  fileprivate static func stillParticles(_ share: Double) -> Diagnostic {
    Diagnostic(
      "W0506", .inference,
      "moves changed \(Int((share * 100).rounded())) % of the executions at the last power",
      at: .none, severity: .warning,
      hints: ["many draws are copies of others: use more steps, or another kernel"])
  }
}
