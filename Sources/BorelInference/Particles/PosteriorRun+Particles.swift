import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

extension PosteriorRun {
  // MARK: Particle filters with smoothed tallies

  func paris(_ method: MethodSpecification) throws -> Result {
    var settings = method.parisSettings
    settings.smoothing?.rule = engine.probe.sweep
    return try sequential(settings, transforms: [Sequential(), Weighted()], method)
  }

  /// The mean over groups, weighted by their evidence, with the spread between groups.
  static func smoothedTallies(
    _ program: Program, _ estimates: [[Double]], _ groupLogEvidence: [Double]
  ) -> [Tally] {
    let weights = Weights.normalized(groupLogEvidence, count: groupLogEvidence.count)
    return zip(program.tallies, estimates).map { name, values in
      tally(name, values, weights)
    }
  }

  /// A mean of independent replicates with weights that sum to one.
  private static func tally(_ name: String, _ values: [Double], _ weights: [Double]) -> Tally {
    let kept = values.indices.filter { weights[$0] > 0 }
    let mean = kept.reduce(0) { $0 + weights[$1] * values[$1] }
    guard kept.count >= 8 else { return Tally(name: name, value: mean) }
    let squares = kept.reduce(0.0) { sum, index in
      let term = weights[index] * (values[index] - mean)
      return sum + term * term
    }
    let count = Double(kept.count)
    return Tally(
      name: name, value: mean, standardError: (squares * count / (count - 1)).squareRoot())
  }

