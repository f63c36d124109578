import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime

/// Runs the proposal of a move: draws its auxiliary choices, and scores those of the way back.
final class AuxiliaryDraws {
  private let move: MoveInfo
  private let function: FunctionID
  private let run: ModelRun
  private let trace: RecordCoding
  private let arguments: [UInt64]
  private let machine: Machine
  private let tape: ChoiceTape
  private let schema = ChoiceSchema()
  private let source: ChoiceStore
  private let sink: ChoiceStore
  private let locator: ChoiceLocator

  /// Objects of runs that are over are let go of above this size.
  private static let heapLimit = 1 << 22

  /// - Parameter keys: Stream keys, one per chain, that nothing else uses.
  init(
    _ move: MoveInfo, proposal: FunctionID, run: ModelRun, keys: [UInt64], arguments: [UInt64]
  ) {
    self.move = move
    self.run = run
    self.arguments = arguments
    function = proposal
    trace = RecordCoding(choices: move.trace)
    machine = Machine(
      program: run.compiled, groupKeys: keys, lanesPerGroup: 1, options: run.options,
      host: run.host)
    machine.keepsReports = false
    machine.rejectsFailures = false
    tape = ChoiceTape(laneCount: keys.count)
    source = ChoiceStore(laneCount: keys.count, schema: schema)
    sink = ChoiceStore(laneCount: keys.count, schema: schema)
    machine.tape = tape
    locator = ChoiceLocator(move.auxiliary, drawnIn: proposal, run.compiled, schema)
  }

  /// Reals must have densities: a Jacobian is about these.
  ///
  /// - Throws: E0528.
  func checkFamilies() throws {
    for (field, choice) in move.auxiliary.enumerated() where choice.isReal {
      guard let site = locator.sites[field] else { continue }
      let family = run.compiled.family(ofSite: site)
      if family?.signature.baseMeasure == .lebesgue { continue }
      throw Diagnostic.auxiliaryAtom(
        move, choice.name, family?.signature.name, at: run.compiled.span(ofSite: site))
    }
  }

  /// Draws for each chain, given its trace.
  ///
  /// - Parameter move: Number of the move, which its random counters are told apart by.
  /// - Returns: The draws and their log-density, in nats.
  func draw(
    given traces: [ChoiceRecord], move number: UInt64
  ) throws -> [(record: ChoiceRecord, logDensity: Double)] {
    tape.source = nil
    machine.goOn(fromGeneration: UInt32(clamping: number))
    try execute(machine, tape, sink, given: traces)
    return traces.indices.map { chain in
      guard let record = locator.record(of: chain, in: sink) else {
        internalError("an auxiliary draw of '\(move.name)' is not where it should be")
      }
      return (record, tape.logFresh[chain])
    }
  }

  /// Log-densities of draws given traces, in nats; `-infinity` for what is never drawn there.
  ///
  /// - Throws: E0525 when the draws of a chain are not those that the proposal makes.
  func score(_ records: [ChoiceRecord], given traces: [ChoiceRecord]) throws -> [Double] {
    try fillSource(records, given: traces)
    tape.source = source
    try execute(machine, tape, sink, given: traces)
    var logWeights = [Double](repeating: 0, count: machine.laneCount)
    machine.readLogWeights(into: &logWeights)
    return try records.indices.map { chain in
      if logWeights[chain] == -.infinity { return -.infinity }
      try Diagnostic.check(
        records[chain], locator, in: sink, lane: chain,
        of: "the auxiliary draws that '\(move.name)' gives", from: "its proposal", move.span)
      return tape.logReplayed[chain]
    }
  }

  /// Puts draws where the tape finds them. Where draws stand that no chain has made so far is known
  /// only once a run has come by; such runs leave the machine of the chains alone, whose random
  /// counters go on.
  private func fillSource(_ records: [ChoiceRecord], given traces: [ChoiceRecord]) throws {
    var missing = fill(records)
    while missing > 0 {
      var options = run.options
      options.choices = nil
      options.counterLog = nil
      let scout = Machine(
        program: run.compiled, groupKeys: machine.groupKeys, lanesPerGroup: 1, options: options,
        host: run.host)
      scout.keepsReports = false
      scout.rejectsFailures = true
      let scoutTape = ChoiceTape(laneCount: records.count)
      scout.tape = scoutTape
      scoutTape.source = source
      try execute(
        scout, scoutTape, ChoiceStore(laneCount: records.count, schema: schema), given: traces)
      let rest = fill(records)
      if rest == missing { return }
      missing = rest
    }
  }

  /// - Returns: How many draws have no place yet.
  private func fill(_ records: [ChoiceRecord]) -> Int {
    source.removeAll()
    var missing = 0
    for (chain, record) in records.enumerated() {
      for (field, values) in record.fields.enumerated() {
        for (index, value) in values.enumerated() {
          guard let value else { continue }
          guard let instance = locator.instance(field, index) else {
            missing += 1
            continue
          }
          let columns = source.columns(instance)
          columns.words[chain] = value
          columns.logDensities[chain] = 0
          columns.present[chain] = true
        }
      }
    }
    return missing
  }

  private func execute(
    _ machine: Machine, _ tape: ChoiceTape, _ sink: ChoiceStore, given traces: [ChoiceRecord]
  ) throws {
    machine.removeLanes()
    if machine.arena.byteCount > Self.heapLimit { try machine.collectIdle() }
    tape.resetSums()
    sink.removeAll()
    tape.sink = sink
    try machine.beginGeneration(keepingEmissions: true)
    let words = traces.map { trace.encode($0, in: machine.arena) + arguments }
    let columns = (words.first ?? []).indices.map { column in words.map { $0[column] } }
    machine.start(function: function, columns: columns)
    try machine.advance()
  }
}
