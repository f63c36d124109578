import BorelIR
import BorelKernels
import BorelRuntime

/// Markov chains side by side: chain i is lane i. Between adaptations what a chain does depends on
/// its own state and streams only.
final class Chains {
  let run: ModelRun
  let machine: Machine
  let evaluator: any TraceEvaluator
  /// The traces: chain i in lane i.
  let current: ChoiceStore
  /// Sums of all scores and factors, by chain.
  var logLikelihoods: [Double]
  /// Whether kernels may adapt. What they have learnt is frozen afterwards, since a chain that
  /// adapts for ever need not converge to the posterior.
  var isAdapting = true
  /// Chains that are tuned together: runs of this many, which are the lanes of one population.
  let tunedTogether: Int
  /// The power to which the likelihood of each chain is raised, above 0; nil for 1.
  var exponents: [Double]?
  /// Chains that do not move; empty for none.
  var isResting: [Bool] = []
  var statistics = MoveStatistics()
  /// How often a scan visits each static choice: the number of instances that the chains had when it
  /// was last counted. Shared by the chains and constant between adaptations.
  var visits: [Int: Int] = [:]
  private let rule: any AcceptanceRule
  let sliceRule: any SliceRule
  private let key: UInt64
  /// Parent keys of the chains' streams.
  private let keys: [UInt64]
  var moveNumber: UInt64 = 0

  /// - Parameters:
  ///   - keys: One per chain.
  ///   - tunedTogether: Size of the populations that are tuned together.
  ///   - weighed: The version of the model whose choices move; nil for the model.
  init(
    run: ModelRun, key: UInt64, keys: [UInt64], current: ChoiceStore,
    evaluator: any TraceEvaluator, tunedTogether: Int = 1, weighed: FunctionID? = nil
  ) {
    self.run = run
    self.tunedTogether = tunedTogether
    self.key = key
    self.keys = keys
    rule = run.host.engine.probe.acceptance
    sliceRule = run.host.engine.probe.slice
    sites = run.sites(of: weighed ?? run.model.function)
    self.machine = evaluator.machine
    self.evaluator = evaluator
    self.current = current
    logLikelihoods = [Double](repeating: -.infinity, count: current.laneCount)
  }

  var count: Int { current.laneCount }

  func rests(_ chain: Int) -> Bool { !isResting.isEmpty && isResting[chain] }

  /// The static choices of the program, ascending: which there are does not depend on what any
  /// chain has met.
  let sites: [Int]

  func label(ofSite site: Int) -> String { machine.program.site(site).label }

  /// The random choices of the next move.
  func nextChoices() -> ChainChoices {
    moveNumber += 1
    return ChainChoices(run: run, keys: keys, move: moveNumber)
  }

  /// The random choices that all chains share in the next move.
  func nextSharedChoices() -> any DriverChoices {
    moveNumber += 1
    return run.driverChoices(key: key, kind: Int(BOREL_KEY_MOVE), index: moveNumber)
  }

  /// Stream keys, one per chain, for kernels that draw by a machine of their own: its generation is
  /// the number of the move.
  var auxiliaryKeys: [UInt64] {
    keys.map {
      borel_key_child(borel_key_child($0, UInt32(BOREL_KEY_MOVE), 0), UInt32(BOREL_KEY_NESTED), 0)
    }
  }

  func evaluate(_ proposal: Proposal) throws -> TraceEvaluation {
    try evaluator.evaluate(proposal, of: current)
  }

  /// How many instances of a static choice each chain has.
  func instanceCounts(_ site: Int, in trace: ChoiceStore) -> [Int32] {
    var counts = [Int32](repeating: 0, count: count)
    for instance in trace.schema.instancesOfSite[site] ?? [] {
      let present = trace.columns(instance).present
      for chain in counts.indices { counts[chain] &+= present[chain] ? 1 : 0 }
    }
    return counts
  }

  /// Draws one of its own instances of a static choice for each chain, uniformly; -1 for a chain
  /// that has none or rests.
  func pick(
    _ site: Int, using choices: inout ChainChoices
  ) -> (instances: [Int], counts: [Int32]) {
    let counts = instanceCounts(site, in: current)
    let instances = current.schema.instancesOfSite[site] ?? []
    let picked = rule.pick(
      instances.map { current.columns($0).present }, chainCount: count
    ) { below, chain in
      choices.uniformIndex(below, chain: chain)
    }
    let own = picked.enumerated().map { chain, position in
      position < 0 || rests(chain) ? -1 : instances[position]
    }
    return (own, counts)
  }

