import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// SMC squared: particles over the parameters, each with a particle filter of its own that weighs it
/// by an estimate of how likely the next datum is; when the weights are uneven, parameters are
/// resampled with their filters and move by particle marginal Metropolis-Hastings. Where few moves
/// are accepted, filters are exchanged for ones with twice the lanes.
///
/// One lane is one execution, one group of lanes one parameter particle with its filter, and a
/// population is a run of such groups. Filters, moves and exchanges of all populations run side by
/// side. The random counters of a step follow from its number, and the first population decides
/// about exchanges, so that a population does not depend on how many others come after it.
///
/// Source: Chopin, Jacob, Papaspiliopoulos (2013), SMC2: an efficient algorithm for sequential
/// analysis of state space models, sections 3.1 to 3.6.
final class SMCSquared {
  struct Settings {
    /// Parameters of each population.
    var particles: Int
    /// Executions of each filter.
    var inner: Int
    var populations: Int
    /// Moves after each resampling of parameters.
    var steps: Int
    /// Standard deviation of the moves of real parameters; 0 learns it from the population.
    var scale: Double
    /// Share of the parameters below which a population is resampled; 1 resamples always.
    var threshold: Double
    var filters: InnerFilters.Settings
    /// Acceptance rate below which filters are exchanged for larger ones; 1 exchanges always.
    var exchange: Double
  }

  struct Outcome {
    var machine: Machine
    var history: History
    /// Of all lanes, the evidence of their population included.
    var logWeights: [Double]
    /// By population.
    var logEvidence: [Double]
    /// Final log-weight and first ancestor of each parameter particle.
    var parameterLogWeights: [Double]
    var eves: [Int32]
    var resamplings: Int
    /// Executions of each filter in the end.
    var inner: Int
    /// Moves of parameters, and those that were accepted.
    var proposed: Int
    var accepted: Int
  }

  /// Most lanes of a filter that an exchange leads to.
  private static let mostInner = 1 << 16

  private let settings: Settings
  private let run: ModelRun
  private let key: UInt64
  private let structure: SmoothingStructure
  private let parameters: ParameterParticles
  private let keys: [UInt64]
  private let schema = ChoiceSchema()
  private var filters: InnerFilters
  private var pass: InnerFilters.Pass
  /// Log-weights of the parameters since their last resampling.
  private var logWeights: [Double]
  private var logEvidence: [Double]
  private var eves: [Int32]
  private var step = 0
  /// Generations of random counters that are used up.
  private var generation = 1
  private var resamplings = 0
  private var exchanges = 0
  private var proposed = 0
  private var accepted = 0

  /// - Throws: E0596 for a program without parameters.
  init(_ settings: Settings, run: ModelRun, key: UInt64) throws {
    self.settings = settings
    self.run = run
    self.key = key
    structure = run.host.engine.smoothingStructure(run)
    guard !structure.parameterUses.isEmpty else { throw Self.noParameters }
    let count = settings.particles * settings.populations
    parameters = ParameterParticles(
      run, key: borel_key_child(key, UInt32(BOREL_KEY_SWEEP), 0), count: count,
      sites: structure.parameterUses)
    keys = run.groupKeys(key, count: count)
    filters = InnerFilters(
      settings.filters, run: run, keys: keys, particles: settings.inner, schema: schema)
    pass = filters.makePass()
    logWeights = [Double](repeating: 0, count: count)
    logEvidence = [Double](repeating: 0, count: settings.populations)
    eves = (0..<Int32(count)).map { $0 }
  }

  func execute() throws -> Outcome {
    try parameters.drawFromPrior()
    let given = parameters.expanded(parameters.choices, of: parameters.all, for: filters)
    filters.begin(pass, parameters: given)
    var known = [Double](repeating: 0, count: parameters.count)
    repeat {
      filters.skip(to: UInt32(generation))
      if step > 0 { filters.resample(pass) }
      try filters.advance(pass)
      step += 1
      if step == 1 { try requireShared(pass, given, in: filters) }
      for filter in logWeights.indices where logWeights[filter] > -.infinity {
        let now = pass.logEvidence[filter]
        logWeights[filter] = now == -.infinity ? now : logWeights[filter] + (now - known[filter])
      }
      if logWeights.allSatisfy({ $0 == -.infinity }) {
        throw ObservationLedger.impossible(filters.machine)
      }
      try rejuvenate()
      known = pass.logEvidence
      try passGenerations()
      run.host.engine.progress?.note(iterations: step, of: 0, unit: "steps") { nil }
    } while !filters.machine.isFinished
    return try outcome()
  }

