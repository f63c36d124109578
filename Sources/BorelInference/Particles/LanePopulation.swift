import BorelBase
import BorelIR
import BorelRuntime

/// The lanes of a machine as a population, with a second machine that replays steps.
final class LanePopulation: ParticlePopulation {
  let groups: Int
  let particles: Int
  let tallyCount: Int
  let machine: Machine
  private let run: ModelRun
  private let structure: SmoothingStructure
  /// Whether steps are replayed from other lanes' states, so that states have to be kept.
  private let replaysSteps: Bool
  /// Whether all steps are kept or only those that the next update needs.
  private let keepsSteps: Bool
  private let replayer: Machine
  @exclusivity(unchecked) private var records: [StepRecord] = []
  /// Records whose memory is used again.
  @exclusivity(unchecked) private var spareRecords: [StepRecord] = []
  @exclusivity(unchecked) private var firstStep = 0
  /// The states after each step; nil when they are not kept.
  @exclusivity(unchecked) private var snapshots: [PopulationSnapshot?] = []
  /// Tallies of all lanes after each step, where paths are drawn backward: `[step][tally][lane]`.
  private var sums: [[[Double]]] = []
  private let keepsSums: Bool
  @exclusivity(unchecked) private var table: (step: Int, table: ChoiceTable)?
  /// The retained paths of the groups.
  @exclusivity(unchecked) var retained: RetainedPath?
  /// How frozen lanes repeat them.
  @exclusivity(unchecked) private var pathReplay: ChoiceReplay?
  /// Choices of the first step from which all lanes of a group take the parameters; row g belongs
  /// to group g.
  var fixedParameters: ChoiceTable?
  private(set) var pairBound: Double?
  private let groupOfLane: [Int32]
  private let laneNumbers: [Int32]

  init(
    _ run: ModelRun, machine: Machine, structure: SmoothingStructure, replaysSteps: Bool,
    keepsSteps: Bool, keepsTallies: Bool = false
  ) {
    self.run = run
    keepsSums = keepsTallies && !run.program.tallies.isEmpty
    self.machine = machine
    self.structure = structure
    self.replaysSteps = replaysSteps
    self.keepsSteps = keepsSteps
    groups = machine.groupKeys.count
    particles = machine.lanesPerGroup
    tallyCount = run.program.tallies.count
    groupOfLane = (0..<groups * particles).map { Int32($0 / machine.lanesPerGroup) }
    laneNumbers = (0..<Int32(groups * particles)).map { $0 }
    replayer = run.makeReplayer()
    machine.visitHeldSlots = { [weak self] visit in
      guard let self else { return }
      for record in records { record.visitHandles(visit) }
      self.machine.recording?.visitHandles(visit)
      for snapshot in snapshots { snapshot?.visitHandles(visit) }
    }
    machine.visitDriverRoots = { [weak self] visit in self?.retained?.visitHandles(visit) }
  }

  /// The choices of the steps of the last sweep.
  var keptRecords: [StepRecord] { records }

  func forgetSteps() {
    table = nil
    pathReplay = nil
    while !records.isEmpty { recycle(records.removeLast()) }
    snapshots = []
    sums = []
    firstStep = 0
  }

  private func recycle(_ record: consuming StepRecord) {
    var record = record
    if isKnownUniquelyReferenced(&record) {
      record.clear()
      spareRecords.append(record)
    }
  }

  // MARK: Steps

  func restart() throws {
    forgetSteps()
    machine.discardLanes()
    machine.replay = nil
    machine.start(function: run.model.function, arguments: run.arguments)
    try machine.beginGeneration()
  }

  var retainedSteps: Int { retained?.steps.count ?? 0 }
  var isFinished: Bool { machine.isFinished }