  func backwardSmoothing(_ method: MethodSpecification) throws -> Result {
    var settings = BackwardSmoothing.Settings(
      particles: method.int("particles"), groups: method.int("groups"),
      draws: method.int("draws"),
      resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
      threshold: method.real("threshold"))
    if method.name == "fixedLag" {
      settings.lag = method.int("lag")
    } else {
      settings.backward = BackwardMethod(rawValue: method.choice("backward")) ?? .automatic
    }
    try requireLanes(settings.particles, settings.groups)
    try requireLanes(settings.draws, settings.groups)
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: wantsReports)
    let (draws, machine) = try BackwardSmoothing(settings: settings, run: run, key: key)
      .execute(engine.arena)
    let count = settings.draws * settings.groups
    var posterior = posterior(method, drawCount: count)
    posterior.dependence = .groups((0..<count).map { Int32($0 / settings.draws) })
    posterior.variables = draws.variables(model)
    let equal = [Double](repeating: 1 / Double(settings.groups), count: settings.groups)
    posterior.tallies = zip(run.program.tallies, draws.tallies).map { name, sums in
      Self.tally(
        name,
        (0..<settings.groups).map { group in
          let own = sums[(group * settings.draws)..<((group + 1) * settings.draws)]
          return own.reduce(0, +) / Double(settings.draws)
        }, equal)
    }
    return Result(
      posterior: posterior, columns: draws.results,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: count), machine: machine)
  }

  func requireLanes(_ particles: Int, _ groups: Int) throws {
    let (lanes, overflow) = particles.multipliedReportingOverflow(by: groups)
    guard !overflow, lanes < Int(Int32.max) else {
      throw Diagnostic(
        "E0606", .limit, "a run has at most \(Int32.max) lanes", at: .none,
        hints: ["use fewer particles, draws or groups"])
    }
  }

  // MARK: Particle Gibbs

  func particleGibbs(
    _ method: MethodSpecification, _ checkpoints: CheckpointSession?
  ) throws -> Result {
    let settings = try method.gibbsSettings()
    try requireLanes(settings.particles, settings.chains)
    try requireLanes(settings.draws, settings.chains)
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: wantsReports)
    let outcome = try ParticleGibbs(
      settings: settings, run: run, key: key, checkpoints: checkpoints
    ).execute(engine.arena)
    var posterior = posterior(method, drawCount: settings.chains * outcome.draws.draws)
    posterior.dependence = .chains(count: settings.chains)
    posterior.variables = outcome.draws.variables(model)
    posterior.tallies = tallies(run.program, outcome, settings)
    posterior.diagnostics =
      StoppedRun.warning(outcome.draws.draws, of: settings.draws)
      + gibbsWarnings(outcome, settings)
    return Result(
      posterior: posterior, columns: outcome.draws.results,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: posterior.drawCount), machine: outcome.machine)
  }

  func marginalMetropolis(
    _ method: MethodSpecification, _ checkpoints: CheckpointSession?
  ) throws -> Result {
    let settings = MarginalMetropolis.Settings(
      particles: method.int("particles"), chains: method.int("chains"),
      draws: method.int("draws"), burnIn: method.int("burnIn"),
      resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
      threshold: method.real("threshold"))
    try requireLanes(settings.particles, settings.chains)
    try requireLanes(settings.draws, settings.chains)
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: wantsReports)
    let outcome = try MarginalMetropolis(
      settings: settings, run: run, key: key, checkpoints: checkpoints
    ).execute(engine.arena)
    var posterior = posterior(method, drawCount: settings.chains * outcome.draws.draws)
    posterior.dependence = .chains(count: settings.chains)
    posterior.variables = outcome.draws.variables(model)
    posterior.diagnostics = StoppedRun.warning(outcome.draws.draws, of: settings.draws)
    posterior.tallies = Self.chainTallies(run.program, outcome.draws.tallies, settings.chains)
    posterior.diagnostics += Self.acceptanceWarnings(outcome.acceptance)
    return Result(
      posterior: posterior, columns: outcome.draws.results,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: posterior.drawCount), machine: outcome.machine)
  }

  private func tallies(
    _ program: Program, _ outcome: ParticleGibbs.Outcome, _ settings: ParticleGibbs.Settings
  ) -> [Tally] {
    let chains = settings.chains
    let equal = [Double](repeating: 1 / Double(chains), count: chains)
    if settings.backwardDraws > 0 {
      return zip(program.tallies, outcome.estimates).map { Self.tally($0, $1, equal) }
    }
    return Self.chainTallies(program, outcome.draws.tallies, chains)
  }

  /// Warns of chains that hardly move.
  static func acceptanceWarnings(_ rate: Double) -> [Diagnostic] {
    if rate >= 0.02 { return [] }
    return [
      Diagnostic(
        "W0509", .inference, "\(percent(rate)) of the proposals were accepted", at: .none,
        severity: .warning,
        hints: ["use more particles, so that the evidence is estimated with less noise"])
    ]
  }

  /// Means of the tallies of Markov chains.
  static func chainTallies(
    _ program: Program, _ tallies: [[Double]], _ chains: Int
  ) -> [Tally] {
    zip(program.tallies, tallies).map { name, sums in
      let mean = sums.reduce(0, +) / Double(max(sums.count, 1))
      let error = ChainSample(sums, chainCount: chains)?.standardError { $0 }
      return Tally(name: name, value: mean, standardError: error)
    }
  }

  private func gibbsWarnings(
    _ outcome: ParticleGibbs.Outcome, _ settings: ParticleGibbs.Settings
  ) -> [Diagnostic] {
    var warnings: [Diagnostic] = []
    let rates = outcome.updateRates
    if let least = rates.indices.min(by: { rates[$0] < rates[$1] }), rates[least] < 0.1 {
      let canExchange =
        !settings.samplesAncestors && !settings.samplesBackward
        && settings.backwardDraws == 0
      warnings.append(
        Diagnostic(
          "W0502", .inference,
          "the path changed in \(Self.percent(rates[least])) of the sweeps at step \(least) of "
            + "\(rates.count)", at: .none, severity: .warning,
          hints: [
            canExchange && outcome.structure.markov.isMarkov
              ? "use more particles, or 'pgas', which mixes far better here"
              : "use more particles: a path that stays keeps its bias"
          ]))
    }
    if let rate = outcome.parameterRate, rate < 0.1 {
      warnings.append(
        Diagnostic(
          "W0504", .inference, "\(Self.percent(rate)) of the parameter moves led elsewhere",
          at: .none,
          severity: .warning, hints: ["use a longer burn-in, in which the steps are tuned"]))
    }
    return warnings
  }

  private static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
