import BorelDistributions
import BorelHeap
import BorelIR
import BorelRuntime

/// What the chains report, draw by draw: chain c's draw d is row `c * draws + d`.
final class DrawRecorder {
  private struct Key: Hashable {
    let report: Int
    let loops: [Int64]
  }

  private struct Entry {
    var columns: [[UInt64]]
    var present: [Bool]
  }

  private let program: Program
  private let chainCount: Int
  private(set) var draws: Int
  private var order: [Key] = []
  private var entries: [Key: Entry] = [:]
  private(set) var results: [[UInt64]]
  private var tallies: [Double]
  private let resultTypes: [IRType]
  private(set) var recorded = 0

  init(run: ModelRun, chainCount: Int, draws: Int) {
    program = run.program
    self.chainCount = chainCount
    self.draws = draws
    resultTypes = run.model.result.layout(program.enumerations)
    results = Array(
      repeating: [UInt64](repeating: 0, count: chainCount * draws), count: resultTypes.count)
    tallies = [Double](repeating: 0, count: program.tallies.count)
  }

  /// Stores what the machine reported in the run that has just ended.
  func record(_ machine: Machine) {
    let draw = recorded
    recorded += 1
    for emission in machine.emissions {
      let (lanes, loops, values) = machine.read(emission)
      let isUniform = loops.allSatisfy { $0.count == 1 }
      for position in 0..<emission.count {
        let chain = emission.isContiguous ? emission.firstLane + position : Int(lanes[position])
        if isUniform, position > 0 { continue }
        let key = Key(
          report: emission.report,
          loops: loops.map { $0.count == 1 ? $0[0] : $0[position] })
        if entries[key] == nil { add(key, width: values.count) }
        if !isUniform {
          write(key, row: chain * draws + draw, values.map { $0[position] })
        } else {
          writeAll(key, draw, emission, lanes, values)
        }
      }
    }
    machine.discardEmissions()
    let (columns, _) = machine.results(width: resultTypes.count)
    for (k, column) in columns.enumerated() {
      for chain in 0..<chainCount { results[k][chain * draws + draw] = column[chain] }
    }
    for number in tallies.indices {
      tallies[number] += machine.tally(number).reduce(0, +) / Double(chainCount * draws)
    }
  }

  /// Stores what the program reports for the present choices of a graph.
  ///
  /// - Parameter nextStreams: The random streams of a generated quantity, one per chain.
  func record(_ graph: ComputationGraph, _ nextStreams: () -> LaneStreams) throws {
    try graph.computeOutputs(nextStreams)
    let draw = recorded
    recorded += 1
    for (report, loops, values) in graph.reported {
      let key = Key(report: report, loops: loops)
      if entries[key] == nil { add(key, width: values.count) }
      guard var entry = entries.removeValue(forKey: key) else { continue }
      for chain in 0..<chainCount {
        entry.present[chain * draws + draw] = true
        for k in values.indices {
          entry.columns[k][chain * draws + draw] = values[k].word(chain)
        }
      }
      entries[key] = entry
    }
    for (k, column) in graph.resultColumns.enumerated() {
      for chain in 0..<chainCount { results[k][chain * draws + draw] = column.word(chain) }
    }
    for (number, column) in graph.tallyColumns.enumerated() {
      let sum = (0..<chainCount).reduce(0.0) { $0 + column.real($1) }
      tallies[number] += sum / Double(chainCount * draws)
    }
  }

  /// Gives up the room for draws that were not made.
  func trim() {
    let (room, kept) = (draws, recorded)
    guard kept < room else { return }
    func trimmed<Element>(_ column: [Element]) -> [Element] {
      (0..<chainCount).flatMap { column[($0 * room)..<($0 * room + kept)] }
    }
    results = results.map { trimmed($0) }
    for key in order {
      guard let entry = entries.removeValue(forKey: key) else { continue }
      entries[key] = Entry(
        columns: entry.columns.map { trimmed($0) }, present: trimmed(entry.present))
    }
    tallies = tallies.map { $0 * Double(room) / Double(max(kept, 1)) }
    draws = kept
  }

  private func add(_ key: Key, width: Int) {
    order.append(key)
    let rows = chainCount * draws
    entries[key] = Entry(
      columns: Array(repeating: [UInt64](repeating: 0, count: rows), count: width),
      present: [Bool](repeating: false, count: rows))
  }

  private func write(_ key: Key, row: Int, _ words: [UInt64]) {
    entries[key]?.present[row] = true
    for (k, word) in words.enumerated() { entries[key]?.columns[k][row] = word }
  }