  func advance(step: Int, frozen: [Int32]) throws {
    if step > 0 { try machine.beginGeneration() }
    beginStep()
    // Other lanes may go on after the retained path has returned.
    if let retained, !frozen.isEmpty, step < retained.steps.count {
      let sharedUses = step == 0 ? structure.parameterUses : []
      if let pathReplay {
        pathReplay.goOn(to: retained.steps[step], frozen: frozen, sharedUses: sharedUses)
      } else {
        pathReplay = ChoiceReplay(retained.steps[step], frozen: frozen, sharedUses: sharedUses)
      }
      machine.replay = pathReplay
    }
    if step == 0, frozen.isEmpty, let fixedParameters {
      machine.replay = ChoiceReplay(
        fixedParameters, frozen: [], sharedUses: structure.parameterUses)
    }
    try machine.advance()
    if machine.replay?.hasMismatch == true { throw Self.mismatch }
    machine.replay = nil
    try endStep()
  }

  /// Starts recording the choices of a step.
  func beginStep() {
    if let record = spareRecords.popLast() {
      record.restart(machine)
      machine.recording = record
    } else {
      machine.recording = StepRecord(machine)
    }
  }

  /// Closes the record of the step and keeps the states.
  func endStep() throws {
    guard let record = machine.recording else { return }
    record.finish(machine)
    machine.recording = nil
    records.append(record)
    if keepsSums { sums.append((0..<tallyCount).map { machine.tally($0) }) }
    table = nil
    if replaysSteps, !machine.isFinished {
      guard machine.commonCheckpoint != nil else { throw Self.unaligned }
      snapshots.append(PopulationSnapshot(machine))
    } else {
      snapshots.append(nil)
    }
    if !keepsSteps, records.count > 2 {
      recycle(records.removeFirst())
      snapshots.removeFirst()
      firstStep += 1
    }
  }

  private static var mismatch: Diagnostic {
    Diagnostic(
      "E0598", .inference,
      "the retained path cannot be repeated: the same choices led elsewhere", at: .none,
      hints: ["a nested 'infer' by a random method is not repeated: use 'enumerate' there"])
  }

  private static var unaligned: Diagnostic {
    Diagnostic(
      "E0597", .inference,
      "executions stand at different observations, so that their states cannot be compared",
      at: .none, hints: ["plain 'pg' needs no common steps"])
  }

  func readLogWeights(into weights: UnsafeMutablePointer<Double>) {
    machine.readLogWeights(into: weights)
  }

  func replaceLanes(by ancestors: [Int32], resetting isReset: [Bool]) {
    let areAllReset = !isReset.contains(false)
    machine.replaceLanes(by: ancestors, count: ancestors.count, keepsWeights: !areAllReset)
    if !areAllReset { machine.resetLogWeights(groups: isReset) }
  }

  func stepTallies() -> [[Double]] {
    let sums = (0..<tallyCount).map { machine.tally($0) }
    machine.resetTallies()
    return sums
  }

  // MARK: Replays

  private func record(of step: Int) -> StepRecord { records[step - firstStep] }
  private func states(after step: Int) -> PopulationSnapshot? { snapshots[step - firstStep] }

  private func choices(of step: Int) -> ChoiceTable {
    if let table, table.step == step { return table.table }
    let made = ChoiceTable(record(of: step), program: run.compiled)
    table = (step, made)
    return made
  }

  /// Replays a step in the second machine.
  private func replay(
    from snapshot: PopulationSnapshot, sources: [Int32], _ replay: ChoiceReplay
  ) throws {
    replayer.restart(from: snapshot, lanes: sources, count: sources.count)
    replayer.replay = replay
    try replayer.advance()
  }

  func pairLogDensities(
    step: Int, sources: [Int32], targets: [Int32],
    into logDensities: UnsafeMutablePointer<Double>
  ) throws {
    guard let snapshot = states(after: step - 1) else { return }
    try targets.withUnsafeBufferPointer { rows in
      let rows = rows.baseAddress.unsafelyUnwrapped
      let replay = ChoiceReplay(
        choices(of: step), rows: rows, dropsScores: structure.cancelsScores, dropsTallies: true)
      try self.replay(from: snapshot, sources: sources, replay)
      replayer.checkReplayEnd(replay, rows: rows, end: states(after: step), targets: rows)
      replayer.readLogWeights(into: logDensities)
      pairBound = structure.cancelsScores ? replay.logDensityBound : nil
    }
    replayer.discardLanes()
    replayer.discardObjects()
  }

