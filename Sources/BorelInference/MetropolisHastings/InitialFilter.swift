import BorelHeap
import BorelKernels
import BorelRuntime

/// Finds states of positive density where prior draws find none: a particle filter per chain, whose
/// executions record their choices. One of them, drawn by the weights, is where the chain starts.
struct InitialFilter {
  /// Executions per chain.
  static let particles = 500

  /// - Parameter chains: Chains without states, on a program with checkpoints.
  /// - Returns: The chains for which the filter found no state either.
  static func search(_ chains: Chains, run: ModelRun, key: UInt64) throws -> [Int] {
    let lanes = chains.count * particles
    let machine = run.startedMachine(
      key: borel_key_child(key, UInt32(BOREL_KEY_NESTED), 0), groups: chains.count,
      lanesPerGroup: particles)
    let tape = ChoiceTape(laneCount: lanes)
    let store = ChoiceStore(laneCount: lanes, keepsParameters: chains.current.keepsParameters)
    tape.sink = store
    machine.tape = tape
    machine.keepsReports = false
    machine.visitDriverRoots = { store.visitHandles($0) }
    while true {
      try machine.advance()
      if machine.isFinished { break }
      let ancestors = resample(machine, run)
      machine.replaceLanes(by: ancestors, count: lanes, keepsWeights: false)
      store.replaceLanes(by: ancestors)
      try machine.beginGeneration()
    }
    choose(chains, machine, store, run)
    let evaluation = try chains.evaluate(Proposal())
    let isTaken = evaluation.logLikelihoods.map { $0 > -.infinity }
    chains.take(isTaken, from: evaluation)
    return isTaken.indices.filter { !isTaken[$0] }
  }

  /// Weights of one group relative to their largest; empty when all are zero.
  private static func weights(_ machine: Machine, _ group: Int) -> [Double] {
    var logWeights = [Double](repeating: 0, count: machine.laneCount)
    machine.readLogWeights(into: &logWeights)
    let own = logWeights[(group * particles)..<((group + 1) * particles)]
    guard let largest = own.max(), largest > -.infinity else { return [] }
    return own.map { borel_exp($0 - largest) }
  }

  private static func resample(_ machine: Machine, _ run: ModelRun) -> [Int32] {
    var ancestors = (0..<Int32(machine.laneCount)).map { $0 }
    for group in machine.groupKeys.indices {
      let weights = weights(machine, group)
      if weights.isEmpty { continue }
      var choices = run.driverChoices(
        key: machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
        index: UInt64(machine.generation))
      let first = group * particles
      for lane in first..<(first + particles) {
        ancestors[lane] = Int32(first + choices.categorical(weights))
      }
    }
    return ancestors
  }

  private static func choose(
    _ chains: Chains, _ machine: Machine, _ store: ChoiceStore, _ run: ModelRun
  ) {
    var cloner = Cloner(into: chains.machine.arena)
    for group in machine.groupKeys.indices {
      let weights = weights(machine, group)
      if weights.isEmpty { continue }
      var choices = run.driverChoices(
        key: machine.groupKeys[group], kind: Int(BOREL_KEY_MOVE), index: 0)
      let lane = group * particles + choices.categorical(weights)
      chains.current.copy(lane: lane, of: store, to: group) { cloner.clone($0) }
    }
  }
}
