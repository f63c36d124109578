import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Markov score climbing: chains whose kernel proposes parameters as a normal family says, and a
/// family that follows the chains.
///
/// The kernel is conditional importance sampling: a chain chooses among its present parameters and
/// some from Student's t around the family in proportion to prior density times evidence over the
/// density of the candidates. Particle filters estimate the evidence; since the estimates are unbiased, the kernel
/// keeps the posterior for any family and any number of particles. While the family climbs, each
/// step moves it towards all candidates by their weights; afterwards it stands still at the average
/// of the second half of its way, and the draws are kept.
///
/// Source: Naesseth, Lindsten, Blei (2020), "Markovian score climbing: variational inference with
/// KL(p||q)", algorithms 1 and 2; Andrieu, Doucet, Holenstein (2010), section 4.4 (estimates).
struct ScoreClimbing {
  struct Settings {
    var particles: Int
    /// Candidates from the family in each round.
    var proposals: Int
    var chains: Int
    /// Rounds in which the family climbs.
    var steps: Int
    /// Kept draws of each chain.
    var draws: Int
    /// Length of the first steps, at most 1.
    var rate: Double
    var isFullRank: Bool
    var resampler: Resampler
    var threshold: Double
  }

  struct Outcome {
    var draws: PathDraws
    var machine: Machine
    var family: FittedFamily?
    /// Share of the kept rounds in which a chain took a candidate.
    var renewal: Double
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64

  /// What the chains have now.
  private struct State {
    /// Choices of the first step.
    var table: ChoiceTable
    var logEvidence: [Double]
  }

  func execute(_ arena: Arena) throws -> Outcome {
    let structure = run.host.engine.smoothingStructure(run)
    let uses = structure.parameterUses
    if uses.isEmpty { throw Self.noParameters }
    let chains = settings.chains
    let machine = run.makeMachine(
      key: key, groups: chains * settings.proposals, lanesPerGroup: settings.particles)
    let filters = ParameterFilters(
      run: run,
      population: LanePopulation(
        run, machine: machine, structure: structure, replaysSteps: false, keepsSteps: true),
      resampler: settings.resampler, threshold: settings.threshold)
    let candidates = FamilyCandidates(
      run, key: key, chains: chains, proposals: settings.proposals, uses: uses)
    var outcome = Outcome(
      draws: PathDraws(run, chains: chains, draws: settings.draws, arena: arena),
      machine: machine, family: nil, renewal: 0)
    var points: [[Double]] = []
    var state = try start(filters, &outcome.draws) { table in
      try table.requireCommonChoices(of: uses, for: "msc")
      let parameters = candidates.parameters(of: table)
      points = (0..<table.rowCount).map {
        FamilyCandidates.point(parameters, of: table, row: $0)
      }
    }
    var family = VariationalFamily(around: points, isFullRank: settings.isFullRank)
    var average = VariationalFamily.Average()
    // What fails under proposed parameters speaks against them.
    machine.rejectsFailures = true
    var renewed = 0
    func advance(_ round: Int) throws {
      let own = try candidates.propose(from: state.table, family, round: round)
      let (weights, chosen, sweep) = try choose(own, state, filters, round)
      if round < settings.steps {
        family.climb(
          to: own.points, weights: weights.map { $0 / Double(chains) }, rate: rate(round))
        if 2 * round >= settings.steps { average.add(family) }
        if round + 1 == settings.steps { family = average.result ?? family }
      }
      take(own, sweep, chosen, &state, filters, index: round - settings.steps, &outcome.draws)
      if round >= settings.steps { renewed += chosen.count { $0 > 0 } }
    }
    let rounds = settings.steps + settings.draws
    var round = 0
    try StoppedRun.keepingDraws(run.host.engine, made: round - settings.steps) {
      while round < rounds {
        try advance(round)
        round += 1
        run.host.engine.progress?.note(iterations: round, of: rounds, unit: "rounds") {
          round > settings.steps
            ? .acceptance(Double(renewed) / Double((round - settings.steps) * chains)) : nil
        }
      }
    }
    outcome.draws.trim(to: round - settings.steps)
    outcome.renewal = Double(renewed) / Double(max(1, (round - settings.steps) * chains))
    outcome.family = fitted(family, candidates.parameters(of: state.table))
    return outcome
  }

  private static var noParameters: Diagnostic {
    Diagnostic(
      "E0596", .inference,
      "'msc' needs parameters: values that are drawn before the first observation and kept",
      at: .none, hints: ["use 'mh' for other programs, or observe in a loop"])
  }

  /// Lengths that decrease as averaging asks for: with an exponent between 1/2 and 1.
  private func rate(_ round: Int) -> Double {
    settings.rate * borel_pow(1 + Double(round) / 10, -0.6)
  }

  // MARK: Rounds

  private func start(
    _ filters: ParameterFilters, _ draws: inout PathDraws,
    inspect: (ChoiceTable) throws -> Void
  ) throws -> State {
    let sweep = try filters.start(hasParameters: true, inspect: inspect)
    let records = filters.population.keptRecords
    // One filter of each chain.
    let first = [Int](repeating: 1, count: settings.chains)
    let path = path(of: sweep, first)
    let table = ChoiceTable(copying: path[0], of: records[0], program: run.compiled)
    table.ownObjects(in: run.dataArena)
    draws.add(0, records: records, path: path, machine: filters.population.machine)
    return State(
      table: table,
      logEvidence: (0..<settings.chains).map { sweep.logEvidence[$0 * settings.proposals] })
  }