  func pairTallies(step: Int, sources: [Int32], targets: [Int32]) throws -> [[Double]] {
    guard let snapshot = states(after: step - 1) else { return [] }
    return try targets.withUnsafeBufferPointer { rows in
      let replay = ChoiceReplay(
        choices(of: step), rows: rows.baseAddress.unsafelyUnwrapped, scores: false,
        dropsScores: true)
      try self.replay(from: snapshot, sources: sources, replay)
      let sums = (0..<tallyCount).map { replayer.tally($0) }
      replayer.discardLanes()
      replayer.discardObjects()
      return sums
    }
  }

  /// Sums of the tallies along paths whose lanes were drawn backward: `[tally][path]`. The last
  /// lane of a path continues the one before it.
  func tallies(along path: [[Int32]]) throws -> [[Double]] {
    guard let first = sums.first, let last = sums.last, sums.count == path.count else { return [] }
    var totals = first.map { own in path[0].map { own[Int($0)] } }
    for step in 1..<max(1, path.count - 1) {
      let added = try pairTallies(step: step, sources: path[step - 1], targets: path[step])
      for tally in totals.indices {
        for position in path[step].indices { totals[tally][position] += added[tally][position] }
      }
    }
    if path.count > 1 {
      let before = sums[path.count - 2]
      for tally in totals.indices {
        for position in path[0].indices {
          totals[tally][position] +=
            last[tally][Int(path[path.count - 1][position])]
            - before[tally][Int(path[path.count - 2][position])]
        }
      }
    }
    return totals
  }

  /// Sums of what single steps of lanes added to the tallies: `[tally][path]`.
  ///
  /// - Parameter arrivals: The lane before each step from which each lane came.
  func tallies(ofSteps path: [[Int32]], arrivals: LaneTable) -> [[Double]] {
    (0..<(sums.first?.count ?? 0)).map { tally in
      path[0].indices.map { position in
        path.indices.reduce(0.0) { total, step in
          let lane = Int(path[step][position])
          let before = step > 0 ? sums[step - 1][tally][Int(arrivals[step, Int32(lane)])] : 0
          return total + sums[step][tally][lane] - before
        }
      }
    }
  }

  func retainedLogDensities(
    step: Int, frozen: [Int32], into logDensities: UnsafeMutablePointer<Double>
  ) throws {
    guard let retained, let snapshot = states(after: step - 1) else { return }
    try groupOfLane.withUnsafeBufferPointer { rows in
      let rows = rows.baseAddress.unsafelyUnwrapped
      let replay = ChoiceReplay(
        retained.steps[step], rows: rows, dropsScores: structure.cancelsScores,
        dropsTallies: true)
      try self.replay(from: snapshot, sources: laneNumbers, replay)
      let targets = groupOfLane.map { frozen[Int($0)] }
      let end = PopulationSnapshot(replayer)
      targets.withUnsafeBufferPointer {
        replayer.checkReplayEnd(
          replay, rows: rows, end: end, targets: $0.baseAddress.unsafelyUnwrapped)
      }
      replayer.readLogWeights(into: logDensities)
    }
    replayer.discardLanes()
    replayer.discardObjects()
  }
}

extension ModelRun {
  /// A machine that replays steps of this run: no reports, no collections.
  func makeReplayer(lanes: Int = 1) -> Machine {
    var options = options
    options.keepsReports = false
    let machine = Machine(
      program: compiled, groupKeys: [0], lanesPerGroup: lanes, options: options, host: host)
    machine.collectionThreshold = .max
    machine.rejectsFailures = true
    return machine
  }
}
