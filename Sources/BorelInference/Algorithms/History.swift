import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// What the lanes reported, generation by generation, with the ancestors between them.
///
/// Values are stored once, where they were reported; the path of a lane is put together when it
/// is read. Branches of the genealogy that have died out are dropped from time to time, so that
/// memory is O(T + N log N) words per report instead of O(T N).
///
/// Source: Jacob, Murray, Rubenthaler (2015), Path storage in the particle filter.
final class History {
  /// Reports of one generation: rows are the lanes that are still needed.
  struct Generation {
    /// Row of each row in the generation before; empty for the first one.
    var parents: [Int32]
    var rowCount: Int
    var records: [Record]
  }

  /// One report by some rows.
  struct Record {
    let report: Int
    /// Loop counters when they are the same for all rows, else one array per loop.
    var loops: [[Int64]]
    /// The reporting row of each entry; nil when entry i is row i.
    var rows: [Int32]?
    /// One column per word.
    var values: [[UInt64]]
  }

  private(set) var generations: [Generation] = []
  /// Row of each lane in the newest generation.
  private(set) var leaves: [Int32] = []
  private var rowsAfterPruning = 0
  private var rowsStored = 0

  init() {}

  /// Reports of rows without ancestors.
  init(rowCount: Int, records: [Record]) {
    generations = [Generation(parents: [], rowCount: rowCount, records: records)]
    leaves = (0..<Int32(rowCount)).map { $0 }
  }

  /// Stores what the lanes reported since the last generation. Lane i continues row `leaves[i]`.
  func record(_ machine: Machine) {
    let count = machine.laneCount
    var records: [Record] = []
    for emission in machine.emissions {
      let (lanes, loops, values) = machine.read(emission)
      let isDense = emission.count == count && emission.isContiguous
      let rows =
        isDense
        ? []
        : emission.isContiguous
          ? (emission.firstLane..<(emission.firstLane + emission.count)).map { Int32($0) }
          : lanes.map { Int32($0) }
      records.append(
        Record(
          report: emission.report,
          loops: loops, rows: isDense ? nil : rows, values: values))
    }
    machine.discardEmissions()
    if records.isEmpty, !generations.isEmpty, leaves.count == count { return }
    generations.append(
      Generation(
        parents: generations.isEmpty ? [] : leaves, rowCount: count, records: records))
    leaves = (0..<Int32(count)).map { $0 }
    rowsStored += count
  }

  /// Lanes were replaced: lane i now continues what lane `ancestors[i]` had.
  func replace(by ancestors: [Int32]) {
    if generations.isEmpty { return }
    leaves = [Int32](unsafeUninitializedCapacity: ancestors.count) { buffer, count in
      borel_gather32(Int64(ancestors.count), buffer.baseAddress, leaves, ancestors)
      count = ancestors.count
    }
    if rowsStored > 2 * rowsAfterPruning + 8 * leaves.count { prune() }
  }

  /// Drops rows without living descendants.
  private func prune() {
    var needed = leaves
    for index in generations.indices.reversed() {
      var newRow = [Int32](repeating: -1, count: generations[index].rowCount)
      for row in needed { newRow[Int(row)] = 0 }
      var kept: [Int32] = []
      for row in newRow.indices where newRow[row] == 0 {
        newRow[row] = Int32(kept.count)
        kept.append(Int32(row))
      }
      if index == generations.count - 1 {
        leaves = leaves.map { newRow[Int($0)] }
      } else {
        generations[index + 1].parents = generations[index + 1].parents.map { newRow[Int($0)] }
      }
      if kept.count < generations[index].rowCount { keep(kept, newRow, in: index) }
      needed = generations[index].parents
    }
    rowsAfterPruning = generations.reduce(0) { $0 + $1.rowCount }
    rowsStored = rowsAfterPruning
  }

  private func keep(_ kept: [Int32], _ newRow: [Int32], in index: Int) {
    var generation = generations[index]
    if !generation.parents.isEmpty {
      generation.parents = kept.map { generation.parents[Int($0)] }
    }
    generation.rowCount = kept.count
    for position in generation.records.indices {
      var record = generation.records[position]
      let entries: [Int]
      if let rows = record.rows {
        entries = rows.indices.filter { newRow[Int(rows[$0])] >= 0 }
        record.rows = entries.map { newRow[Int(rows[$0])] }
      } else {
        entries = kept.map { Int($0) }
      }
      record.values = record.values.map { column in entries.map { column[$0] } }
      record.loops = record.loops.map { loop in
        loop.count == 1 ? loop : entries.map { loop[$0] }
      }
      generation.records[position] = record
    }
    generations[index] = generation
  }

  /// Root words that are handles, for the collector.
  func visitHandles(_ program: Program, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    for index in generations.indices {
      for position in generations[index].records.indices {
        let report = program.reports[generations[index].records[position].report]
        for (k, type) in report.shape.layout(program.enumerations).enumerated()
        where type.isHandle {
          generations[index].records[position].values[k].withUnsafeMutableBufferPointer { words in
            for entry in words.indices { body(words.baseAddress.unsafelyUnwrapped + entry) }
          }
        }
      }
    }
  }
}