  /// Counts instances for the scans to come: an adaptation.
  func countVisits() {
    for site in sites {
      let most = instanceCounts(site, in: current).max() ?? 0
      visits[site] = max(1, Int(most))
    }
  }

  /// Static choices in the order of a scan. One without instances when visits were counted, and
  /// every one before, is visited once.
  func scan() -> [Int] {
    sites.flatMap { [Int](repeating: $0, count: visits[$0] ?? 1) }
  }

  /// A static choice from a law that does not look at the states.
  func drawSite() -> Int? {
    let sites = sites
    if sites.isEmpty { return nil }
    var choices = nextSharedChoices()
    return sites[choices.categorical(sites.map { Double(visits[$0] ?? 1) })]
  }

  /// The log of the acceptance ratio of a chain.
  func logRatio(
    _ evaluation: TraceEvaluation, _ chain: Int, logHastings: Double = 0,
    counts: (Int32, Int32) = (1, 1), move: MoveFactors = MoveFactors()
  ) -> Double {
    let exponent = exponents?[chain] ?? 1
    return rule.logRatio(
      AcceptanceFactors(
        logLikelihoodNew: exponent * evaluation.logLikelihoods[chain],
        logLikelihoodOld: exponent * logLikelihoods[chain],
        logKeptNew: evaluation.logKeptNew[chain], logKeptOld: evaluation.logKeptOld[chain],
        logHastings: logHastings, countOld: Int(counts.0), countNew: Int(counts.1),
        move: move))
  }

  /// Accepts or rejects a proposal chain by chain.
  ///
  /// - Parameter logRatios: The log of each acceptance ratio; nil for a chain that was not moved.
  /// - Returns: The acceptance probability of each chain that was moved.
  @discardableResult
  func decide(
    _ evaluation: TraceEvaluation, _ logRatios: [Double?], kernel: String, site: String,
    using choices: inout ChainChoices
  ) -> [Double?] {
    var isAccepted = [Bool](repeating: false, count: count)
    var probabilities = [Double?](repeating: nil, count: count)
    var counts = MoveStatistics.Counts(outOfDomain: evaluation.failureCount)
    for chain in 0..<count {
      guard let logRatio = logRatios[chain], !rests(chain) else { continue }
      let probability = logRatio >= 0 ? 1 : borel_exp(logRatio)
      probabilities[chain] = probability
      isAccepted[chain] = choices.bernoulli(probability, chain: chain)
      counts.proposed += 1
      if isAccepted[chain] {
        counts.accepted += 1
        statistics.noteMove(of: chain)
      }
    }
    statistics.add(counts, kernel: kernel, site: site)
    take(isAccepted, from: evaluation)
    return probabilities
  }

  /// Chains go on from the new traces.
  func take(_ isTaken: [Bool], from evaluation: TraceEvaluation) {
    current.take(isTaken, from: evaluation.candidate)
    for chain in isTaken.indices where isTaken[chain] {
      logLikelihoods[chain] = evaluation.logLikelihoods[chain]
    }
  }

  /// Every chain goes on from the trace of another one.
  func replaceLanes(by ancestors: [Int32]) {
    current.replaceLanes(by: ancestors)
    logLikelihoods = ancestors.map { logLikelihoods[Int($0)] }
  }

  /// The likelihoods of traces that were put into `current` from outside.
  func setLogLikelihoods(_ values: [Double]) { logLikelihoods = values }
}

extension ModelRun {
  /// The static choices that a run of a function may come to, ascending.
  func sites(of function: FunctionID) -> [Int] {
    let reached = CallGraph(program).reachable(from: [Int(function.index)])
    return compiled.sites(ofFunctions: reached.indices)
  }
}

extension Machine {
  /// A parent key for the moves of each lane.
  var laneKeys: [UInt64] {
    (0..<laneCount).map { lane in
      borel_key_child(
        groupKeys[lane / lanesPerGroup], UInt32(BOREL_KEY_MOVE), UInt64(lane % lanesPerGroup))
    }
  }
}
