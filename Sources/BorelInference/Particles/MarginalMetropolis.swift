import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Particle marginal Metropolis-Hastings: parameters move by a random walk on an unconstrained
/// scale, and a particle filter with the proposed parameters estimates the evidence that decides.
/// Since the estimate is unbiased, the chain has the exact posterior for any number of particles.
/// Chains are groups of lanes of one machine.
///
/// Source: Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods, section
/// 4.4; Sherlock, Thiery, Roberts, Rosenthal (2015), On the efficiency of pseudo-marginal random
/// walk Metropolis algorithms (the acceptance rate that the scale aims at).
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

  /// Acceptance rate at which the scale of the steps aims.
  private static let target = 0.15
  let settings: Settings
  let run: ModelRun
  let key: UInt64

  func execute(_ arena: Arena) throws -> Outcome {
    let structure = SmoothingStructure(run)
    let chains = settings.chains
    let machine = run.makeMachine(
      key: key, groups: chains, lanesPerGroup: settings.particles)
    let population = LanePopulation(
      run, machine: machine, structure: structure, replaysSteps: false, keepsSteps: true)
    var prior = ParameterPrior(run, key: key, chains: chains, uses: structure.parameterUses)
    var outcome = Outcome(
      draws: PathDraws(run, chains: chains, draws: settings.draws, arena: arena),
      machine: machine, acceptance: 0)
    var scales = [ProposalScale?](repeating: nil, count: chains)
    var current: (table: ChoiceTable, logPosterior: [Double])?
    var (accepted, tried) = (0.0, 0.0)
    func propose(_ round: Int) throws {
      let index = round - settings.burnIn - 1
      var streams = (0..<chains).map { chain in
        DriverStream(
          key: machine.groupKeys[chain], kind: Int(BOREL_KEY_MOVE), index: UInt64(round))
      }
      var jacobians = [Double](repeating: 0, count: chains)
      var points: [[Double]] = []
      population.fixedParameters = nil
      if let current {
        let proposal = current.table.expanded((0..<Int32(chains)).map { $0 })
        for chain in 0..<chains {
          let own = try parameters(current.table, chain, structure)
          let scale =
            scales[chain] ?? ProposalScale(dimension: own.count, target: Self.target)
          scales[chain] = scale
          let from = own.map { $0.location(current.table.word($0.choice, row: chain)) }
          let to = scale.step(from: from, using: &streams[chain])
          points.append(to)
          for (k, parameter) in own.enumerated() {
            proposal.set(parameter.choice, row: chain, to: parameter.word(to[k]))
            jacobians[chain] += parameter.logJacobian(to[k])
          }
        }
        population.fixedParameters = proposal
      }
      let priors = try population.fixedParameters.map { try prior.logDensities($0) }
      // What fails under proposed parameters speaks against them.
      machine.rejectsFailures = population.fixedParameters != nil
      let sweep = try runSweep(population)
      let table = ChoiceTable(
        copying: sweep.path[0], of: population.keptRecords[0], program: run.compiled)
      guard var state = current, let priors else {
        // The first filter draws parameters for each lane. What it says of those of the path is no
        // estimate, so the chain takes the first possible proposal.
        current = (table, [Double](repeating: -.infinity, count: chains))
        outcome.draws.add(0, records: population.keptRecords, path: sweep.path, machine: machine)
        return
      }
      var isAccepted = [Bool](repeating: false, count: chains)
      for chain in 0..<chains {
        let proposed = priors[chain] + sweep.logEvidence[chain] + jacobians[chain]
        isAccepted[chain] =
          proposed > -.infinity
          && borel_log(streams[chain].uniform()) < proposed - state.logPosterior[chain]
        if isAccepted[chain] { state.logPosterior[chain] = proposed }
        if index < 0 {
          let own = try parameters(state.table, chain, structure)
          let at =
            isAccepted[chain]
            ? points[chain]
            : own.map { $0.location(state.table.word($0.choice, row: chain)) }
          scales[chain]?.learn(at, hasMoved: isAccepted[chain])
        } else {
          tried += 1
          if isAccepted[chain] { accepted += 1 }
        }
      }
      if let proposal = population.fixedParameters {
        for chain in 0..<chains where isAccepted[chain] {
          for parameter in try parameters(proposal, chain, structure) {
            state.table.set(
              parameter.choice, row: chain, to: proposal.word(parameter.choice, row: chain))
          }
        }
      }
      current = state
      for chain in 0..<chains where !isAccepted[chain] && index > 0 {
        outcome.draws.repeatDraw(index, chain: chain)
      }
      outcome.draws.add(
        max(0, index), records: population.keptRecords, path: sweep.path, machine: machine,
        chains: isAccepted)
    }
    var round = 0
    // The first round finds where the chains start.
    try StoppedRun.keepingDraws(run.host.engine, made: round - settings.burnIn - 1) {
      while round < settings.burnIn + settings.draws + 1 {
        try propose(round)
        round += 1
        run.host.engine.progress?.note(
          iterations: round, of: settings.burnIn + settings.draws + 1, unit: "proposals"
        ) { tried > 0 ? .acceptance(accepted / tried) : nil }
      }
    }
    outcome.draws.trim(to: round - settings.burnIn - 1)
    outcome.acceptance = tried > 0 ? accepted / tried : 0
    return outcome
  }

  private func runSweep(_ population: LanePopulation) throws -> ConditionalSweep.Outcome {
    let machine = population.machine
    let isFirst = population.fixedParameters == nil
    return try ConditionalSweep(
      settings: .init(resampler: settings.resampler, threshold: settings.threshold)
    ) { purpose, group, step in
      run.driverChoices(
        key: machine.groupKeys[group],
        kind: Int(purpose == .path ? BOREL_KEY_SWEEP : BOREL_KEY_RESAMPLING),
        index: UInt64(machine.generation) << 32 | UInt64(step))
    }.run(population) {
      if isFirst { throw ObservationLedger.impossible(machine) }
    }
  }

  private func parameters(
    _ table: ChoiceTable, _ chain: Int, _ structure: SmoothingStructure
  ) throws -> [RealParameter] {
    try table.listChoices(of: chain).filter { structure.parameterUses.contains($0.use) }.map {
      guard let parameter = RealParameter($0, run.compiled) else {
        throw Diagnostic(
          "E0596", .inference, "'pmmh' moves parameters that are single real numbers", at: .none,
          hints: ["'pgas' and 'pg' move any parameter"])
      }
      return parameter
    }
  }
}

/// The prior density of the parameters of each chain, by replaying the first step.
struct ParameterPrior {
  private let run: ModelRun
  private let machine: Machine
  private let uses: Set<Int>
  private let rows: [Int32]

  init(_ run: ModelRun, key: UInt64, chains: Int, uses: Set<Int>) {
    self.run = run
    self.uses = uses
    rows = (0..<Int32(chains)).map { $0 }
    machine = run.makeReplayer(lanes: chains)
  }

  mutating func logDensities(_ table: ChoiceTable) throws -> [Double] {
    machine.discardLanes()
    machine.start(function: run.model.function, arguments: run.arguments)
    var densities = [Double](repeating: 0, count: rows.count)
    try rows.withUnsafeBufferPointer { rows in
      machine.replay = ChoiceReplay(
        table, rows: rows.baseAddress.unsafelyUnwrapped, dropsScores: true, dropsTallies: true,
        scoredUses: uses)
      try machine.advance()
    }
    machine.readLogWeights(into: &densities)
    machine.replay = nil
    machine.discardLanes()
    machine.discardObjects()
    return densities
  }
}
