import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// Markov chains: `metropolisHastingsGreen(kernel) . Traced . Weighted`.
///
/// Every chain starts from a prior draw of positive density, warms up while its kernels adapt, and
/// then keeps one draw per `thin` iterations. The posterior is invariant under what happens after
/// the warm-up. Generated quantities are drawn when a draw is kept.
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
  var checkpoints: CheckpointSession?
  /// Whether proposals run all of the model, generated quantities included.
  var runsWhole = false

  /// Runs the chains. Where a generated quantity fails they start again on the whole model: failing
  /// in a proposal is a rejection there (semantics, 2.6), of which the state has to know.
  func execute() throws -> Outcome {
    do {
      return try executeOnce()
    } catch is FailedOutputs {
      var whole = self
      whole.runsWhole = true
      return try whole.executeOnce()
    }
  }

  private func executeOnce() throws -> Outcome {
    var kernel = settings.kernel.makeKernel()
    let recorder = DrawRecorder(
      run: run, chainCount: settings.chains, draws: settings.draws)
    var chains = try startedChains(keepsParameters: kernel.needsParameters, recorder)
    run.host.engine.probe.starts?.record(chains.logLikelihoods)
    if !runsWhole, chains.run.compiled === run.compiled, settings.kernel.hasGraphKernel,
      let graph = try makeGraph(chains)
    {
      return try execute(on: graph, chains, recorder)
    }
    chains = try leavingOutGenerated(chains, recorder)
    var position = ChainPosition()
    try checkpoints?.resume { reader in
      position = try ChainPosition(from: &reader, settings)
      try kernel.read(from: &reader, chains.read(from: &reader))
      try recorder.read(from: &reader, into: chains.machine.arena)
    }
    func save() {
      checkpoints?.save { writer in
        position.write(to: &writer)
        chains.write(to: &writer)
        kernel.write(to: &writer)
        recorder.write(to: &writer)
      }
    }
    let total = settings.warmup + settings.draws * settings.thin
    if !position.isDrawing {
      // Counting looks at the states, so it is part of the warm-up.
      if settings.warmup > 0, position.warmup == 0 { chains.countVisits() }
      while position.warmup < settings.warmup {
        try kernel.step(chains)
        position.warmup += 1
        tell(position.warmup, of: total, chains.statistics)
        save()
      }
      if settings.warmup > 0 { chains.countVisits() }
      chains.statistics = MoveStatistics()
      position.isDrawing = true
    }
    chains.isAdapting = false
    try keepingDraws(recorder) {
      while position.draws < settings.draws {
        for _ in 0..<settings.thin { try kernel.step(chains) }
        try noticingFailures { try chains.evaluator.replay(chains.current) }
        recorder.record(chains.machine)
        position.draws += 1
        tell(
          settings.warmup + position.draws * settings.thin, of: total, chains.statistics)
        save()
      }
    }
    return outcome(recorder, chains.statistics, chains.machine)
  }

  func keepingDraws(_ recorder: DrawRecorder, _ body: () throws -> Void) throws {
    try StoppedRun.keepingDraws(run.host.engine, made: recorder.recorded, body)
    recorder.trim()
  }

  func outcome(
    _ recorder: DrawRecorder, _ statistics: MoveStatistics, _ machine: Machine
  ) -> Outcome {
    return Outcome(
      variables: run.options.keepsReports ? recorder.variables(run.model) : [],
      columns: recorder.results, tallies: recorder.tallyMeans,
      diagnostics: StoppedRun.warning(recorder.draws, of: settings.draws)
        + statistics.diagnostics(of: run.program, chainCount: settings.chains),
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
    protect(current, evaluator, recorder)
    return Chains(
      run: run, key: key, keys: run.host.engine.probe.chainKeys(machine.groupKeys),
      current: current, evaluator: evaluator)
  }

  /// The collector has to know of objects in traces, proposals and draws.
  func protect(
    _ current: ChoiceStore, _ evaluator: FullEvaluator, _ recorder: DrawRecorder
  ) {
    evaluator.machine.visitDriverRoots = { [weak evaluator] visit in
      current.visitHandles(visit)
      evaluator?.visitHandles(current, visit)
      recorder.visitHandles(visit)
    }
  }

  func tell(_ iteration: Int, of total: Int, _ statistics: @autoclosure () -> MoveStatistics) {
    run.host.engine.progress?.note(iterations: iteration, of: total, unit: "iterations") {
      statistics().acceptance.map { .acceptance($0) }
    }
  }
}
