import BorelBase
import BorelHeap
import BorelIR
import BorelRuntime

/// The reported values and results of the paths of particle Gibbs, sweep by sweep. Draws of a chain
/// are consecutive.
struct PathDraws {
  private struct Entry {
    var report: Int
    var loops: [Int64]
    var shape: Shape
    var handles: [Bool]
    var columns: [[UInt64]]
    var present: [Bool]
    /// Step and position of the first report: the order in which variables are shown.
    var order: (Int, Int)
  }

  private let program: Program
  private let chains: Int
  /// Of each chain.
  private(set) var draws: Int
  private var entries: [Entry] = []
  private var positions: [ReportKey: Int] = [:]
  /// By step and report: the loop counters last seen and the entry that they belong to.
  private var known: [[(report: Int, loops: [Int64], entry: Int)]] = []
  private let arena: Arena
  private(set) var results: [[UInt64]]
  private var resultPresent: [Bool]
  private let resultHandles: [Bool]
  /// Sums of the tallies along the paths: `[tally][draw]`.
  private(set) var tallies: [[Double]]

  /// - Parameter arena: Takes copies of reported objects.
  init(_ run: ModelRun, chains: Int, draws: Int, arena: Arena) {
    program = run.program
    self.chains = chains
    self.draws = draws
    self.arena = arena
    let layout = run.model.result.layout(run.program.enumerations)
    resultHandles = layout.map(\.isHandle)
    results = layout.map { _ in [UInt64](repeating: 0, count: chains * draws) }
    resultPresent = [Bool](repeating: false, count: chains * draws)
    tallies = run.program.tallies.map { _ in [Double](repeating: 0, count: chains * draws) }
  }

  /// Takes the paths of a sweep over.
  ///
  /// - Parameters:
  ///   - index: Number of the draw within its chain.
  ///   - path: The lane of each chain's path, by step.
  ///   - known: Sums of the tallies, `[tally][chain]`; those of the last lanes where it is empty.
  ///   - isIncluded: The chains whose draw this is; nil for all.
  mutating func add(
    _ index: Int, records: [StepRecord], path: [[Int32]], machine: Machine,
    tallies known: [[Double]] = [], chains isIncluded: [Bool]? = nil
  ) {
    let included = (0..<chains).filter { isIncluded?[$0] ?? true }
    // Copies are shared within a sweep only: later objects may lie where earlier ones were.
    var cloner = Cloner(into: arena)
    for (step, record) in records.enumerated() {
      if self.known.count <= step { self.known.append([]) }
      for (position, emission) in record.emissions.enumerated() {
        for chain in included {
          add(
            record, emission, step, position, lane: Int(path[step][chain]), chain, index,
            &cloner)
        }
      }
    }
    addResults(index, path: path, machine, included, &cloner)
    for (tally, sums) in known.enumerated() {
      for chain in included { tallies[tally][chain * draws + index] = sums[chain] }
    }
  }

  /// Gives a chain the values of its draw before again.
  mutating func repeatDraw(_ index: Int, chain: Int) {
    let draw = chain * draws + index
    guard index > 0 else { return }
    for entry in entries.indices {
      entries[entry].present[draw] = entries[entry].present[draw - 1]
      for k in entries[entry].columns.indices {
        entries[entry].columns[k][draw] = entries[entry].columns[k][draw - 1]
      }
    }
    resultPresent[draw] = resultPresent[draw - 1]
    for k in results.indices { results[k][draw] = results[k][draw - 1] }
    for tally in tallies.indices { tallies[tally][draw] = tallies[tally][draw - 1] }
  }

  private mutating func add(
    _ record: StepRecord, _ emission: Emission, _ step: Int, _ position: Int, lane: Int,
    _ chain: Int, _ index: Int, _ cloner: inout Cloner
  ) {
    guard let row = record.row(of: lane, in: emission) else { return }
    let entry = entry(record, emission, step, position, row)
    let draw = chain * draws + index
    entries[entry].present[draw] = true
    for k in entries[entry].columns.indices {
      let word = record.word(emission, k, row: row)
      entries[entry].columns[k][draw] =
        entries[entry].handles[k] && word != 0 ? cloner.clone(word) : word
    }
  }

  /// The entry of a report, looked up by name only when its loop counters have changed.
  private mutating func entry(
    _ record: StepRecord, _ emission: Emission, _ step: Int, _ position: Int, _ row: Int
  ) -> Int {
    if position < known[step].count {
      let last = known[step][position]
      if last.report == emission.report, record.hasLoops(last.loops, emission, row: row) {
        return last.entry
      }
    }
    let report = program.reports[emission.report]
    let loops = record.loops(emission, row: row)
    let key = ReportKey(name: report.name, loops: loops)
    let number: Int
    if let found = positions[key] {
      number = found
    } else {
      let layout = report.shape.layout(program.enumerations)
      number = entries.count
      positions[key] = number
      entries.append(
        Entry(
          report: emission.report, loops: loops, shape: report.shape,
          handles: layout.map(\.isHandle),
          columns: layout.map { _ in [UInt64](repeating: 0, count: chains * draws) },
          present: [Bool](repeating: false, count: chains * draws), order: (step, position)))
    }
    if position < known[step].count {
      known[step][position] = (emission.report, loops, number)
    } else if position == known[step].count {
      known[step].append((emission.report, loops, number))
    }
    return number
  }