  /// Uses up the generations of a step with moves and an exchange, whether or not there were any.
  private func passGenerations() throws {
    generation += 1 + (settings.steps + 1) * step
    if generation + (settings.steps + 2) * (step + 1) >= UInt32.max {
      throw Diagnostic(
        "E0604", .limit, "the run has more than 4,294,967,295 generations", at: .none,
        hints: ["use fewer steps"])
    }
  }

  private func outcome() throws -> Outcome {
    let history = History()
    let lanes = filters.particles
    var weights = pass.logWeights
    for population in 0..<settings.populations {
      let range = filterRange(population)
      for filter in range {
        let own = (filter * lanes)..<((filter + 1) * lanes)
        let inner = EvidenceEstimate.logMeanExp(Array(pass.logWeights[own]))
        for lane in own {
          weights[lane] =
            weights[lane] == -.infinity || logWeights[filter] == -.infinity
            ? -.infinity
            : logEvidence[population] + logWeights[filter] + (weights[lane] - inner)
        }
      }
      logEvidence[population] += EvidenceEstimate.logMeanExp(Array(logWeights[range]))
    }
    try filters.report(pass, into: history)
    return Outcome(
      machine: filters.machine, history: history, logWeights: weights, logEvidence: logEvidence,
      parameterLogWeights: logWeights, eves: eves, resamplings: resamplings, inner: lanes,
      proposed: proposed, accepted: accepted)
  }

  private func filterRange(_ population: Int) -> Range<Int> {
    (population * settings.particles)..<((population + 1) * settings.particles)
  }

  // MARK: Parameters

  /// Resamples and moves the populations whose weights are uneven.
  private func rejuvenate() throws {
    let count = settings.particles
    var relative = [Double](repeating: 0, count: count)
    var ancestors = eves.indices.map { Int32($0) }
    var isLow = [Bool](repeating: false, count: settings.populations)
    let walking = parameters.walkingParameters()
    var walks: [ParameterWalk] = []
    for population in 0..<settings.populations {
      let range = filterRange(population)
      let sums = GroupWeights(Array(logWeights[range]), count: count, into: &relative)
      walks.append(walk(walking, range, relative))
      isLow[population] = sums.isDue(belowShare: settings.threshold)
      guard isLow[population] else { continue }
      resample(population, sums, relative, &ancestors)
    }
    if !isLow.contains(true) { return }
    resamplings += 1
    pass.replaceFilters(by: ancestors)
    parameters.replaceFilters(by: ancestors)
    eves = ancestors.map { eves[Int($0)] }
    // Filters of populations at rest do not run.
    let moving = keys.indices.filter { isLow[$0 / count] }
    let movers = InnerFilters(
      settings.filters, run: run, keys: moving.map { filters.machine.groupKeys[$0] },
      particles: filters.particles, schema: schema)
    // Of the first population.
    var rate = (proposed: 0, accepted: 0)
    for number in 0..<settings.steps {
      let isAccepted = try move(number, moving, movers, walking, walks)
      for filter in moving {
        proposed += 1
        accepted += isAccepted[filter] ? 1 : 0
        if filter < count {
          rate.proposed += 1
          rate.accepted += isAccepted[filter] ? 1 : 0
        }
      }
    }
    let isSlow =
      settings.exchange >= 1
      || Double(rate.accepted) < settings.exchange * Double(rate.proposed)
    if isLow[0], isSlow, !filters.machine.isFinished, filters.particles * 2 <= Self.mostInner {
      try exchange()
    } else {
      try filters.replay(pass)
    }
  }

  private func resample(
    _ population: Int, _ sums: GroupWeights, _ relative: [Double], _ ancestors: inout [Int32]
  ) {
    let first = population * settings.particles
    var choices = run.driverChoices(
      key: keys[first], kind: Int(BOREL_KEY_SWEEP), index: UInt64(step))
    ancestors.withUnsafeMutableBufferPointer { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped + first
      settings.filters.resampler.draw(
        relative, total: sums.sum, count: settings.particles, into: start, using: &choices)
      for filter in 0..<settings.particles { start[filter] += Int32(first) }
    }
    logEvidence[population] += sums.logMean
    for filter in filterRange(population) { logWeights[filter] = 0 }
  }

