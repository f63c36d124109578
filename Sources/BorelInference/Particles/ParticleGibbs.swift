import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Particle Gibbs: conditional sweeps one after the other, parameters moved in between; with a
/// smoother, Parisian particle Gibbs. Chains are groups of lanes of one machine.
///
/// The first sweep is unconditional. Parameters (semantics of the state: `docs/particle-methods.md`)
/// are the same for all lanes of a chain during a sweep.
///
/// Source: Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods, section
/// 4.3; Cardoso, Janati El Idrissi, Le Corff, Moulines, Olsson (2023), State and parameter learning
/// with PaRIS particle Gibbs, algorithm 3.
struct ParticleGibbs {
  struct Settings {
    var name: String
    var particles: Int
    var chains: Int
    /// Kept sweeps of each chain.
    var draws: Int
    var burnIn: Int
    var resampler: Resampler
    var threshold: Double
    var samplesAncestors = false
    var samplesBackward = false
    /// Backward draws per lane of the smoother; 0 for none.
    var backwardDraws = 0
    var backwardMethod = BackwardMethod.automatic
    /// Parameter moves after each sweep.
    var moves = 1
  }

  struct Outcome {
    var draws: PathDraws
    var machine: Machine
    /// Smoothed tallies, averaged over the kept sweeps: `[tally][chain]`; empty without a smoother.
    var estimates: [[Double]]
    /// Share of sweeps in which the path changed, by step; over all chains.
    var updateRates: [Double]
    /// Share of parameter moves that led elsewhere; nil without parameters.
    var parameterRate: Double?
    var structure: SmoothingStructure
    /// The paths of the last sweep, after the last move of the parameters.
    var retained: RetainedPath?
    /// Of the last sweep, by chain: too high on average, since one lane is conditioned.
    var logEvidence: [Double] = []
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64
  var checkpoints: CheckpointSession?
  /// Paths of the chains from earlier sweeps; without them the first sweep is unconditional.
  var start: RetainedPath?
  /// Whether the sweeps are a part of another run, which reports progress and says what becomes of
  /// a run that is stopped.
  var isPart = false

  func execute(_ arena: Arena) throws -> Outcome {
    let structure = run.host.engine.smoothingStructure(run)
    let needsChain =
      settings.samplesAncestors || settings.samplesBackward || settings.backwardDraws > 0
    if needsChain { try structure.requireChain(for: settings.name) }
    let machine = run.makeMachine(
      key: key, groups: settings.chains, lanesPerGroup: settings.particles)
    let population = LanePopulation(
      run, machine: machine, structure: structure, replaysSteps: needsChain, keepsSteps: true,
      keepsTallies: settings.samplesBackward)
    var parameters: ParameterMoves?
    if !structure.parameterUses.isEmpty, settings.moves > 0 {
      parameters = ParameterMoves(
        run, key: key, chains: settings.chains, uses: structure.parameterUses)
    }
    var outcome = Outcome(
      draws: PathDraws(run, chains: settings.chains, draws: settings.draws, arena: arena),
      machine: machine, estimates: [], updateRates: [], structure: structure)
    population.retained = start
    // Sums over the kept sweeps that had a smoother.
    var (sums, summed) = ([[Double]](), 0)
    var rates = UpdateRates(chains: settings.chains, parameters: structure.parameterUses)
    var done = 0
    try checkpoints?.resume { reader in
      done = try reader.readInt(in: 1..<(settings.burnIn + settings.draws + 1))
      machine.goOn(fromGeneration: try reader.readGeneration())
      population.retained = try RetainedPath(
        from: &reader, groups: settings.chains, program: run.compiled, into: machine.arena)
      try parameters?.read(from: &reader)
      try rates.read(from: &reader)
      summed = try reader.readInt(in: 0..<(done + 1))
      sums = try (0..<reader.readCount()).map { _ in try reader.readDoubles() }
      guard sums.allSatisfy({ $0.count == settings.chains }),
        sums.isEmpty || sums.count == run.program.tallies.count
      else { throw DamagedState() }
      try outcome.draws.read(max(0, done - settings.burnIn), from: &reader)
    }
    func sweepOnce(_ sweep: Int) throws {
      let result = try runSweep(population, sweep, structure, needsChain: needsChain)
      outcome.logEvidence = result.logEvidence
      if sweep == 0, start == nil { run.host.engine.probe.starts?.record(result.logEvidence) }
      if var retained = population.retained {
        population.retained = nil
        let changes = retained.replace(
          by: result.path, population.keptRecords, program: run.compiled)
        if sweep >= settings.burnIn { rates.add(retained, changes) }
        population.retained = retained
      } else {
        population.retained = RetainedPath(
          result.path, population.keptRecords, program: run.compiled)
      }
      if sweep >= settings.burnIn {
        outcome.draws.add(
          sweep - settings.burnIn, records: population.keptRecords, path: result.path,
          machine: machine,
          tallies: settings.samplesBackward ? try population.tallies(along: result.path) : [])
        if let smoother = result.smoother {
          Self.add(smoother.estimates, to: &sums)
          summed += 1
        }
      }
      population.forgetSteps()
      for _ in 0..<settings.moves where parameters != nil {
        try parameters?.move(&population.retained, adapting: sweep < settings.burnIn)
      }
      checkpoints?.save { writer in
        writer.write(sweep + 1)
        writer.write(UInt64(machine.generation))
        population.retained?.write(to: &writer)
        parameters?.write(to: &writer)
        rates.write(to: &writer)
        writer.write(summed)
        writer.write(sums.count)
        for values in sums { writer.write(values) }
        outcome.draws.write(max(0, sweep + 1 - settings.burnIn), to: &writer)
      }
    }
    try StoppedRun.keepingDraws(run.host.engine, made: isPart ? 0 : done - settings.burnIn) {
      while done < settings.burnIn + settings.draws {
        try sweepOnce(done)
        done += 1
        if isPart { continue }
        run.host.engine.progress?.note(
          iterations: done, of: settings.burnIn + settings.draws, unit: "sweeps"
        ) { rates.mean.map { .renewal($0) } }
      }
    }
    outcome.draws.trim(to: done - settings.burnIn)
    outcome.estimates = sums.map { $0.map { $0 / Double(summed) } }
    outcome.retained = population.retained
    outcome.updateRates = rates.values
    outcome.parameterRate = parameters?.rate
    return outcome
  }

