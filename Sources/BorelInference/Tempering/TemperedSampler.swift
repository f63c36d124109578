import BorelKernels
import BorelRuntime

/// A sequential Monte Carlo sampler from the prior to the posterior by way of
/// prior x likelihood^exponent: `(reweight ; resample ; metropolisHastingsGreen(kernel)^k)* . spawn(N)
/// . Traced . Weighted`.
///
/// The likelihood is all that weighs an execution: observations, factors and conditions. Every group
/// has its own exponents and stops moving once it has arrived, so that it does not depend on the
/// others. With exponents that are fixed beforehand the evidence of a group is unbiased; with
/// exponents and scales that are learnt from the particles it is consistent.
///
/// Source: Del Moral, Doucet, Jasra (2006), Sequential Monte Carlo samplers, sections 2.3 and 3.3.2.3
/// (the weights of a kernel that leaves the next target invariant); Zhou, Johansen, Aston (2016),
/// Toward automatic model comparison, section 3.2.
struct TemperedSampler {
  struct Settings {
    var particles: Int
    var groups: Int
    var kernel: MethodSpecification
    /// Iterations of the kernel at each exponent.
    var steps: Int
    var ladder: TemperingLadder
    var resampler: Resampler
    /// Whether kernels learn from stage to stage.
    var isAdapting: Bool
    var rule: any ResamplingRule = StandardResampling()
  }

  struct Outcome {
    var machine: Machine
    var history: History
    /// Of all lanes, the evidence of their group included.
    var logWeights: [Double]
    var groupLogEvidence: [Double]
    /// First-stage ancestor of each lane; resamplings of the group that took most.
    var eves: [Int32]
    var resamplings: Int
    /// Exponents of the first group, from its first step to 1.
    var exponents: [Double]
    var statistics: MoveStatistics
    /// Share of the lanes that moves at the last exponent have changed.
    var movedShare: Double
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64

  func execute() throws -> Outcome {
    var kernel = settings.kernel.makeKernel()
    let chains = makeChains(kernel)
    let groups = settings.groups
    try start(chains)
    var standing = Standing(
      exponents: [Double](repeating: 0, count: groups),
      logEvidence: [Double](repeating: 0, count: groups))
    var outcome = Outcome(
      machine: chains.machine, history: History(), logWeights: [], groupLogEvidence: [], eves: [],
      resamplings: 0, exponents: [], statistics: MoveStatistics(), movedShare: 0)
    outcome.eves = (0..<Int32(chains.count)).map { $0 }
    while standing.exponents.contains(where: { $0 < 1 }) {
      outcome.resamplings += 1
      let isMoving = standing.exponents.map { $0 < 1 }
      let ancestors = try reweigh(chains, &standing, stage: outcome.resamplings)
      if isMoving[0] { outcome.exponents.append(standing.exponents[0]) }
      chains.replaceLanes(by: ancestors)
      outcome.eves = ancestors.map { outcome.eves[Int($0)] }
      chains.exponents = (0..<chains.count).map { standing.exponents[$0 / settings.particles] }
      chains.isResting = (0..<chains.count).map {
        let group = $0 / settings.particles
        return !isMoving[group] || standing.logEvidence[group] == -.infinity
      }
      chains.statistics.forgetMovedChains()
      for _ in 0..<settings.steps { try kernel.step(chains) }
      if settings.isAdapting {
        kernel.tune()
        chains.countVisits()
      }
    }
    outcome.movedShare =
      Double(chains.statistics.movedCount) / Double(max(1, chains.isResting.filter { !$0 }.count))
    outcome.statistics = chains.statistics
    outcome.groupLogEvidence = standing.logEvidence
    outcome.logWeights = (0..<chains.count).map { standing.logEvidence[$0 / settings.particles] }
    try report(chains, outcome.history)
    return outcome
  }

  /// Where the groups stand.
  private struct Standing {
    var exponents: [Double]
    var logEvidence: [Double]
  }

  // MARK: Stages

  private func makeChains(_ kernel: any Kernel) -> Chains {
    let machine = run.makeMachine(
      key: key, groups: settings.groups, lanesPerGroup: settings.particles)
    let schema = ChoiceSchema()
    let keepsParameters = kernel.needsParameters
    let current = ChoiceStore(
      laneCount: machine.laneCount, keepsParameters: keepsParameters, schema: schema)
    let evaluator = FullEvaluator(
      run: run, machine: machine, schema: schema, keepsParameters: keepsParameters)
    machine.visitDriverRoots = { [weak evaluator] visit in
      current.visitHandles(visit)
      evaluator?.visitHandles(current, visit)
    }
    let chains = Chains(
      run: run, key: key, keys: machine.laneKeys, current: current, evaluator: evaluator,
      tunedTogether: settings.particles)
    chains.isAdapting = settings.isAdapting
    return chains
  }

  /// Draws all lanes from the prior. Scans are laid out by executions that are thrown away: what
  /// happens to a lane must not depend on its own state if the evidence is to be unbiased.
  private func start(_ chains: Chains) throws {
    let everywhere = [Bool](repeating: true, count: chains.count)
    for isTrial in [true, false] {
      let proposal = Proposal(
        redrawsAll: true, rejectsFailures: run.options.rejectsFailures)
      chains.take(everywhere, from: try chains.evaluate(proposal))
      if isTrial { chains.countVisits() }
    }
    if chains.logLikelihoods.allSatisfy({ $0 == -.infinity }) {
      throw ObservationLedger.impossible(chains.machine)
    }
  }

  /// Takes the groups that have not arrived to their next exponents: the ancestors of all lanes.
  private func reweigh(
    _ chains: Chains, _ standing: inout Standing, stage: Int
  ) throws -> [Int32] {
    let particles = settings.particles
    var ancestors = (0..<Int32(chains.count)).map { $0 }
    var relative = [Double](repeating: 0, count: particles)
    for group in 0..<settings.groups where standing.exponents[group] < 1 {
      let first = group * particles
      let own = chains.logLikelihoods[first..<(first + particles)]
      guard own.contains(where: { $0 > -.infinity }) else {
        standing.exponents[group] = 1
        standing.logEvidence[group] = -.infinity
        continue
      }
      let exponent = standing.exponents[group]
      let next = settings.ladder.next(after: exponent, stage: stage, own)
      let logWeights = own.map { (next - exponent) * $0 }
      let sums = GroupWeights(
        logWeights, count: particles, into: &relative, threads: run.options.threads)
      standing.exponents[group] = next
      standing.logEvidence[group] += settings.rule.logEvidenceIncrement(sums)
      var choices = run.driverChoices(
        key: chains.machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
        index: UInt64(stage))
      ancestors.withUnsafeMutableBufferPointer { buffer in
        let start = buffer.baseAddress.unsafelyUnwrapped + first
        settings.rule.drawAncestors(
          settings.resampler, sums, relative, into: start, threads: run.options.threads,
          using: &choices)
        for lane in 0..<particles { start[lane] += Int32(first) }
      }
    }
    return ancestors
  }

  /// Runs the lanes on their last traces to see what they report.
  private func report(_ chains: Chains, _ history: History) throws {
    guard let evaluator = chains.evaluator as? FullEvaluator else { return }
    let (machine, current, program) = (chains.machine, chains.current, run.program)
    machine.visitDriverRoots = { [weak evaluator] visit in
      history.visitHandles(program, visit)
      current.visitHandles(visit)
      evaluator?.visitHandles(current, visit)
    }
    machine.discardEmissions()
    try evaluator.replay(current) {
      if run.options.keepsReports { history.record(machine) }
    }
  }
}