  private func walk(
    _ walking: [(instance: Int, chart: SupportChart)], _ range: Range<Int>, _ weights: [Double]
  ) -> ParameterWalk {
    if settings.scale > 0 {
      return ParameterWalk(scale: settings.scale, dimension: walking.count)
    }
    return ParameterWalk(
      points: range.map { parameters.location(walking, of: $0) }, weights: weights)
  }

  /// Moves some parameters once: real ones by a walk, the others by drawing them anew; in turns
  /// where there are both.
  ///
  /// - Parameters:
  ///   - moving: Their numbers.
  ///   - movers: Runs their filters.
  /// - Returns: By parameter, whether it moved.
  private func move(
    _ number: Int, _ moving: [Int], _ movers: InnerFilters,
    _ walking: [(instance: Int, chart: SupportChart)], _ walks: [ParameterWalk]
  ) throws -> [Bool] {
    var choices = ChainChoices(
      run: run, keys: keys, move: UInt64(step) << 32 | UInt64(number))
    parameters.skip(to: UInt32(generation + number))
    let others = parameters.hasOthers(than: walking)
    let proposal: ParameterParticles.Proposal
    if walking.isEmpty || (others && (step + number) % 2 == 1) {
      proposal = try parameters.proposeRedraw(keeping: walking)
    } else {
      let steps = keys.indices.map { filter in
        walks[filter / settings.particles].step(
          walking.map { _ in choices.normal(chain: filter) })
      }
      proposal = try parameters.proposeWalk(walking, steps: steps)
    }
    let candidate = movers.makePass()
    let given = parameters.expanded(proposal.choices, of: moving, for: movers)
    movers.skip(to: UInt32(generation + 1 + number * step))
    try movers.runThrough(step, candidate, parameters: given, rejectsFailures: true)
    try requireShared(candidate, given, in: movers)
    var isAccepted = [Bool](repeating: false, count: keys.count)
    var cloner = Cloner(into: filters.machine.arena)
    for (position, filter) in moving.enumerated() {
      let logRatio = run.host.engine.probe.acceptance.logRatio(
        AcceptanceFactors(
          logLikelihoodNew: candidate.logEvidence[position],
          logLikelihoodOld: pass.logEvidence[filter], logKeptNew: proposal.logKeptNew[filter],
          logKeptOld: proposal.logKeptOld[filter], logHastings: proposal.logHastings[filter],
          countOld: 1, countNew: 1))
      isAccepted[filter] = choices.bernoulli(
        logRatio >= 0 ? 1 : borel_exp(logRatio), chain: filter)
      if isAccepted[filter] {
        pass.take(position, of: candidate, as: filter) { cloner.clone($0) }
      }
    }
    parameters.take(isAccepted, from: proposal)
    return isAccepted
  }

  /// Replaces all filters by ones with twice the lanes, drawn anew, and corrects the weights.
  private func exchange() throws {
    exchanges += 1
    let larger = InnerFilters(
      settings.filters, run: run,
      keys: run.groupKeys(
        borel_key_child(key, UInt32(BOREL_KEY_FORK), UInt64(exchanges)), count: keys.count),
      particles: filters.particles * 2, schema: schema)
    larger.skip(to: UInt32(generation + 1 + settings.steps * step))
    let given = parameters.expanded(parameters.choices, of: parameters.all, for: larger)
    let made = larger.makePass()
    try larger.runThrough(
      step, made, parameters: given, rejectsFailures: run.options.rejectsFailures)
    try requireShared(made, given, in: larger)
    let rule = run.host.engine.probe.exchange
    for filter in logWeights.indices where logWeights[filter] > -.infinity {
      logWeights[filter] += rule.logCorrection(
        new: made.logEvidence[filter], old: pass.logEvidence[filter])
    }
    (filters, pass) = (larger, made)
  }

  // MARK: Refusals

  private func requireShared(
    _ pass: InnerFilters.Pass, _ given: ChoiceStore, in filters: InnerFilters
  ) throws {
    if filters.drawsParameters(pass, sites: parameters.sites, given: given) {
      throw Diagnostic(
        "E0596", .inference,
        "'smc2' cannot give all executions of a filter the same parameters: an execution may end "
          + "before it has drawn them", at: .none,
        hints: ["draw the parameters first, before states and conditions"])
    }
  }

  private static var noParameters: Diagnostic {
    Diagnostic(
      "E0596", .inference,
      "'smc2' needs parameters: values that are drawn before the first observation and kept",
      at: .none, hints: ["'smc' runs programs without them"])
  }
}