  private func runSweep(
    _ population: LanePopulation, _ sweep: Int, _ structure: SmoothingStructure, needsChain: Bool
  ) throws -> ConditionalSweep.Outcome {
    let isFirst = population.retainedSteps == 0
    // Lanes of the first sweep have parameters of their own, so that steps cannot be exchanged.
    let mayExchange = !isFirst || structure.parameterUses.isEmpty
    let keys = population.machine.groupKeys
    let kinds = [
      BOREL_KEY_RESAMPLING, BOREL_KEY_MOVE, BOREL_KEY_BACKWARD, BOREL_KEY_SWEEP,
    ]
    let machine = population.machine
    let rule = run.host.engine.probe.sweep
    let kernel = ConditionalSweep(
      settings: .init(
        resampler: settings.resampler, threshold: settings.threshold,
        samplesAncestors: settings.samplesAncestors && mayExchange,
        samplesBackward: settings.samplesBackward && mayExchange, isAligned: needsChain,
        rule: rule)
    ) { purpose, group, step in
      run.driverChoices(
        key: keys[group], kind: Int(kinds[purpose.rawValue]),
        index: UInt64(machine.generation) << 32 | UInt64(step))
    }
    let smoother =
      settings.backwardDraws > 0 && mayExchange
      ? TallySmoother(
        method: settings.backwardMethod, draws: settings.backwardDraws, keepsIndices: true,
        rule: rule) : nil
    return try kernel.run(population, smoother: smoother) {
      throw ObservationLedger.impossible(machine)
    }
  }

  private static func add(_ estimates: [[Double]], to sums: inout [[Double]]) {
    if sums.isEmpty {
      sums = estimates
      return
    }
    for tally in sums.indices {
      for group in sums[tally].indices { sums[tally][group] += estimates[tally][group] }
    }
  }
}

/// How often the path of a chain changes, step by step: a path that stays removes no bias.
struct UpdateRates {
  private let chains: Int
  /// Instructions whose choices a sweep keeps.
  private let parameters: Set<Int>
  private var changes: [Double] = []
  private var comparisons = 0.0

  init(chains: Int, parameters: Set<Int>) {
    self.chains = chains
    self.parameters = parameters
  }

  /// - Parameter hasChanged: By step and chain, shape `[steps][chains]`.
  mutating func add(_ path: RetainedPath, _ hasChanged: [Bool]) {
    if changes.count < path.steps.count {
      changes += [Double](repeating: 0, count: path.steps.count - changes.count)
    }
    comparisons += Double(chains)
    for (step, table) in path.steps.enumerated() {
      let isFree = !table.hasChoices(besides: parameters)
      for chain in 0..<chains where isFree || hasChanged[step * chains + chain] {
        changes[step] += 1
      }
    }
  }

  /// The mean over steps; nil before there is anything to compare.
  var mean: Double? {
    let values = values
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  func write(to writer: inout StateWriter) {
    writer.write(changes)
    writer.write(comparisons)
  }

  mutating func read(from reader: inout StateReader) throws {
    changes = try reader.readDoubles()
    comparisons = try reader.readDouble()
  }

  /// Share of the sweeps in which each step changed; 1 for steps without choices of their own.
  var values: [Double] { comparisons > 0 ? changes.map { $0 / comparisons } : [] }
}
