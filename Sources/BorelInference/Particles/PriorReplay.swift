import BorelHeap
import BorelKernels
import BorelRuntime

/// Replays the first step of the model with given parameters in many lanes, for their prior
/// densities. Each chain has as many lanes as it has candidates, its present parameters first.
struct PriorReplay {
  let machine: Machine
  private let run: ModelRun
  private let rows: [Int32]
  private let perChain: Int

  init(_ run: ModelRun, key: UInt64, chains: Int, candidates: Int) {
    var silent = run
    silent.options.keepsReports = false
    machine = silent.makeMachine(
      key: borel_key_child(key, UInt32(BOREL_KEY_MOVE), 0), groups: chains,
      lanesPerGroup: candidates)
    machine.rejectsFailures = true
    machine.collectionThreshold = .max
    self.run = run
    perChain = candidates
    rows = (0..<Int32(candidates * chains)).map { $0 }
  }

  /// The random choices of the proposals for a chain.
  func stream(chain: Int, round: Int) -> DriverStream {
    DriverStream(
      key: machine.groupKeys[chain], kind: Int(BOREL_KEY_MOVE), index: UInt64(round))
  }

  /// The prior log-densities of the scored parameters by row, and the rows with what was drawn
  /// afresh in all but the present ones: its prior density cancels against its proposal density.
  ///
  /// - Parameters:
  ///   - candidates: The choices of the first step, one row per lane.
  ///   - fresh: Numbers of the choices that are drawn.
  ///   - scored: Instructions whose choices are scored.
  func logDensities(
    of candidates: ChoiceTable, fresh: Set<Int>, scored: Set<Int>
  ) throws -> (ChoiceTable, [Double]) {
    var densities = [Double](repeating: 0, count: rows.count)
    machine.discardLanes()
    machine.start(function: run.model.function, arguments: run.arguments)
    try machine.beginGeneration()
    var result = candidates
    try rows.withUnsafeBufferPointer { rows in
      machine.replay = ChoiceReplay(
        candidates, rows: rows.baseAddress.unsafelyUnwrapped, dropsScores: true,
        dropsTallies: true, freshNumbers: fresh,
        isFresh: self.rows.map { Int($0) % perChain != 0 }, scoredUses: scored)
      if !fresh.isEmpty { machine.recording = StepRecord(machine) }
      try machine.advance()
    }
    machine.readLogWeights(into: &densities)
    if let recording = machine.recording {
      recording.finish(machine)
      machine.recording = nil
      result = ChoiceTable(copying: rows, of: recording, program: run.compiled)
      result.ownObjects(in: run.dataArena)
    }
    machine.replay = nil
    machine.discardLanes()
    machine.discardObjects()
    return (result, densities)
  }
}
