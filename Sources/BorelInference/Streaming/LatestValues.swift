import BorelHeap
import BorelIR
import BorelRuntime
import BorelTransforms

/// The newest value that each lane has reported under each name: what the state of a filter shows.
final class LatestValues {
  struct Entry {
    let report: Int
    /// Counters of the loops around the report, without the one over the data.
    let loops: [Int64]
    /// One column per word, of all lanes.
    var values: [ReportColumn]
    /// The lanes that have a value; nil for all.
    var present: [Bool]?
    /// The record at which it was last reported.
    var record: Int
    /// Whether it was reported before the loop over the data.
    var isLasting: Bool
  }

  private(set) var entries: [Entry] = []
  private var places: [Key: Int] = [:]
  private let laneCount: Int
  /// Reports whose first counter is that of the loop over the data.
  private let loopReports: Set<Streamed.LoopReport>

  private struct Key: Hashable {
    let report: Int
    let loops: [Int64]
  }

  init(laneCount: Int, loopReports: Set<Streamed.LoopReport>) {
    self.laneCount = laneCount
    self.loopReports = loopReports
  }

  /// Takes over what lanes have reported on the way through a record.
  func note(_ emission: Emission, of machine: Machine, record: Int) {
    let (lanes, loops) = machine.place(of: emission)
    let isInLoop = loopReports.contains(
      Streamed.LoopReport(report: emission.report, loopCount: loops.count))
    let inner = isInLoop ? Array(loops.dropFirst()) : loops
    let columns = machine.reportColumns(of: emission)
    if emission.isContiguous, emission.count == laneCount,
      inner.allSatisfy({ $0.count == 1 })
    {
      let key = Key(report: emission.report, loops: inner.map { $0[0] })
      put(
        key,
        Entry(
          report: key.report, loops: key.loops, values: columns, present: nil, record: record,
          isLasting: !isInLoop))
      return
    }
    var rows: [[Int64]: [(lane: Int, row: Int)]] = [:]
    for row in 0..<emission.count {
      let lane = emission.isContiguous ? emission.firstLane + row : Int(lanes[row])
      rows[inner.map { $0.count == 1 ? $0[0] : $0[row] }, default: []].append((lane, row))
    }
    for (loops, pairs) in rows {
      merge(
        Key(report: emission.report, loops: loops), columns, pairs, record, isLasting: !isInLoop)
    }
  }

  private func put(_ key: Key, _ entry: Entry) {
    if let place = places[key] {
      entries[place] = entry
    } else {
      places[key] = entries.count
      entries.append(entry)
    }
  }

  /// Values of some lanes: those of others stay when they are of the same record.
  private func merge(
    _ key: Key, _ columns: [ReportColumn], _ pairs: [(lane: Int, row: Int)], _ record: Int,
    isLasting: Bool
  ) {
    let known = places[key].map { entries[$0] }
    let isKept = known.map { isLasting || $0.record == record } ?? false
    var present = [Bool](repeating: false, count: laneCount)
    if isKept, let known { present = known.present ?? present.map { _ in true } }
    let values = columns.indices.map { k in
      var words =
        isKept
        ? known?.values[k].words(count: laneCount) ?? []
        : [UInt64](repeating: 0, count: laneCount)
      for (lane, row) in pairs { words[lane] = columns[k][row] }
      return ReportColumn(words)
    }
    for (lane, _) in pairs { present[lane] = true }
    put(
      key,
      Entry(
        report: key.report, loops: key.loops, values: values,
        present: present.allSatisfy { $0 } ? nil : present, record: record,
        isLasting: isLasting))
  }

  /// Lane i now has what lane `ancestors[i]` had.
  func replace(by ancestors: UnsafeBufferPointer<Int32>) {
    for index in entries.indices {
      for column in entries[index].values { column.keep(ancestors) }
      if let present = entries[index].present {
        let kept = ancestors.map { present[Int($0)] }
        entries[index].present = kept.allSatisfy { $0 } ? nil : kept
      }
    }
  }

  /// Drops what only some lanes reported, and not at this record.
  func shown(at record: Int) -> [Entry] {
    entries.filter { $0.isLasting || $0.present == nil || $0.record == record }
  }

  func visitHandles(_ program: Program, _ body: (UnsafeMutablePointer<UInt64>) -> Void) {
    for entry in entries {
      let layout = program.reports[entry.report].shape.layout(program.enumerations)
      for (k, type) in layout.enumerated() where type.isHandle { entry.values[k].visitWords(body) }
    }
  }

  // MARK: State

  func write(to writer: inout StateWriter, _ program: Program) {
    writer.write(entries.count)
    for entry in entries {
      writer.write(entry.report)
      writer.write(entry.loops)
      writer.write(entry.record)
      writer.write(entry.isLasting)
      writer.write(entry.present == nil)
      if let present = entry.present { writer.write(present) }
      let layout = program.reports[entry.report].shape.layout(program.enumerations)
      for (k, type) in layout.enumerated() {
        for word in entry.values[k].words(count: laneCount) {
          writer.write(word, isHandle: type.isHandle)
        }
      }
    }
  }

  /// - Throws: `DamagedState`.
  func read(from reader: inout StateReader, _ program: Program, into arena: Arena) throws {
    for _ in 0..<(try reader.readCount()) {
      let report = try reader.readInt(in: 0..<program.reports.count)
      let loops = try reader.readInts()
      let record = try reader.readInt()
      let isLasting = try reader.readBool()
      let present = try reader.readBool() ? nil : try reader.readBools()
      if let present, present.count != laneCount { throw DamagedState() }
      let layout = program.reports[report].shape.layout(program.enumerations)
      let values = try layout.map { type in
        ReportColumn(
          try (0..<laneCount).map { _ in
            try reader.readWord(isHandle: type.isHandle, into: arena)
          })
      }
      put(
        Key(report: report, loops: loops),
        Entry(
          report: report, loops: loops, values: values, present: present, record: record,
          isLasting: isLasting))
    }
  }
}
