import BorelBase
import BorelIR
import BorelRuntime

/// Puts the reported values of the final lanes together, path by path. Of several reports under one
/// key the last one counts: a redraw replaces what was drawn before.
struct PathReader {
  private struct Entry {
    var shape: Shape
    var columns: [[UInt64]]
    /// Which lanes have a value; nil for all.
    var present: [Bool]?
    /// First generation and position: the order in which variables are shown.
    var order: (Int, Int)
  }

  private let program: Program
  private let laneCount: Int
  private var entries: [ReportKey: Entry] = [:]

  init(program: Program, laneCount: Int) {
    self.program = program
    self.laneCount = laneCount
  }

  /// The variables of all reports, in program order.
  static func variables(_ history: History, program: Program, laneCount: Int) -> [Variable] {
    var reader = PathReader(program: program, laneCount: laneCount)
    if history.generations.isEmpty { return [] }
    var rows = history.leafRows
    for index in history.generations.indices.reversed() {
      let generation = history.generations[index]
      for (position, record) in generation.records.enumerated().reversed() {
        reader.read(record, rows: rows, rowCount: generation.rowCount, order: (index, position))
      }
      if index > 0, let parents = generation.parents {
        rows = rows.withUnsafeBufferPointer { History.composed(parents, $0) }
      }
    }
    return reader.makeVariables()
  }

  private mutating func read(
    _ record: History.Record, rows: [Int32], rowCount: Int, order: (Int, Int)
  ) {
    let report = program.reports[record.report]
    let isUniform = record.loops.allSatisfy { $0.count == 1 }
    if isUniform {
      let key = ReportKey(name: report.name, loops: record.loops.map { $0[0] })
      if record.rows == nil {
        writeAll(key, report, record, rows, order)
      } else {
        write(key, report, record, rows, entries(of: record, rowCount), order) { _ in true }
      }
      return
    }
    let entryOfRow = entries(of: record, rowCount)
    func loops(_ entry: Int) -> [Int64] { record.loops.map { $0.count == 1 ? $0[0] : $0[entry] } }
    let found = Set((0..<record.entryCount).map(loops))
    for loops in found.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let key = ReportKey(name: report.name, loops: loops)
      write(key, report, record, rows, entryOfRow, order) { entry in
        (0..<record.loops.count).allSatisfy { k in
          (record.loops[k].count == 1 ? record.loops[k][0] : record.loops[k][entry]) == loops[k]
        }
      }
    }
  }

  /// The entry of each row, or -1; nil when entry i is row i.
  private func entries(of record: History.Record, _ rowCount: Int) -> [Int32]? {
    guard let reporting = record.rows else { return nil }
    var table = [Int32](repeating: -1, count: rowCount)
    for (entry, row) in reporting.enumerated() { table[Int(row)] = Int32(entry) }
    return table
  }

  /// A report by all rows, with the same loop counters.
  private mutating func writeAll(
    _ key: ReportKey, _ report: Report, _ record: History.Record, _ rows: [Int32],
    _ order: (Int, Int)
  ) {
    if entries[key] != nil {
      write(key, report, record, rows, nil, order) { _ in true }
      return
    }
    let columns = rows.withUnsafeBufferPointer { rows in
      record.values.map { $0.gathered(rows) }
    }
    entries[key] = Entry(shape: report.shape, columns: columns, present: nil, order: order)
  }

  private mutating func write(
    _ key: ReportKey, _ report: Report, _ record: History.Record, _ rows: [Int32],
    _ entryOfRow: [Int32]?, _ order: (Int, Int), where isIncluded: (Int) -> Bool
  ) {
    let width = record.values.count
    var entry =
      entries[key]
      ?? Entry(
        shape: report.shape,
        columns: Array(repeating: [UInt64](repeating: 0, count: laneCount), count: width),
        present: [Bool](repeating: false, count: laneCount), order: order)
    entries[key] = nil
    entry.order = order
    if var present = entry.present {
      entry.present = nil
      for lane in 0..<laneCount where !present[lane] {
        let row = Int(rows[lane])
        let source = entryOfRow.map { Int($0[row]) } ?? row
        if source < 0 || !isIncluded(source) { continue }
        present[lane] = true
        for k in 0..<width { entry.columns[k][lane] = record.values[k][source] }
      }
      entry.present = present
    }
    entries[key] = entry
  }

  private mutating func makeVariables() -> [Variable] {
    ReportKey.numberFirstDraws(&entries)
    let sorted = entries.sorted { a, b in
      if a.value.order != b.value.order { return a.value.order < b.value.order }
      return a.key.loops.lexicographicallyPrecedes(b.key.loops)
    }
    return sorted.flatMap { key, entry in
      Self.variables(
        named: key.text, entry.shape, entry.columns,
        present: entry.present ?? [Bool](repeating: true, count: laneCount), program: program)
    }
  }

  /// Variables of a value of some shape from its word columns.
  static func variables(
    named name: String, _ shape: Shape, _ columns: [[UInt64]], present: [Bool], program: Program
  ) -> [Variable] {
    let shown = present.allSatisfy { $0 } ? nil : present
    switch shape {
    case .real:
      return [
        Variable(
          name: name, kind: .real, values: columns[0].map { Double(bitPattern: $0) },
          present: shown)
      ]
    case .int:
      return [
        Variable(
          name: name, kind: .int, values: columns[0].map { Double(Int64(bitPattern: $0)) },
          present: shown)
      ]
    case .bool:
      return [
        Variable(
          name: name, kind: .bool, values: columns[0].map { $0 != 0 ? 1 : 0 }, present: shown)
      ]
    default:
      let draws = draws(shape, columns, present: present, program: program)
      return Variable.expanding(
        name, shape, draws: draws, enumerations: program.enumerations)
    }
  }

  static func draws(
    _ shape: Shape, _ columns: [[UInt64]], present: [Bool], program: Program
  ) -> [Value?] {
    let coding = ValueCoding(enumerations: program.enumerations)
    return present.indices.map { lane in
      present[lane] ? coding.decode(columns.map { $0[lane] }, shape) : nil
    }
  }

  /// Variables of the returned value: `result`, or the fields of a record.
  static func resultVariables(
    _ shape: Shape, _ columns: [[UInt64]], present: [Bool], program: Program
  ) -> [Variable] {
    switch shape {
    case .unit: return []
    case .real, .int, .bool:
      return variables(named: "result", shape, columns, present: present, program: program)
    default:
      return Variable.expandingResult(
        shape, draws: draws(shape, columns, present: present, program: program),
        enumerations: program.enumerations)
    }
  }
}
