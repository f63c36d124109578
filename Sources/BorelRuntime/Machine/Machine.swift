import BorelBase
import BorelHeap
import BorelIR
import BorelKernels

/// Runs a program for many lanes at once.
///
/// A run alternates between `advance`, in which every lane goes on to its next checkpoint, fork or
/// return, and actions of the driver: reading and resetting log-weights, resampling, forking,
/// merging. Between two driver actions what a lane computes is a function of the program, its
/// data, the keys and the lane's number only.
package final class Machine {
  package let program: CompiledProgram
  package let options: MachineOptions
  package weak var host: (any MachineHost)?
  /// Lanes of the whole population.
  @exclusivity(unchecked) package internal(set) var laneCount: Int
  package internal(set) var lanesPerGroup: Int
  /// One stream key per group.
  package internal(set) var groupKeys: [UInt64]
  /// Counts driver actions; part of every random counter.
  @exclusivity(unchecked) package internal(set) var generation: UInt32 = 0

  let pool = ColumnPool()
  @exclusivity(unchecked) package internal(set) var arena = Arena()
  let trace = Trace()
  @exclusivity(unchecked) private(set) var ready = ReadyQueue()
  @exclusivity(unchecked) var suspended: [Strand] = []
  @exclusivity(unchecked) var strandCount = 0
  @exclusivity(unchecked) var frameCount = 0
  /// Row lists of the two sides of a branch.
  let splitRows = RowLists()
  let plans = PlanStore()
  @exclusivity(unchecked) var executor: BlockExecutor
  /// Reports of the current generation.
  @exclusivity(unchecked) package internal(set) var emissions: [Emission] = []
  /// Where the choices of the step are kept; nil when they are not.
  @exclusivity(unchecked) package var recording: StepRecord?
  /// Choices that lanes repeat instead of drawing.
  @exclusivity(unchecked) package var replay: ChoiceReplay?
  /// Slots that the driver keeps between advances, for collections: (slot, rows) to the new slot.
  package var visitHeldSlots: ((_ visit: (Slot, Int) -> Slot) -> Void)?
  /// The failure of the smallest lane in this generation.
  @exclusivity(unchecked) var failure: LaneFailure?
  /// Lanes that stopped with weight zero in this generation.
  var deadLanes: [Int] = []
  /// Lanes whose weight became zero since `takeKills`, by instruction.
  @exclusivity(unchecked) var kills: [KillSite: KillRecord] = [:]
  @exclusivity(unchecked) package internal(set) var laneSteps: UInt64 = 0
  /// Lane-steps at which limits are looked at again.
  @exclusivity(unchecked) var nextCheck: UInt64 = 0
  let texts = StringTable.shared
  /// Bytes of texts in the process when the machine was made, and when limits are checked again.
  let textBytesBefore = StringTable.shared.byteCount
  @exclusivity(unchecked) var nextTextCheck = StringTable.shared.byteCount + (1 << 20)
  let groupKeyStorage: UnsafeMutablePointer<UInt64>
  /// Size of the heap at which the next collection starts, in bytes.
  package var collectionThreshold: Int
  /// Replays and records the random choices of the run; see `ChoiceTape`.
  ///
  /// - Precondition: `MachineOptions.tracksAddresses`.
  @exclusivity(unchecked) package var tape: ChoiceTape? {
    willSet { precondition(newValue == nil || tracksAddresses, "addresses are not tracked") }
  }
  let tracksAddresses: Bool
  // Of the options, which are too large to be looked at from kernels.
  let choices: (any FiniteChoices)?
  let counterLog: CounterLog?
  /// Whether `emit` keeps values.
  @exclusivity(unchecked) package var keepsReports: Bool
  /// A failure of a lane makes its weight zero and is counted in `rejections`; a NaN still stops
  /// the run. For proposals (semantics, 2.6).
  @exclusivity(unchecked) package var rejectsFailures: Bool
  /// Failures that made weights zero since `takeRejections`, by instruction.
  var rejections: [KillSite: KillRecord] = [:]
  /// Turns what runs into a computation graph, while there is one to be made.
  @exclusivity(unchecked) package var recorder: GraphRecorder?
  /// When the run stops; nil for never.
  package var deadline: ContinuousClock.Instant?
  /// Handles that the driver keeps between advances.
  package var visitDriverRoots: ((_ visit: (UnsafeMutablePointer<UInt64>) -> Void) -> Void)?

  package init(
    program: CompiledProgram, groupKeys: [UInt64], lanesPerGroup: Int,
    options: MachineOptions = MachineOptions(), host: (any MachineHost)? = nil
  ) {
    self.program = program
    self.groupKeys = groupKeys
    self.lanesPerGroup = lanesPerGroup
    self.laneCount = groupKeys.count * lanesPerGroup
    self.options = options
    self.host = host
    deadline = options.limits.deadline
    self.tracksAddresses = options.tracksAddresses
    choices = options.choices
    counterLog = options.counterLog
    self.keepsReports = options.keepsReports
    self.executor = BlockExecutor(options: options)
    collectionThreshold = options.collectionThreshold
    rejectsFailures = options.rejectsFailures
    groupKeyStorage = .allocate(capacity: max(groupKeys.count, 1))
    groupKeyStorage.initialize(from: groupKeys, count: groupKeys.count)
  }

  deinit {
    groupKeyStorage.deallocate()
    for strand in ready.strands + suspended { release(strand) }
  }

  /// Starts a function on all lanes with arguments that are the same for all.
  package func start(function: FunctionID, arguments: [UInt64]) {
    start(
      function: function, arguments: arguments.map { Slot(uniform: $0) }, count: laneCount,
      lanes: Slot(uniform: 0))
  }

  /// Starts a function with one column of arguments per parameter word, each `laneCount` long.
  package func start(function: FunctionID, columns: [[UInt64]]) {
    start(function: function, columns: columns, count: laneCount)
  }

  /// Starts a function on the first lanes, with one column of arguments per parameter word, each
  /// `count` long.
  package func start(function: FunctionID, columns: [[UInt64]], count: Int) {
    precondition(count <= laneCount && columns.allSatisfy { $0.count == count })
    let slots = columns.map { values in
      let column = pool.make(count: count)
      pool.data(column).update(from: values, count: count)
      return Slot(column: column)
    }
    start(function: function, arguments: slots, count: count, lanes: Slot(uniform: 0))
  }

  /// Starts a function on some lanes: those numbered `first ..< first + count`.
  package func start(function: FunctionID, arguments: [UInt64], first: Int, count: Int) {
    start(
      function: function, arguments: arguments.map { Slot(uniform: $0) }, count: count,
      lanes: Slot(uniform: UInt64(first)))
  }

  private func start(function: FunctionID, arguments: [Slot], count: Int, lanes: Slot) {
    let index = Int(function.index)
    let callee = program.functions[index]
    let strand = makeStrand(
      count: count, function: index, registerCount: callee.registerCount, lanes: lanes)
    for (position, slot) in arguments.enumerated() {
      let register = callee.parameters[position]
      if register >= 0 { strand.registers[register] = slot } else { pool.release(slot) }
    }
    addReady(strand)
  }

  /// Puts a strand where those wait that can go on.
  func addReady(_ strand: Strand) {
    ready.append(strand, at: position(of: strand))
  }

  /// Takes the strand that is furthest behind.
  func takeReady() -> Strand? { ready.popFirst() }

  func replaceReady(_ strands: [Strand]) {
    ready.removeAll()
    for strand in strands { addReady(strand) }
  }

  func position(of strand: Strand) -> StrandPosition {
    let order = program.blocks[strand.function][strand.block].order
    return StrandPosition(
      place: UInt64(strand.function) << 32 | UInt64(strand.block), order: order,
      isAtTerminator: strand.isAtTerminator, frame: strand.link, number: strand.number)
  }

  /// Lets go of all lanes, so that the program can be started again on the same heap. Random
  /// counters go on with the generation.
  package func removeLanes() {
    for strand in ready.strands + suspended { release(strand) }
    ready.removeAll()
    suspended = []
    deadLanes = []
    failure = nil
    discardEmissions()
  }

  func makeStrand(count: Int, function: Int, registerCount: Int, lanes: Slot) -> Strand {
    strandCount += 1
    return Strand(
      count: count, function: function, registerCount: registerCount, lanes: lanes,
      tallyCount: program.source.tallies.count, number: strandCount)
  }

  /// Gives back what a strand holds besides its live registers.
  func releaseShared(_ strand: Strand) {
    pool.release(strand.frameRows)
    pool.release(strand.lanes)
    pool.release(strand.weight)
    pool.release(strand.draws)
    pool.release(strand.memo)
    releasePaths(strand)
    for slot in strand.tallies { pool.release(slot) }
    let frame = strand.frame
    strand.frame = nil
    Frame.discard(frame)
  }

  /// Gives back all that a strand holds.
  func release(_ strand: Strand) {
    let live = liveRegisters(of: strand)
    for k in 0..<live.count { pool.release(strand.registers[live[k]]) }
    releaseShared(strand)
  }

  /// Whether `emit` keeps the values of a report.
  func keeps(report: Int) -> Bool { keepsReports && options.keptReports?[report] != false }

  /// The registers of a strand that hold something.
  func liveRegisters(of strand: Strand) -> LiveRegisters {
    if case .returned = strand.state { return .first(strand.resultCount) }
    let block = program.blocks[strand.function] + strand.block
    return .list(
      strand.isAtTerminator ? block.pointee.liveBeforeTerminator : block.pointee.liveAtStart)
  }
}

/// Registers by number: a list of the code, or the first few.
enum LiveRegisters {
  case list(RegisterList)
  case first(Int)

  var count: Int {
    switch self {
    case .list(let list): list.count
    case .first(let count): count
    }
  }

  subscript(index: Int) -> Int {
    switch self {
    case .list(let list): list[index]
    case .first: index
    }
  }
}

/// A value that a lane reported, in all lanes of a strand at once.
package struct Emission {
  /// Number in `Program.reports`.
  package let report: Int
  let loops: [Slot]
  var values: [Slot]
  let lanes: Slot
  package let count: Int

  /// The first lane; the others follow in order.
  package var firstLane: Int { Int(lanes.bits) }
  /// Whether the lanes are `firstLane ..< firstLane + count`.
  package var isContiguous: Bool { lanes.isUniform }
}

/// The first thing that went wrong in a generation.
struct LaneFailure {
  var lane: Int
  var diagnostic: Diagnostic
}
