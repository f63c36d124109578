import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// A particle filter over records that arrive one after the other: `smc` on a model whose arrays
/// grow, in memory that does not.
///
/// The particles after a record are those of `smc` with the same seed on an array of the records so
/// far, before what follows the loop. Used by one thread at a time.
///
/// Source: Gordon, Salmond, Smith (1993); see `SequentialMonteCarlo`.
package final class StreamFilter {
  /// The parameters of the model that grow, by position.
  package let growing: [Int]
  package private(set) var recordCount = 0

  private let engine: Engine
  private let run: ModelRun
  private let settings: StreamSettings
  private let arrays: [GrowingArray]
  private let shapes: [Shape]
  private let plan: Streamed.Plan
  private var machine: Machine
  private let latest: LatestValues
  private let space: FilterSpace
  private var summarizer: StateSummarizer
  private var forecaster: Forecaster?

  private var isStarted = false
  /// What stopped the filter; it takes no more records.
  private var failure: Diagnostics?
  /// Weights before the next observation.
  private var weights: LaneWeights
  private var logEvidence = 0.0
  /// The log of the mean weight since the last resampling.
  private var logMean = 0.0
  private var sums: GroupWeights?

  /// - Throws: `Diagnostics` E0580 for a model that cannot be filtered record by record, E0581 for
  ///   a method that cannot, and everything that is wrong with the arguments.
  package init(_ request: StreamRequest) throws(Diagnostics) {
    let parts = try reportingDiagnostics { try StreamParts(request) }
    engine = parts.engine
    run = parts.run
    settings = parts.settings
    growing = parts.growing
    arrays = parts.arrays
    shapes = parts.shapes
    plan = parts.plan
    let count = settings.particles
    machine = run.makeMachine(key: rootKey(request.seed), groups: 1, lanesPerGroup: count)
    latest = LatestValues(laneCount: count, loopReports: plan.reports)
    space = FilterSpace(lanes: count, tracksLineages: false)
    weights = LaneWeights(uniform: count)
    summarizer = StateSummarizer(
      program: run.program, laneCount: count, probabilities: request.quantiles)
    forecaster = parts.sources.map {
      Forecaster(
        program: run.program, sources: $0, laneCount: count, key: machine.groupKeys[0],
        probabilities: request.quantiles)
    }
    let (latest, program, arrays) = (latest, run.program, arrays)
    machine.visitDriverRoots = { visit in
      latest.visitHandles(program, visit)
      for array in arrays { array.visitHandles(visit) }
    }
  }

  /// Takes a record in: one value for each growing parameter, of the type of its elements.
  ///
  /// - Throws: `Diagnostics` of the program and its limits; the filter has ended then.
  package func step(_ record: [Value]) throws(Diagnostics) -> StreamState {
    if let failure { throw failure }
    do {
      return try reportingDiagnostics { try advance(over: record) }
    } catch {
      failure = error
      throw error
    }
  }

  private func advance(over record: [Value]) throws -> StreamState {
    for (index, value) in record.enumerated() {
      arrays[index].append(words(of: value, shapes[index]))
    }
    recordCount += 1
    var state = StreamState(
      recordCount: recordCount, isStarted: false, logEvidence: logEvidence + logMean, logScore: 0,
      effectiveSampleSize: Double(settings.particles), isResampled: false, variables: [],
      forecasts: [])
    if !isStarted {
      guard recordCount >= plan.startCount else { return state }
      machine.start(function: run.model.function, arguments: run.arguments)
      isStarted = true
    }
    machine.deadline = settings.seconds.map { ContinuousClock.now + .seconds($0) }
    state.isStarted = true
    try runToWait(&state)
    state.logScore = logEvidence + logMean - state.logEvidence
    state.logEvidence = logEvidence + logMean
    return state
  }

  private func words(of value: Value, _ shape: Shape) -> [UInt64] {
    switch (shape, value) {
    case (.real, .real(let x)): [x.bitPattern]
    case (.optional(.real), .optional(.real(let x))): [1, x.bitPattern]
    default:
      ValueCoding(enumerations: run.program.enumerations).encode(value, shape, in: machine.arena)
    }
  }

  /// Goes on until all lanes wait for the next record.
  private func runToWait(_ state: inout StreamState) throws {
    // What is known before a resampling is known better than after it.
    var shown: [StreamSummary]?
    var hasCounted = false
    while true {
      try machine.advance()
      if note(&state.forecasts) { shown = nil }
      if machine.isFinished { throw ended }
      let isWaiting = machine.commonCheckpoint == plan.wait
      try weigh()
      if !isWaiting || !hasCounted {
        hasCounted = true
        state.effectiveSampleSize = sums?.effectiveSampleSize ?? 0
        if mustResample {
          shown = summarizer.summaries(latest.shown(at: recordCount), weights)
          resample()
          state.isResampled = true
        }
      } else if logMean != 0 {
        shown = nil
      }
      if isWaiting {
        // Random numbers that were used after the last generation began must not come again.
        if machine.hasDrawn { try machine.beginGeneration() }
        break
      }
      try machine.beginGeneration()
    }
    state.variables = shown ?? summarizer.summaries(latest.shown(at: recordCount), weights)
  }

  /// Takes over what lanes have reported; true when the state is another one.
  private func note(_ forecasts: inout [StreamForecast]) -> Bool {
    var isChanged = false
    for emission in machine.emissions {
      guard forecaster?.foresees(report: emission.report) == true else {
        latest.note(emission, of: machine, record: recordCount)
        isChanged = true
        continue
      }
      let loopCount = machine.loopCount(of: emission)
      let foreseen = forecaster?.forecast(
        emission, of: machine, weights, record: recordCount, position: forecasts.count,
        inLoop: plan.reports.contains(
          Streamed.LoopReport(report: emission.report, loopCount: loopCount)))
      forecasts += foreseen ?? []
    }
    machine.discardEmissions()
    return isChanged
  }

  private func weigh() throws {
    let group = GroupWeights(
      space.logWeights(of: machine), count: settings.particles, into: space.weights,
      threads: run.options.threads)
    if group.areAllZero { throw ObservationLedger.impossible(machine) }
    sums = group
    logMean = group.logMean
    weights.set(space.weights, group)
  }

  private var mustResample: Bool {
    sums?.isDue(belowShare: settings.threshold) ?? false
  }

  private func resample() {
    guard let sums else { return }
    let count = settings.particles
    space.ancestors.withUnsafeMutableBufferPointer { buffer in
      guard let ancestors = buffer.baseAddress else { return }
      var stream = DriverStream(
        key: machine.groupKeys[0], kind: Int(BOREL_KEY_RESAMPLING),
        index: UInt64(machine.generation))
      settings.resampler.draw(
        space.weights, total: sums.sum, count: count, into: ancestors, using: &stream,
        threads: run.options.threads)
    }
    StandardResampling().replaceLanes(of: machine, by: space.ancestors, groups: [true])
    space.ancestors.withUnsafeBufferPointer { latest.replace(by: $0) }
    logEvidence += logMean
    logMean = 0
    weights.setUniform()
    self.sums = nil
  }

  private var ended: Diagnostic {
    Diagnostic(
      "E0582", .inference, "every execution of the model has ended: it takes no more records",
      at: run.model.span, hints: ["a filter goes on as long as the loop over the data does"])
  }

  // MARK: State

  /// Writes what the filter needs to go on.
  ///
  /// - Precondition: No record has failed.
  func write(to writer: inout StateWriter) {
    writer.write(recordCount)
    writer.write(isStarted)
    writer.write(logEvidence)
    writer.write(logMean)
    writer.write(weights.values)
    writer.write(weights.sum)
    writer.write(weights.sumOfSquares)
    for array in arrays {
      let words = array.keptWords
      writer.write(array.count)
      writer.write(words.count)
      for (index, word) in words.enumerated() {
        writer.write(
          word, isHandle: array.pointerMask & (1 << UInt64(index % max(array.stride, 1))) != 0)
      }
    }
    if isStarted { machine.writeLanes(to: &writer, outside: arrays.map(\.bits)) }
    latest.write(to: &writer, run.program)
  }

  /// - Throws: `DamagedState`.
  func read(from reader: inout StateReader) throws {
    recordCount = try reader.readInt(in: 0..<Int.max)
    isStarted = try reader.readBool()
    logEvidence = try reader.readDouble()
    logMean = try reader.readDouble()
    weights = LaneWeights(
      values: try reader.readDoubles(), sum: try reader.readDouble(),
      sumOfSquares: try reader.readDouble())
    guard weights.values.count == settings.particles else { throw DamagedState() }
    for array in arrays {
      guard try reader.readInt() == recordCount else { throw DamagedState() }
      let wordCount = try reader.readCount()
      guard array.stride == 0 ? wordCount == 0 : wordCount % array.stride == 0,
        array.stride == 0 || wordCount / array.stride <= recordCount
      else { throw DamagedState() }
      let words = try (0..<wordCount).map { index in
        try reader.readWord(
          isHandle: array.pointerMask & (1 << UInt64(index % max(array.stride, 1))) != 0,
          into: machine.arena)
      }
      array.restore(count: recordCount, words: words)
    }
    if isStarted { try machine.readLanes(from: &reader, outside: arrays.map(\.bits)) }
    try latest.read(from: &reader, run.program, into: machine.arena)
  }

  /// What must be the same for the filter that goes on.
  var facts: [CheckpointFile.Fact] { settings.facts }

  var isFailed: Bool { failure != nil }

  /// Whether lanes that wait may hold numbers of texts, which differ between processes.
  var holdsStrings: Bool {
    let function = run.program.functions[Int(run.model.function.index)]
    let liveness = LivenessAnalysis(function)
    let held = function.blocks.indices.contains { block in
      guard case .checkpoint(plan.wait, _) = function.blocks[block].terminator else { return false }
      return liveness.liveAcross[block].indices.contains {
        function.valueTypes[$0].mayHoldStrings
      }
    }
    return held
      || run.program.reports.contains { $0.shape.mayHoldStrings(run.program.enumerations) }
      || shapes.contains { $0.mayHoldStrings(run.program.enumerations) }
  }
}