  private mutating func addResults(
    _ index: Int, path: [[Int32]], _ machine: Machine, _ included: [Int],
    _ cloner: inout Cloner
  ) {
    guard let last = path.last else { return }
    if !results.isEmpty {
      let (columns, present) = machine.results(width: results.count)
      for chain in included where present[Int(last[chain])] {
        let draw = chain * draws + index
        resultPresent[draw] = true
        for k in results.indices {
          let word = columns[k][Int(last[chain])]
          results[k][draw] = resultHandles[k] && word != 0 ? cloner.clone(word) : word
        }
      }
    }
    for tally in tallies.indices {
      let sums = machine.tally(tally)
      for chain in included { tallies[tally][chain * draws + index] = sums[Int(last[chain])] }
    }
  }

  /// Gives up the room for draws that were not made.
  mutating func trim(to made: Int) {
    guard made < draws else { return }
    let rows = rows(made)
    func trimmed<Element>(_ column: [Element]) -> [Element] { rows.map { column[$0] } }
    for index in entries.indices {
      entries[index].columns = entries[index].columns.map { trimmed($0) }
      entries[index].present = trimmed(entries[index].present)
    }
    results = results.map { trimmed($0) }
    resultPresent = trimmed(resultPresent)
    tallies = tallies.map { trimmed($0) }
    draws = made
  }

  private func rows(_ made: Int) -> [Int] {
    (0..<chains).flatMap { chain in (0..<made).map { chain * draws + $0 } }
  }

  /// Writes the first draws of each chain.
  func write(_ made: Int, to writer: inout StateWriter) {
    let rows = rows(made)
    writer.write(entries.count)
    for entry in entries {
      writer.write(entry.report)
      writer.write(entry.loops)
      writer.write(entry.order.0)
      writer.write(entry.order.1)
      for row in rows {
        writer.write(entry.present[row])
        if !entry.present[row] { continue }
        for (k, isHandle) in entry.handles.enumerated() {
          writer.write(entry.columns[k][row], isHandle: isHandle)
        }
      }
    }
    for row in rows { writer.write(resultPresent[row]) }
    for (k, isHandle) in resultHandles.enumerated() {
      for row in rows { writer.write(results[k][row], isHandle: isHandle) }
    }
    for tally in tallies { for row in rows { writer.write(tally[row]) } }
  }

  /// Takes the first draws of each chain over.
  ///
  /// - Throws: `DamagedState`.
  mutating func read(_ made: Int, from reader: inout StateReader) throws {
    let rows = rows(made)
    for _ in 0..<(try reader.readCount()) {
      let report = try reader.readInt(in: program.reports.indices)
      let loops = try reader.readInts()
      let order = (try reader.readInt(), try reader.readInt())
      let shape = program.reports[report].shape
      let layout = shape.layout(program.enumerations)
      var entry = Entry(
        report: report, loops: loops, shape: shape, handles: layout.map(\.isHandle),
        columns: layout.map { _ in [UInt64](repeating: 0, count: chains * draws) },
        present: [Bool](repeating: false, count: chains * draws), order: order)
      for row in rows where try reader.readBool() {
        entry.present[row] = true
        for (k, isHandle) in entry.handles.enumerated() {
          entry.columns[k][row] = try reader.readWord(isHandle: isHandle, into: arena)
        }
      }
      positions[ReportKey(name: program.reports[report].name, loops: loops)] = entries.count
      entries.append(entry)
    }
    for row in rows { resultPresent[row] = try reader.readBool() }
    for (k, isHandle) in resultHandles.enumerated() {
      for row in rows { results[k][row] = try reader.readWord(isHandle: isHandle, into: arena) }
    }
    for tally in tallies.indices {
      for row in rows { tallies[tally][row] = try reader.readDouble() }
    }
  }

  /// The variables of all reports and of the result.
  func variables(_ model: ModelInfo) -> [Variable] {
    var keyed = positions
    ReportKey.numberFirstDraws(&keyed)
    let sorted = keyed.sorted { a, b in
      let (x, y) = (entries[a.value].order, entries[b.value].order)
      if x != y { return x < y }
      return a.key.loops.lexicographicallyPrecedes(b.key.loops)
    }
    return sorted.flatMap { key, number in
      PathReader.variables(
        named: key.text, entries[number].shape, entries[number].columns,
        present: entries[number].present, program: program)
    }
      + PathReader.resultVariables(
        model.result, results, present: resultPresent, program: program)
  }
}