  private func writeAll(
    _ key: Key, _ draw: Int, _ emission: Emission, _ lanes: [Int32], _ values: [[UInt64]]
  ) {
    guard var entry = entries.removeValue(forKey: key) else { return }
    for position in 0..<emission.count {
      let chain = emission.isContiguous ? emission.firstLane + position : Int(lanes[position])
      let row = chain * draws + draw
      entry.present[row] = true
      for k in values.indices { entry.columns[k][row] = values[k][position] }
    }
    entries[key] = entry
  }

  /// Writes the draws made so far.
  func write(to writer: inout StateWriter) {
    writer.write(recorded)
    writer.write(order.count)
    for key in order {
      writer.write(key.report)
      writer.write(key.loops)
      guard let entry = entries[key] else { continue }
      let types = layout(ofReport: key.report)
      for row in madeRows {
        writer.write(entry.present[row])
        if !entry.present[row] { continue }
        for (k, type) in types.enumerated() {
          writer.write(entry.columns[k][row], isHandle: type.isHandle)
        }
      }
    }
    for (k, type) in resultTypes.enumerated() {
      for row in madeRows { writer.write(results[k][row], isHandle: type.isHandle) }
    }
    writer.write(tallies)
  }

  /// Takes draws over that a recorder of the same run has written.
  ///
  /// - Parameter arena: Where objects are made.
  func read(from reader: inout StateReader, into arena: Arena) throws {
    recorded = try reader.readInt(in: 0..<(draws + 1))
    for _ in 0..<(try reader.readCount()) {
      let key = Key(
        report: try reader.readInt(in: program.reports.indices), loops: try reader.readInts())
      guard entries[key] == nil else { throw DamagedState() }
      let types = layout(ofReport: key.report)
      add(key, width: types.count)
      guard var entry = entries.removeValue(forKey: key) else { continue }
      for row in madeRows where try reader.readBool() {
        entry.present[row] = true
        for (k, type) in types.enumerated() {
          entry.columns[k][row] = try reader.readWord(isHandle: type.isHandle, into: arena)
        }
      }
      entries[key] = entry
    }
    for (k, type) in resultTypes.enumerated() {
      for row in madeRows {
        results[k][row] = try reader.readWord(isHandle: type.isHandle, into: arena)
      }
    }
    let sums = try reader.readDoubles()
    guard sums.count == tallies.count else { throw DamagedState() }
    tallies = sums
  }

  private var madeRows: [Int] {
    (0..<chainCount).flatMap { chain in (0..<recorded).map { chain * draws + $0 } }
  }

  private func layout(ofReport report: Int) -> [IRType] {
    program.reports[report].shape.layout(program.enumerations)
  }

  /// The variables of all draws: reports in program order, then the result.
  func variables(_ model: ModelInfo) -> [Variable] {
    let rows = chainCount * draws
    let records = order.compactMap { key -> History.Record? in
      guard let entry = entries[key] else { return nil }
      if entry.present.allSatisfy({ $0 }) {
        return History.Record(
          report: key.report, loops: key.loops.map { [$0] }, rows: nil,
          values: entry.columns.map { ReportColumn($0) },
          entryCount: rows)
      }
      let kept = entry.present.indices.filter { entry.present[$0] }
      return History.Record(
        report: key.report, loops: key.loops.map { [$0] }, rows: kept.map { Int32($0) },
        values: entry.columns.map { column in ReportColumn(kept.map { column[$0] }) },
        entryCount: kept.count)
    }
    let history = History(rowCount: rows, records: records)
    return PathReader.variables(history, program: program, laneCount: rows)
      + PathReader.resultVariables(
        model.result, results, present: [Bool](repeating: true, count: rows), program: program)
  }

  /// Posterior means of the tallies.
  var tallyMeans: [Tally] {
    zip(program.tallies, tallies).map { Tally(name: $0, value: $1) }
  }

  /// Recorded words that are handles, for the collector.
  func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for key in order {
      let types = layout(ofReport: key.report)
      guard types.contains(where: \.isHandle), var entry = entries.removeValue(forKey: key) else {
        continue
      }
      for (k, type) in types.enumerated() where type.isHandle {
        Self.visit(&entry.columns[k], visit) { entry.present[$0] }
      }
      entries[key] = entry
    }
    for (k, type) in resultTypes.enumerated() where type.isHandle {
      Self.visit(&results[k], visit) { $0 % draws < recorded }
    }
  }

  private static func visit(
    _ column: inout [UInt64], _ visit: (UnsafeMutablePointer<UInt64>) -> Void,
    where isSet: (Int) -> Bool
  ) {
    column.withUnsafeMutableBufferPointer { words in
      for row in words.indices where isSet(row) { visit(words.baseAddress.unsafelyUnwrapped + row) }
    }
  }
}
