import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// Markov chains: `metropolisHastingsGreen(kernel) . Traced . Weighted`.
///
/// Every chain starts from a prior draw of positive density, warms up while its kernels adapt, and
/// then keeps one draw per `thin` iterations. The posterior is invariant under what happens after
/// the warm-up.
struct MetropolisHastings {
  struct Settings {
    var kernel: MethodSpecification
    var chains: Int
    var draws: Int
    var warmup: Int
    var thin: Int
  }

  struct Outcome {
    var variables: [Variable]
    var columns: [[UInt64]]
    var tallies: [Tally]
    var diagnostics: [Diagnostic]
    var moves: [MoveShare]
    /// Of each chain; fewer than were asked for when the run was stopped.
    var draws: Int
    /// Owns the objects behind the words.
    var machine: Machine
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64

  func execute() throws -> Outcome {
    var kernel = settings.kernel.makeKernel()
    let recorder = DrawRecorder(
      run: run, chainCount: settings.chains, draws: settings.draws)
    let chains = try startedChains(keepsParameters: kernel.needsParameters, recorder)
    run.host.engine.probe.starts?.record(chains.logLikelihoods)
    if chains.run.compiled === run.compiled, settings.kernel.hasGraphKernel,
      let graph = try makeGraph(chains)
    {
      return try execute(on: graph, chains, recorder)
    }
    // Counting looks at the states, so it is part of the warm-up.
    if settings.warmup > 0 { chains.countVisits() }
    let total = settings.warmup + settings.draws * settings.thin
    for iteration in 0..<settings.warmup {
      try kernel.step(chains)
      tell(iteration, of: total)
    }
    if settings.warmup > 0 { chains.countVisits() }
    chains.isAdapting = false
    chains.statistics = MoveStatistics()
    try keepingDraws(recorder) {
      for draw in 0..<settings.draws {
        for _ in 0..<settings.thin { try kernel.step(chains) }
        try chains.evaluator.replay(chains.current)
        recorder.record(chains.machine)
        tell(settings.warmup + (draw + 1) * settings.thin, of: total)
      }
    }
    return outcome(recorder, chains.statistics, chains.machine)
  }

  /// Makes draws. When the user stops that, those made so far are kept, if the caller wants them.
  func keepingDraws(_ recorder: DrawRecorder, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let interruption as Interruption {
      guard let keepDone = run.host.engine.limits.keepDone,
        recorder.recorded >= Self.leastDraws
      else { throw interruption }
      keepDone()
      recorder.trim()
    }
  }

  /// Fewer draws per chain say nothing about convergence.
  private static let leastDraws = 4

  func outcome(
    _ recorder: DrawRecorder, _ statistics: MoveStatistics, _ machine: Machine
  ) -> Outcome {
    var diagnostics = statistics.diagnostics(of: run.program, chainCount: settings.chains)
    if recorder.draws < settings.draws {
      diagnostics.insert(.stopped(after: recorder.draws, of: settings.draws), at: 0)
    }
    return Outcome(
      variables: run.options.keepsReports ? recorder.variables(run.model) : [],
      columns: recorder.results, tallies: recorder.tallyMeans,
      diagnostics: diagnostics,
      moves: statistics.shares(of: run.program, chainCount: settings.chains),
      draws: recorder.draws, machine: machine)
  }

  /// Chains with states: prior draws, else a particle filter where there are checkpoints.
  private func startedChains(
    keepsParameters: Bool, _ recorder: DrawRecorder
  ) throws -> Chains {
    let chains = makeChains(run, keepsParameters: keepsParameters, recorder)
    let missing = try InitialState.search(chains)
    if missing.isEmpty { return chains }
    let failure = InitialState.failure(missing, chains)
    let model = run.model
    let sequential = try run.host.engine.modelRun(
      model, words: run.arguments,
      under: [Traced(models: [model.function]), Sequential(), Weighted()],
      keepsReports: run.options.keepsReports)
    let others = makeChains(sequential, keepsParameters: keepsParameters, recorder)
    if try !InitialFilter.search(others, run: sequential, key: key).isEmpty {
      throw try explained(failure)
    }
    return others
  }

  /// The failure with what a filter that stops at errors reports: the first datum that no execution
  /// agrees with, or else what fails in a live one.
  private func explained(_ failure: Diagnostic) throws -> Diagnostic {
    let weighted = try run.host.engine.modelRun(
      run.model, words: run.arguments, under: [Sequential(), Weighted()], keepsReports: false)
    let settings = SequentialMonteCarlo.Settings(
      particles: 1_000, groups: 1, resampler: .systematic, threshold: 0.5)
    do {
      _ = try SequentialMonteCarlo(settings, run: weighted, key: key).execute()
      return failure
    } catch let problem as Diagnostic {
      guard problem.code == "E0502" else { return problem }
      var explained = failure
      explained.span = problem.span
      explained.hints = problem.hints + ["start from a model that allows more"]
      return explained
    }
  }

  private func makeChains(
    _ run: ModelRun, keepsParameters: Bool, _ recorder: DrawRecorder
  ) -> Chains {
    let machine = run.makeMachine(key: key, groups: settings.chains, lanesPerGroup: 1)
    let schema = ChoiceSchema()
    let current = ChoiceStore(
      laneCount: settings.chains, keepsParameters: keepsParameters, schema: schema)
    let evaluator = FullEvaluator(
      run: run, machine: machine, schema: schema, keepsParameters: keepsParameters)
    machine.visitDriverRoots = { [weak evaluator] visit in
      current.visitHandles(visit)
      evaluator?.visitHandles(current, visit)
      recorder.visitHandles(visit)
    }
    return Chains(
      run: run, key: key, keys: run.host.engine.probe.chainKeys(machine.groupKeys),
      current: current, evaluator: evaluator)
  }

  func tell(_ iteration: Int, of total: Int) {
    run.host.engine.progress?.note(iterations: iteration, of: total, unit: "iterations")
  }
}

extension Diagnostic {
  fileprivate static func stopped(after draws: Int, of wanted: Int) -> Diagnostic {
    Diagnostic(
      "W0505", .inference,
      "the run was stopped after \(draws) of \(wanted) draws of each chain", at: .none,
      severity: .warning, hints: ["the result rests on these"])
  }
}
