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
    /// Row of each row in the generation before; nil when row i continues row i.
    var parents: [Int32]?
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
    let values: [ReportColumn]
    /// Entries, which are rows when `rows` is nil.
    var entryCount: Int
  }

  @exclusivity(unchecked) private(set) var generations: [Generation] = []
  /// Row of each lane in the newest generation; nil when lane i is row i.
  @exclusivity(unchecked) private var leaves: [Int32]?
  @exclusivity(unchecked) private var laneCount = 0
  @exclusivity(unchecked) private var rowsAfterPruning = 0
  @exclusivity(unchecked) private var rowsStored = 0
  /// Generations before this one have no rows without descendants in it.
  private var prunedCount = 0

  init() {}

  /// Reports of rows without ancestors.
  init(rowCount: Int, records: [Record]) {
    generations = [Generation(parents: nil, rowCount: rowCount, records: records)]
    laneCount = rowCount
  }

  /// Stores what the lanes reported since the last generation. Lane i continues what it had.
  func record(_ machine: Machine) {
    let count = machine.laneCount
    if machine.emissions.isEmpty, generations.isEmpty || laneCount == count {
      laneCount = count
      return
    }
    var records: [Record] = []
    for emission in machine.emissions {
      let isDense = emission.count == count && emission.isContiguous
      let (lanes, loops) = machine.place(of: emission)
      var rows: [Int32]?
      if !isDense {
        let first = Int32(emission.firstLane)
        rows = emission.isContiguous ? Array(first..<(first + Int32(emission.count))) : lanes
      }
      records.append(
        Record(
          report: emission.report, loops: loops, rows: rows,
          values: machine.reportColumns(of: emission), entryCount: emission.count))
    }
    machine.discardEmissions()
    generations.append(
      Generation(
        parents: generations.isEmpty ? nil : leaves, rowCount: count, records: records))
    leaves = nil
    laneCount = count
    rowsStored += count
  }

  /// Lanes were replaced: lane i now continues what lane `ancestors[i]` had.
  func replace(by ancestors: UnsafeBufferPointer<Int32>) {
    laneCount = ancestors.count
    if generations.isEmpty { return }
    leaves = leaves.map { Self.composed($0, ancestors) } ?? Array(ancestors)
    if rowsStored > 2 * rowsAfterPruning + 8 * laneCount { prune() }
  }

  /// `a[b[i]]`.
  static func composed(_ a: [Int32], _ b: UnsafeBufferPointer<Int32>) -> [Int32] {
    guard let index = b.baseAddress else { return [] }
    return [Int32](unsafeUninitializedCapacity: b.count) { buffer, count in
      borel_gather32(Int64(b.count), buffer.baseAddress, a, index)
      count = b.count
    }
  }

  /// Rows of the newest generation, by lane.
  var leafRows: [Int32] { leaves ?? (0..<Int32(laneCount)).map { $0 } }

  /// Drops rows without living descendants, from the newest generation on, until one in which
  /// every row is needed and nothing was dropped before.
  private func prune() {
    guard var needed = leaves else { return }
    var dropped = 0
    for index in generations.indices.reversed() {
      let rowCount = generations[index].rowCount
      let kept = Descent.compact(&needed, rowCount: rowCount)
      if index == generations.count - 1 {
        leaves = needed
      } else {
        generations[index + 1].parents = Descent.isIdentity(needed, of: kept.count) ? nil : needed
      }
      if kept.count == rowCount {
        if index < prunedCount { break }
      } else {
        dropped += rowCount - kept.count
        keep(kept, in: index)
      }
      needed = generations[index].parents ?? (0..<Int32(generations[index].rowCount)).map { $0 }
    }
    prunedCount = generations.count
    rowsStored -= dropped
    rowsAfterPruning = rowsStored
  }

  private func keep(_ kept: [Int32], in index: Int) {
    kept.withUnsafeBufferPointer { kept in
      if let parents = generations[index].parents {
        generations[index].parents = Self.composed(parents, kept)
      } else if index > 0 {
        generations[index].parents = Array(kept)
      }
      var table: [Int32] = []
      for position in generations[index].records.indices {
        var record = generations[index].records[position]
        guard let rows = record.rows else {
          for column in record.values { column.keep(kept) }
          record.loops = record.loops.map { loop in
            loop.count == 1 ? loop : kept.map { loop[Int($0)] }
          }
          record.entryCount = kept.count
          generations[index].records[position] = record
          continue
        }
        if table.isEmpty {
          table = [Int32](repeating: -1, count: generations[index].rowCount)
          for (new, old) in kept.enumerated() { table[Int(old)] = Int32(new) }
        }
        let entries = rows.indices.filter { table[Int(rows[$0])] >= 0 }.map { Int32($0) }
        entries.withUnsafeBufferPointer { entries in
          for column in record.values { column.keep(entries) }
        }
        record.rows = entries.map { table[Int(rows[Int($0)])] }
        record.loops = record.loops.map { loop in
          loop.count == 1 ? loop : entries.map { loop[Int($0)] }
        }
        record.entryCount = entries.count
        generations[index].records[position] = record
      }
    }
    generations[index].rowCount = kept.count
  }

  /// Root words that are handles, for the collector.
  func visitHandles(_ program: Program, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    for generation in generations {
      for record in generation.records {
        let report = program.reports[record.report]
        for (k, type) in report.shape.layout(program.enumerations).enumerated()
        where type.isHandle {
          record.values[k].visitWords(body)
        }
      }
    }
  }
}

/// Row numbers of descendants in the generation before theirs.
enum Descent {
  /// Lists the rows that occur, ascending, and renumbers `rows` accordingly. Rows that resampling
  /// left ascending take one pass.
  static func compact(_ rows: inout [Int32], rowCount: Int) -> [Int32] {
    rows.withUnsafeMutableBufferPointer { rows in
      var isAscending = true
      for index in rows.indices.dropFirst() where rows[index] < rows[index - 1] {
        isAscending = false
        break
      }
      if !isAscending { return compactUnordered(rows, rowCount) }
      return [Int32](unsafeUninitializedCapacity: rows.count + 1) { kept, keptCount in
        var last: Int32 = -1
        var number = -1
        for index in rows.indices {
          let row = rows[index]
          number &+= row == last ? 0 : 1
          kept[number] = row
          rows[index] = Int32(truncatingIfNeeded: number)
          last = row
        }
        keptCount = number + 1
      }
    }
  }

  private static func compactUnordered(
    _ rows: UnsafeMutableBufferPointer<Int32>, _ rowCount: Int
  ) -> [Int32] {
    var numbers = [Int32](repeating: -1, count: rowCount)
    for row in rows { numbers[Int(row)] = 0 }
    var kept: [Int32] = []
    for row in numbers.indices where numbers[row] == 0 {
      numbers[row] = Int32(kept.count)
      kept.append(Int32(row))
    }
    for index in rows.indices { rows[index] = numbers[Int(rows[index])] }
    return kept
  }

  static func isIdentity(_ rows: [Int32], of count: Int) -> Bool {
    if rows.count != count { return false }
    for index in rows.indices where rows[index] != Int32(truncatingIfNeeded: index) {
      return false
    }
    return true
  }
}
