import BorelBase
import BorelData
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// One inference from method to posterior: chooses the transforms, runs the algorithm, and puts
/// its outcome together.
struct PosteriorRun {
  struct Result {
    var posterior: Posterior
    /// Result words by lane, and their types.
    var columns: [[UInt64]]
    var layout: [IRType]
    var logWeights: [Double]
    /// Owns the objects behind the words.
    var machine: Machine
  }

  let engine: Engine
  let model: ModelInfo
  let words: [UInt64]
  let method: MethodSpecification
  let key: UInt64
  let wantsReports: Bool
  var seed: UInt64 = 0
  var dataHash: UInt64 = 0
  var attributesEvidence = false
  /// Whether the posterior goes to the caller and not to a program, which needs results.
  var isOutermost = false
  /// Nil for a run that leaves none behind: nested ones.
  var checkpoints: CheckpointPlan?

  func execute() throws -> Result {
    let start = ContinuousClock.now
    var result: Result
    let chosen = try resolved()
    try chosen.method.checkMoves(of: model, in: engine.program)
    let session = try checkpointSession(chosen.method)
    switch chosen.method.name {
    case "enumerate": result = try enumerate(chosen.method, chosen.enumerated)
    case "importance":
      result = try sequential(
        SequentialMonteCarlo.Settings(
          particles: chosen.method.int("particles"), groups: 1, resampler: .multinomial,
          threshold: 0),
        transforms: attributesEvidence ? [Sequential(at: .all), Weighted()] : [Weighted()],
        chosen.method)
    case "mh": result = try metropolisHastings(chosen.method, session)
    case "msc": result = try scoreClimbing(chosen.method)
    case "smc": result = try smc(chosen.method)
    case "smc2": result = try smcSquared(chosen.method)
    case "pg", "pgas", "ppg": result = try particleGibbs(chosen.method, session)
    case "pmmh": result = try marginalMetropolis(chosen.method, session)
    case "ffbsi", "fixedLag": result = try backwardSmoothing(chosen.method)
    case "paris": result = try paris(chosen.method)
    case "prior": result = try prior(chosen.method)
    case "tempered": result = try tempered(chosen.method)
    default:
      throw Diagnostic(
        "E0701", .usage, "method '\(method.name)' cannot be run here", at: .none)
    }
    result.posterior.diagnostics = chosen.notes + engine.diagnostics + result.posterior.diagnostics
    engine.diagnostics = []
    result.posterior.variables = Variable.withoutRepeatedNames(result.posterior.variables)
    if wantsReports { result.posterior.addChainWarnings() }
    result.posterior.timing.seconds = Double((ContinuousClock.now - start).nanoseconds) * 1e-9
    return result
  }

  /// The method to run; `auto` chooses and says why.
  private func resolved() throws -> (
    method: MethodSpecification, notes: [Diagnostic], enumerated: MethodChoice.Enumerated?
  ) {
    guard method.name == "auto" else { return (method, [], nil) }
    let choice = try MethodChoice.choose(
      engine: engine, model: model, words: words, wantsReports: wantsReports)
    return (
      choice.method,
      [
        Diagnostic(
          "N0501", .inference, "method: \(choice.method.text) (\(choice.reason))", at: .none,
          severity: .note)
      ],
      choice.enumerated
    )
  }

  func posterior(_ method: MethodSpecification, drawCount: Int) -> Posterior {
    Posterior(
      model: model.name, method: method.text, seed: seed, variables: [],
      drawCount: drawCount,
      manifest: Manifest(
        seed: seed, method: method.completeText, dataHash: dataHash,
        instructionSet: String(cString: borel_isa_name(borel_isa())), threadCount: engine.threads))
  }

  // MARK: Weighted lanes

  private func smc(_ method: MethodSpecification) throws -> Result {
    let placement = Sequential.Placement(rawValue: method.choice("checkpoints"))
    return try sequential(
      SequentialMonteCarlo.Settings(
        particles: method.int("particles"), groups: method.int("groups"),
        resampler: Resampler(rawValue: method.choice("resampler")) ?? .systematic,
        threshold: method.real("threshold"), rule: engine.probe.resampling,
        rejuvenation: method.kernel("rejuvenate")),
      transforms: method.kernel("rejuvenate") == nil
        ? [Sequential(at: placement), Weighted()]
        : [Traced(models: [model.function]), Sequential(at: placement), Weighted()], method)
  }

