import BorelIR
import BorelKernels
import BorelRuntime

/// The log-densities of retained paths under many parameters at once, by replaying the whole path
/// in lanes of one machine: the time of a replay hardly depends on the number of lanes.
struct PathEvaluator {
  /// The choices of the first step that lanes draw afresh.
  struct Fresh {
    var number: Int
    var isFresh: [Bool]
  }

  private let run: ModelRun
  let machine: Machine
  private let uses: Set<Int>
  private let identity: [Int32]
  private let chainOfLane: [Int32]

  /// - Parameters:
  ///   - lanes: Lanes of each chain.
  ///   - uses: Instructions that draw parameters.
  init(_ run: ModelRun, key: UInt64, chains: Int, lanes: Int, uses: Set<Int>) {
    var silent = run
    silent.options.keepsReports = false
    if lanes == 1 { silent.options.threads = 1 }
    machine = silent.makeMachine(key: key, groups: chains, lanesPerGroup: lanes)
    machine.rejectsFailures = true
    machine.collectionThreshold = .max
    self.run = run
    self.uses = uses
    identity = (0..<Int32(chains * lanes)).map { $0 }
    chainOfLane = (0..<chains * lanes).map { Int32($0 / lanes) }
  }

  /// The first step of each lane's chain, one row per lane.
  func first(of path: RetainedPath) -> ChoiceTable { path.steps[0].expanded(chainOfLane) }

  /// The log-density of choices and scores along the path of each lane's chain.
  ///
  /// - Parameters:
  ///   - first: The choices of the first step by lane.
  ///   - noise: What the tables hold of choices that are not parameters.
  func logDensities(
    _ path: RetainedPath, first: ChoiceTable, noise: ChoiceReplay.Noise = .none
  ) throws -> [Double] {
    let densities = try replay(path, first: first, noise: noise)
    machine.discardObjects()
    return densities
  }

  /// The same with a choice of the first step drawn afresh in some lanes, whose density counts in
  /// none, and what was drawn.
  func logDensities(
    _ path: RetainedPath, first: ChoiceTable, fresh: Fresh
  ) throws -> (densities: [Double], record: StepRecord?) {
    var record: StepRecord?
    let densities = try replay(path, first: first, fresh: fresh, record: &record)
    return (densities, record)
  }

  private func replay(
    _ path: RetainedPath, first: ChoiceTable, noise: ChoiceReplay.Noise
  ) throws -> [Double] {
    var record: StepRecord?
    return try replay(path, first: first, noise: noise, record: &record)
  }

  private func replay(
    _ path: RetainedPath, first: ChoiceTable, noise: ChoiceReplay.Noise = .none,
    fresh: Fresh? = nil, record: inout StepRecord?
  ) throws -> [Double] {
    machine.discardLanes()
    machine.start(function: run.model.function, arguments: run.arguments)
    for (step, table) in path.steps.enumerated() {
      try (step == 0 ? identity : chainOfLane).withUnsafeBufferPointer { rows in
        let rows = rows.baseAddress.unsafelyUnwrapped
        let own = step == 0 ? fresh : nil
        let replay = ChoiceReplay(
          step == 0 ? first : table, rows: rows, dropsTallies: true,
          freshNumbers: own.map { [$0.number] } ?? [], isFresh: own?.isFresh ?? [],
          noise: noise, valueUses: uses)
        machine.replay = replay
        if own != nil { machine.recording = StepRecord(machine) }
        try machine.advance()
        machine.checkReplayEnd(replay, rows: rows, end: nil, targets: rows)
      }
      if let recording = machine.recording {
        recording.finish(machine)
        record = recording
        machine.recording = nil
      }
      try machine.beginGeneration()
    }
    var densities = [Double](repeating: 0, count: identity.count)
    machine.readLogWeights(into: &densities)
    machine.replay = nil
    machine.discardLanes()
    return densities
  }
}
