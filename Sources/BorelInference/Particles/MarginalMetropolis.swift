import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Particle marginal Metropolis-Hastings: parameters are proposed, and a particle filter with the
/// proposed parameters estimates the evidence that decides. Since the estimate is unbiased, the
/// chain has the exact posterior for any number of particles. Chains are groups of lanes of one
/// machine. Without parameters every proposal is a new path.
///
/// Source: Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods, section
/// 4.4 and theorem 4.
struct MarginalMetropolis {
  struct Settings {
    var particles: Int
    var chains: Int
    /// Kept draws of each chain.
    var draws: Int
    var burnIn: Int
    var resampler: Resampler
    var threshold: Double
  }

  struct Outcome {
    var draws: PathDraws
    var machine: Machine
    /// Share of the proposals after the burn-in that were accepted.
    var acceptance: Double
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64
  /// Nil for runs that leave no checkpoints.
  var checkpoints: CheckpointSession?

  /// What the chains have now.
  private struct State {
    /// Choices of the first step.
    var table: ChoiceTable
    var logEvidence: [Double]
  }

  func execute(_ arena: Arena) throws -> Outcome {
    let structure = run.host.engine.smoothingStructure(run)
    let chains = settings.chains
    let machine = run.makeMachine(
      key: key, groups: chains, lanesPerGroup: settings.particles)
    let population = LanePopulation(
      run, machine: machine, structure: structure, replaysSteps: false, keepsSteps: true)
    var proposals = ParameterProposals(
      run, key: key, chains: chains, uses: structure.parameterUses)
    var outcome = Outcome(
      draws: PathDraws(run, chains: chains, draws: settings.draws, arena: arena),
      machine: machine, acceptance: 0)
    let filters = ParameterFilters(
      run: run, population: population, resampler: settings.resampler,
      threshold: settings.threshold)
    var state = try start(filters, proposals, &outcome.draws)
    // What fails under proposed parameters speaks against them.
    machine.rejectsFailures = !proposals.isEmpty
    var (accepted, tried) = (0, 0)
    func propose(_ round: Int) throws {
      let index = round - settings.burnIn
      let proposal = try proposals.propose(from: state.table, round: round)
      let isPossible = (0..<chains).map { proposal.isPossible(chain: $0) }
      population.fixedParameters =
        proposals.isEmpty ? nil : proposal.table(proposed: isPossible)
      let sweep = try filters.sweep()
      let isAccepted = (0..<chains).map { chain in
        isPossible[chain]
          && accepts(
            AcceptanceFactors(
              logLikelihoodNew: sweep.logEvidence[chain],
              logLikelihoodOld: state.logEvidence[chain],
              logKeptNew: proposal.logPriors[2 * chain + 1],
              logKeptOld: proposal.logPriors[2 * chain],
              logHastings: proposal.logHastings[chain], countOld: 1, countNew: 1),
            machine.groupKeys[chain], round)
      }
      for chain in 0..<chains {
        if isAccepted[chain] { state.logEvidence[chain] = sweep.logEvidence[chain] }
        if index >= 0 { tried += 1 }
        if index < 0 {
          proposals.learn(proposal, chain: chain, isAccepted: isAccepted[chain])
        } else if isAccepted[chain] {
          accepted += 1
        } else {
          outcome.draws.repeatDraw(index, chain: chain)
        }
      }
      state.table = proposal.table(proposed: isAccepted)
      outcome.draws.add(
        max(0, index), records: population.keptRecords, path: sweep.path, machine: machine,
        chains: isAccepted)
    }
    let rounds = settings.burnIn + settings.draws
    var round = 0
    try checkpoints?.resume { reader in
      round = try reader.readInt(in: 1..<(rounds + 1))
      machine.goOn(fromGeneration: try reader.readGeneration())
      state.table = try ChoiceTable(from: &reader, program: run.compiled, into: run.dataArena)
      state.table.ownObjects(in: run.dataArena)
      state.logEvidence = try reader.readDoubles()
      guard state.table.rowCount == chains, state.logEvidence.count == chains else {
        throw DamagedState()
      }
      try proposals.read(from: &reader)
      accepted = try reader.readInt(in: 0..<Int.max)
      tried = try reader.readInt(in: 0..<Int.max)
      outcome.draws = PathDraws(run, chains: chains, draws: settings.draws, arena: arena)
      try outcome.draws.read(max(1, round - settings.burnIn), from: &reader)
    }
    func acceptance() -> Double? { tried > 0 ? Double(accepted) / Double(tried) : nil }
    try StoppedRun.keepingDraws(run.host.engine, made: round - settings.burnIn) {
      while round < rounds {
        try propose(round)
        round += 1
        checkpoints?.save { writer in
          writer.write(round)
          writer.write(UInt64(machine.generation))
          state.table.write(to: &writer)
          writer.write(state.logEvidence)
          proposals.write(to: &writer)
          writer.write(accepted)
          writer.write(tried)
          // In the burn-in the first draw is the present one.
          outcome.draws.write(max(1, round - settings.burnIn), to: &writer)
        }
        run.host.engine.progress?.note(iterations: round, of: rounds, unit: "proposals") {
          acceptance().map { .acceptance($0) }
        }
      }
    }
    outcome.draws.trim(to: round - settings.burnIn)
    outcome.acceptance = acceptance() ?? 0
    return outcome
  }

  private func start(
    _ filters: ParameterFilters, _ proposals: ParameterProposals, _ draws: inout PathDraws
  ) throws -> State {
    let population = filters.population
    let sweep = try filters.start(hasParameters: !proposals.isEmpty) {
      try proposals.requireCommonParameters($0, for: "pmmh")
    }
    let table = ChoiceTable(
      copying: sweep.path[0], of: population.keptRecords[0], program: run.compiled)
    table.ownObjects(in: run.dataArena)
    draws.add(
      0, records: population.keptRecords, path: sweep.path, machine: population.machine)
    return State(table: table, logEvidence: sweep.logEvidence)
  }

  private func accepts(_ factors: AcceptanceFactors, _ key: UInt64, _ round: Int) -> Bool {
    let logRatio = run.host.engine.probe.acceptance.logRatio(factors)
    guard logRatio > -.infinity else { return false }
    var choices = run.driverChoices(
      key: key, kind: Int(BOREL_KEY_MOVE), index: UInt64(round))
    return choices.bernoulli(borel_exp(min(0, logRatio)))
  }
}