  /// The lanes of the paths of the chosen candidates; the first proposal stands for those that keep
  /// what they have.
  private func path(of sweep: ConditionalSweep.Outcome, _ chosen: [Int]) -> [[Int32]] {
    sweep.path.map { lanes in
      chosen.indices.map { lanes[$0 * settings.proposals + max(0, chosen[$0] - 1)] }
    }
  }

  /// Weighs the candidates of all chains.
  ///
  /// - Returns: Weights by row, of each chain with the sum one; and the number of the candidate
  ///   that each chain takes, 0 for the present one.
  private func choose(
    _ own: FamilyCandidates.Round, _ state: State, _ filters: ParameterFilters, _ round: Int
  ) throws -> (weights: [Double], chosen: [Int], sweep: ConditionalSweep.Outcome) {
    let size = settings.proposals + 1
    let isPossible = own.points.indices.map {
      own.logPriors[$0] > -.infinity && own.logRatios[$0].isFinite
    }
    // Filters of impossible candidates run with the present parameters.
    let rows = own.points.indices.filter { $0 % size > 0 }
      .map { Int32(isPossible[$0] ? $0 : $0 / size * size) }
    filters.population.fixedParameters = own.table.expanded(rows)
    let sweep = try filters.sweep()
    let rule = run.host.engine.probe.acceptance
    var weights: [Double] = []
    var chosen: [Int] = []
    for chain in 0..<settings.chains {
      let logWeights = (0..<size).map { candidate -> Double in
        let row = chain * size + candidate
        let logEvidence =
          candidate == 0
          ? state.logEvidence[chain]
          : sweep.logEvidence[chain * settings.proposals + candidate - 1]
        guard isPossible[row] else { return -.infinity }
        return rule.logRatio(
          AcceptanceFactors(
            logLikelihoodNew: logEvidence, logLikelihoodOld: 0, logKeptNew: own.logPriors[row],
            logKeptOld: 0, logHastings: own.logRatios[row], countOld: 1, countNew: 1))
      }
      let maximum = logWeights.max() ?? -.infinity
      let relative: [Double] =
        maximum > -.infinity
        ? logWeights.map { borel_exp($0 - maximum) } : (0..<size).map { $0 == 0 ? 1 : 0 }
      let total = relative.reduce(0, +)
      var choices = run.driverChoices(
        key: filters.population.machine.groupKeys[chain * settings.proposals],
        kind: Int(BOREL_KEY_MOVE), index: UInt64(round))
      chosen.append(
        relative.withUnsafeBufferPointer { choices.categorical($0, total: total) })
      weights += relative.map { $0 / total }
    }
    return (weights, chosen, sweep)
  }

  /// Chains go on from what they have chosen.
  private func take(
    _ own: FamilyCandidates.Round, _ sweep: ConditionalSweep.Outcome, _ chosen: [Int],
    _ state: inout State, _ filters: ParameterFilters, index: Int, _ draws: inout PathDraws
  ) {
    let size = settings.proposals + 1
    for (chain, candidate) in chosen.enumerated() {
      if candidate > 0 {
        state.logEvidence[chain] =
          sweep.logEvidence[chain * settings.proposals + candidate - 1]
      } else if index > 0 {
        draws.repeatDraw(index, chain: chain)
      }
    }
    state.table = own.table.expanded(chosen.enumerated().map { Int32($0 * size + $1) })
    draws.add(
      max(0, index), records: filters.population.keptRecords, path: path(of: sweep, chosen),
      machine: filters.population.machine, chains: chosen.map { $0 > 0 })
  }

  // MARK: Result

  /// Nil without real parameters.
  private func fitted(
    _ family: VariationalFamily, _ parameters: [RealParameter]
  ) -> FittedFamily? {
    if parameters.isEmpty { return nil }
    let size = family.dimension
    let deviations = (0..<size).map { family.covariance[$0 * size + $0].squareRoot() }
    var seen: [String: Int] = [:]
    let labels = parameters.map { run.compiled.site($0.choice.use).label }
    let coordinates = parameters.indices.map { k -> FittedFamily.Coordinate in
      let name = run.compiled.site(parameters[k].choice.use).name ?? labels[k]
      let isRepeated = labels.count { $0 == labels[k] } > 1
      let number = seen[labels[k], default: 0]
      seen[labels[k]] = number + 1
      return FittedFamily.Coordinate(
        name: isRepeated ? "\(name)[\(number)]" : name, scale: parameters[k].scale,
        mean: family.mean[k], sd: deviations[k])
    }
    let correlations = (0..<size * size).map { index in
      family.covariance[index] / (deviations[index / size] * deviations[index % size])
    }
    return FittedFamily(
      coordinates: coordinates, correlations: correlations, isFullRank: family.isFullRank,
      steps: settings.steps)
  }
}