  func sequential(
    _ settings: SequentialMonteCarlo.Settings, transforms: [any Transform],
    _ method: MethodSpecification
  ) throws -> Result {
    let (lanes, overflow) = settings.particles.multipliedReportingOverflow(by: settings.groups)
    guard !overflow, lanes < Int(Int32.max) else {
      throw Diagnostic(
        "E0606", .limit, "a run has at most \(Int32.max) lanes", at: .none,
        hints: ["use fewer particles or groups"])
    }
    let run = try engine.modelRun(
      model, words: words, under: transforms, keepsReports: wantsReports)
    if settings.smoothing != nil {
      let structure = run.host.engine.smoothingStructure(run)
      try structure.requireChain(for: method.name)
      try structure.requireNoParameters(for: method.name)
    }
    var settings = settings
    settings.keepsPartial = isOutermost
    let outcome = try SequentialMonteCarlo(settings, run: run, key: key).execute()
    if outcome.isStopped { return stopped(settings, outcome, run, method) }
    let machine = outcome.machine
    let (columns, present) = machine.results(width: run.resultWidth)
    var posterior = posterior(method, drawCount: lanes)
    posterior.logWeights = outcome.logWeights
    posterior.dependence = dependence(settings, outcome)
    posterior.evidence = EvidenceEstimate.make(
      groupLogEvidence: outcome.groupLogEvidence, logWeights: outcome.logWeights,
      eves: outcome.eves, resamplings: outcome.resamplings.max() ?? 0,
      resampler: settings.resampler, effectiveSampleSize: outcome.effectiveSampleSize)
    posterior.variables =
      PathReader.variables(outcome.history, program: run.program, laneCount: lanes)
      + PathReader.resultVariables(
        model.result, columns, present: present, program: run.program)
    if wantsReports {
      (posterior.observations, posterior.steps) = outcome.shares.outcome()
      posterior.tallies =
        outcome.smoothedTallies.map {
          Self.smoothedTallies(run.program, $0, outcome.groupLogEvidence)
        } ?? tallies(machine, posterior, run.program)
      posterior.diagnostics =
        rejections(machine)
        + warnings(outcome.effectiveSampleSize ?? posterior.essWeights, lanes)
      if outcome.resamplings.contains(where: { $0 > 0 }) {
        posterior.addThinningWarning(parameters: engine.smoothingStructure(run).parameterNames)
        posterior.addPopulationWarning(groupLogEvidence: outcome.groupLogEvidence)
      }
    }
    return Result(
      posterior: posterior, columns: columns,
      layout: model.result.layout(run.program.enumerations), logWeights: outcome.logWeights,
      machine: machine)
  }

  /// What particles between two checkpoints know: the latents up to there. There is no result and
  /// no evidence of all data.
  private func stopped(
    _ settings: SequentialMonteCarlo.Settings, _ outcome: SequentialMonteCarlo.Outcome,
    _ run: ModelRun, _ method: MethodSpecification
  ) -> Result {
    let lanes = outcome.logWeights.count
    var posterior = posterior(method, drawCount: lanes)
    posterior.logWeights = outcome.logWeights
    posterior.dependence = dependence(settings, outcome)
    posterior.variables = PathReader.variables(
      outcome.history, program: run.program, laneCount: lanes)
    (posterior.observations, posterior.steps) = outcome.shares.outcome()
    let last = posterior.steps.last?.observation.map { posterior.observations[$0] }
    posterior.diagnostics =
      [StoppedRun.warning(checkpoints: outcome.checkpoints, last: last)]
      + rejections(outcome.machine) + warnings(posterior.essWeights, lanes)
    let layout = model.result.layout(run.program.enumerations)
    return Result(
      posterior: posterior,
      columns: layout.map { _ in [UInt64](repeating: 0, count: lanes) }, layout: layout,
      logWeights: outcome.logWeights, machine: outcome.machine)
  }

  private func dependence(
    _ settings: SequentialMonteCarlo.Settings, _ outcome: SequentialMonteCarlo.Outcome
  ) -> Posterior.Dependence {
    if settings.groups > 1 {
      return .groups(
        (0..<(settings.particles * settings.groups)).map { Int32($0 / settings.particles) })
    }
    return (outcome.resamplings.first ?? 0) > 0 ? .lineages(outcome.eves) : .independent
  }

  func tallies(
    _ machine: Machine, _ posterior: Posterior, _ program: Program
  ) -> [Tally] {
    if program.tallies.isEmpty { return [] }
    let weights = posterior.normalizedWeights
    return program.tallies.enumerated().map { number, name in
      let sample = WeightedSample(
        Variable(name: name, kind: .real, values: machine.tally(number)), weights: weights)
      let mean = sample.mean
      return Tally(
        name: name, value: mean,
        standardError: ErrorEstimator(posterior, sample).standardError(mean: mean, of: { $0 }))
    }
  }

  /// Executions that failed and were given weight zero, by line.
  private func rejections(_ machine: Machine) -> [Diagnostic] {
    machine.takeRejections().map { rejection in
      Diagnostic(
        "W0503", .inference,
        "\(rejection.count) executions failed here and were given weight zero",
        at: rejection.span, severity: .warning,
        hints: ["this conditions on not failing; a `require` in front of it says so in the model"])
    }
  }

  private func warnings(_ ess: Double, _ lanes: Int) -> [Diagnostic] {
    guard lanes >= 100, ess < 100, ess < Double(lanes) / 10 else { return [] }
    return [
      Diagnostic(
        "W0501", .inference,
        "the effective sample size of the weights is \(Int(ess)) of \(lanes) draws", at: .none,
        severity: .warning,
        hints: ["the answers rest on few draws: use more particles or another method"])
    ]
  }

  // MARK: Exact and prior

  private func enumerate(
    _ method: MethodSpecification, _ known: MethodChoice.Enumerated?
  ) throws -> Result {
    let (run, outcome) = try known.map { ($0.run, $0.outcome) } ?? enumerated(method)
    let lanes = outcome.probabilities.count
    let logWeights = outcome.probabilities.map { $0 > 0 ? borel_log($0) : -.infinity }
    var posterior = posterior(method, drawCount: lanes)
    posterior.isExact = true
    posterior.logWeights = logWeights
    posterior.evidence = Evidence(logValue: outcome.logEvidence, standardError: 0)
    posterior.diagnostics = rejections(outcome.machine)
    if outcome.unexplored > 0 { truncate(&posterior, outcome, run) }
    posterior.tallies = zip(run.program.tallies, outcome.tallies).map {
      Tally(name: $0, value: $1, standardError: posterior.truncation == nil ? 0 : nil)
    }
    if wantsReports {
      posterior.variables =
        outcome.variables
        + PathReader.resultVariables(
          model.result, outcome.resultColumns,
          present: [Bool](repeating: true, count: lanes), program: run.program)
    }
    return Result(
      posterior: posterior, columns: outcome.resultColumns,
      layout: model.result.layout(run.program.enumerations), logWeights: logWeights,
      machine: outcome.machine)
  }

  private func enumerated(
    _ method: MethodSpecification
  ) throws -> (ModelRun, Enumeration.Outcome) {
    let tolerance = method.real("tolerance")
    let run = try engine.modelRun(
      model, words: words,
      under: [
        Enumerated(coverage: tolerance > 0 ? .partial : .complete, models: [model.function]),
        Weighted(),
      ],
      keepsReports: wantsReports)
    let outcome = try Enumeration.execute(
      Enumeration.Settings(tolerance: tolerance, executions: method.int("executions")),
      run: run, wantsReports: wantsReports)
    return (run, outcome)
  }

  /// What is left out is at most its weight so far when later scores are probabilities. With mass
  /// u beside an evidence Z, the evidence lies between Z and Z + u, and a probability p between
  /// p Z / (Z + u) and (p Z + u) / (Z + u).
  private func truncate(
    _ posterior: inout Posterior, _ outcome: Enumeration.Outcome, _ run: ModelRun
  ) {
    let ratio = borel_exp(borel_log(outcome.unexplored) - outcome.logEvidence)
    let isBounded = WeightBound.scoresAreProbabilities(run.program, model: model.function)
    posterior.truncation = Posterior.Truncation(
      leftOut: outcome.unexplored, bound: isBounded ? ratio / (1 + ratio) : nil)
    posterior.evidence = Evidence(
      logValue: outcome.logEvidence, standardError: isBounded ? borel_log1p(ratio) : nil,
      reason: isBounded
        ? "a bound, from the executions that were left out"
        : "executions were left out whose weights have no bound")
    posterior.diagnostics.append(
      Diagnostic(
        "N0502", .inference,
        "prior mass \(outcome.unexplored) was not explored"
          + (isBounded ? ": probabilities are exact to \(NumberText.short(ratio, digits: 2))" : ""),
        at: .none, severity: .note))
  }

  private func prior(_ method: MethodSpecification) throws -> Result {
    let draws = method.int("draws")
    let run = try engine.modelRun(
      model, words: words, under: [Simulated(model: model.function)], keepsReports: wantsReports)
    let outcome = try ForwardSimulation(draws: draws, run: run, key: key).execute()
    var posterior = posterior(method, drawCount: draws)
    posterior.variables = outcome.variables
    return Result(
      posterior: posterior, columns: outcome.columns,
      layout: model.result.layout(run.program.enumerations),
      logWeights: [Double](repeating: 0, count: draws), machine: outcome.machine)
  }
}
