import BorelHeap
import BorelIR

/// Which instruction made each choice of a step, by draw number, and where its words lie.
final class StepSchema {
  struct Entry: Hashable {
    let use: Int
    let firstColumn: Int
    let width: Int
    let number: Int
  }

  let entries: [Entry]
  let columnCount: Int
  /// Whether some words are handles of objects.
  let holdsObjects: Bool
  /// Position in `entries` of each draw number, or -1.
  private let positions: [Int32]

  init(_ entries: [Entry], program: CompiledProgram) {
    self.entries = entries
    holdsObjects = entries.contains { program.uses[$0.use].layout.contains(where: \.isHandle) }
    columnCount = entries.reduce(0) { $0 + $1.width }
    var positions = [Int32](repeating: -1, count: (entries.map(\.number).max() ?? -1) + 1)
    for (position, entry) in entries.enumerated() { positions[entry.number] = Int32(position) }
    self.positions = positions
  }

  /// The choice with a draw number if the same instruction made it.
  @inline(__always)
  func entry(number: Int, use: Int) -> Entry? {
    guard number < positions.count, positions[number] >= 0 else { return nil }
    let entry = entries[Int(positions[number])]
    return entry.use == use ? entry : nil
  }
}

/// The choices of one step in some rows, from which lanes can repeat them.
///
/// A table either reads the columns of a `StepRecord`, one row per lane, or owns a copy of the
/// choices of a few lanes.
package final class ChoiceTable {
  /// Nil when rows made different choices.
  let schema: StepSchema?
  package let rowCount: Int
  let record: StepRecord?
  /// One pointer per column for a table over a record.
  private var bases: [UnsafePointer<UInt64>] = []
  /// Words of an owned table, column by column; of a sparse table, one after the other.
  @exclusivity(unchecked) var words: UnsafeMutablePointer<UInt64>
  private var wordCount: Int
  /// Choices by draw number, per row of a sparse table.
  var sparse: [[Int: StepSchema.Entry]] = []
  let drawCount: Int32
  let drawCounts: [Int32]
  let program: CompiledProgram

  /// A view of all lanes of a record.
  package init(_ record: StepRecord, program: CompiledProgram) {
    self.program = program
    self.record = record
    rowCount = record.laneCount
    drawCount = record.drawsUsed(by: 0)
    drawCounts =
      record.drawCounts.isEmpty
      ? [] : (0..<record.laneCount).map { record.drawsUsed(by: $0) }
    words = .allocate(capacity: 1)
    wordCount = 0
    guard record.isDense else {
      schema = nil
      let ranks = (0..<Int32(record.laneCount)).map { $0 }
      fillSparse(record, ranks)
      return
    }
    schema = Self.schema(of: record, like: nil, program)
    for draw in record.draws {
      for k in 0..<draw.width { bases.append(record.column(draw, k)) }
    }
  }

  /// A copy of the choices of some lanes.
  ///
  /// - Parameter previous: A table of an earlier step, whose schema is shared when it is the same.
  package init(
    copying lanes: [Int32], of record: StepRecord, program: CompiledProgram,
    like previous: ChoiceTable? = nil
  ) {
    self.program = program
    self.record = nil
    rowCount = lanes.count
    drawCount = record.drawsUsed(by: Int(lanes[0]))
    drawCounts =
      record.drawCounts.isEmpty ? [] : lanes.map { record.drawsUsed(by: Int($0)) }
    guard record.isDense else {
      schema = nil
      words = .allocate(capacity: 1)
      wordCount = 0
      var ranks = [Int32](repeating: -1, count: record.laneCount)
      for (rank, lane) in lanes.enumerated() { ranks[Int(lane)] = Int32(rank) }
      fillSparse(record, ranks)
      return
    }
    let schema = Self.schema(of: record, like: previous?.schema, program)
    self.schema = schema
    wordCount = schema.columnCount * lanes.count
    words = .allocate(capacity: max(wordCount, 1))
    var position = 0
    for draw in record.draws {
      for k in 0..<draw.width {
        let column = record.column(draw, k)
        for lane in lanes {
          words[position] = column[Int(lane)]
          position += 1
        }
      }
    }
  }

  /// A copy of an owned table with its rows picked.
  private init(expanding other: ChoiceTable, _ rows: [Int32]) {
    program = other.program
    record = nil
    schema = other.schema
    rowCount = rows.count
    drawCount = other.drawCount
    drawCounts = other.drawCounts.isEmpty ? [] : rows.map { other.drawCounts[Int($0)] }
    if let schema {
      wordCount = schema.columnCount * rows.count
      words = .allocate(capacity: max(wordCount, 1))
      var position = 0
      for index in 0..<schema.columnCount {
        let column = other.column(index)
        for row in rows {
          words[position] = column[Int(row)]
          position += 1
        }
      }
      return
    }
    var collected: [UInt64] = []
    sparse = rows.map { row in
      other.sparse[Int(row)].mapValues { entry in
        let first = collected.count
        for k in 0..<entry.width { collected.append(other.words[entry.firstColumn + k]) }
        return StepSchema.Entry(
          use: entry.use, firstColumn: first, width: entry.width, number: entry.number)
      }
    }
    wordCount = collected.count
    words = .allocate(capacity: max(wordCount, 1))
    words.initialize(from: collected, count: wordCount)
  }

  /// An owned table of words in the order of its columns or entries.
  init(
    program: CompiledProgram, rowCount: Int, schema: StepSchema?,
    sparse: [[Int: StepSchema.Entry]], words: [UInt64], drawCount: Int32, drawCounts: [Int32]
  ) {
    self.program = program
    record = nil
    self.schema = schema
    self.rowCount = rowCount
    self.sparse = sparse
    self.drawCount = drawCount
    self.drawCounts = drawCounts
    wordCount = words.count
    self.words = .allocate(capacity: max(wordCount, 1))
    self.words.initialize(from: words, count: wordCount)
  }

  deinit { words.deallocate() }

  /// Takes over the choices of some lanes in place of its own. False, and nothing has changed, when
  /// they are not of the same kind as these.
  ///
  /// - Parameters:
  ///   - lanes: One lane per row.
  ///   - changes: Told for each row whether its choices have changed.
  package func overwrite(
    copying lanes: [Int32], of record: StepRecord, changes: (_ row: Int, _ isChanged: Bool) -> Void
  ) -> Bool {
    guard let schema, self.record == nil, !schema.holdsObjects, lanes.count == rowCount,
      record.isDense, record.drawCounts.isEmpty, drawCounts.isEmpty,
      drawCount == record.drawsUsed(by: 0), Self.describes(schema, record)
    else { return false }
    for (row, lane) in lanes.enumerated() {
      var position = row
      var isChanged = false
      for draw in record.draws {
        for k in 0..<draw.width {
          let word = record.column(draw, k)[Int(lane)]
          if words[position] != word { isChanged = true }
          words[position] = word
          position += rowCount
        }
      }
      changes(row, isChanged)
    }
    return true
  }

  private static func describes(_ schema: StepSchema, _ record: StepRecord) -> Bool {
    guard schema.entries.count == record.draws.count else { return false }
    for (entry, draw) in zip(schema.entries, record.draws)
    where entry.use != draw.use || entry.width != draw.width
      || entry.number != Int(draw.offset) + Int(draw.base.bits)
    {
      return false
    }
    return true
  }

  private static func schema(
    of record: StepRecord, like known: StepSchema?, _ program: CompiledProgram
  ) -> StepSchema {
    if let known, describes(known, record) { return known }
    return StepSchema(
      record.draws.map {
        StepSchema.Entry(
          use: $0.use, firstColumn: $0.firstColumn, width: $0.width,
          number: Int($0.offset) + Int($0.base.bits))
      }, program: program)
  }

  private func fillSparse(_ record: StepRecord, _ ranks: [Int32]) {
    var collected: [UInt64] = []
    sparse = Array(repeating: [:], count: rowCount)
    for draw in record.draws {
      record.forEachRow(of: draw, rank: ranks) { rank, row in
        let number = Int(record.number(draw, row: row))
        sparse[rank][number] = StepSchema.Entry(
          use: draw.use, firstColumn: collected.count, width: draw.width, number: number)
        for k in 0..<draw.width { collected.append(record.word(draw, k, row: row)) }
      }
    }
    words.deallocate()
    wordCount = collected.count
    words = .allocate(capacity: max(wordCount, 1))
    words.initialize(from: collected, count: wordCount)
  }

  /// Whether some row made a choice by another instruction than these.
  package func hasChoices(besides uses: Set<Int>) -> Bool {
    schema.map { $0.entries.contains { !uses.contains($0.use) } } ?? true
  }

  /// Whether all rows used up the same number of draws.
  var hasEqualCounts: Bool { drawCounts.isEmpty }

  /// Draws that a row used up in the step.
  package func drawsUsed(_ row: Int) -> Int32 { drawCounts.isEmpty ? drawCount : drawCounts[row] }

  /// The column of a dense table.
  @inline(__always)
  func column(_ index: Int) -> UnsafePointer<UInt64> {
    bases.isEmpty ? UnsafePointer(words + index * rowCount) : bases[index]
  }

  /// Word k of one choice; nil when the row did not make it.
  func word(row: Int, number: Int, use: Int, _ k: Int) -> UInt64? {
    if let schema {
      return schema.entry(number: number, use: use).map { column($0.firstColumn + k)[row] }
    }
    guard let entry = sparse[row][number], entry.use == use else { return nil }
    return words[entry.firstColumn + k]
  }

  /// Whether two rows of owned tables hold the same choices.
  package func agrees(_ row: Int, with other: ChoiceTable, _ otherRow: Int) -> Bool {
    let mine = choices(of: row)
    let theirs = other.choices(of: otherRow)
    guard mine.count == theirs.count else { return false }
    for (a, b) in zip(mine, theirs) {
      guard a.use == b.use, a.number == b.number, a.width == b.width else { return false }
      for k in 0..<a.width {
        guard let x = word(row: row, number: a.number, use: a.use, k),
          let y = other.word(row: otherRow, number: b.number, use: b.use, k)
        else { return false }
        if x == y { continue }
        let layout = program.uses[a.use].layout
        guard k < layout.count, layout[k].isHandle,
          structurallyEqual(Object(bits: x), Object(bits: y))
        else { return false }
      }
    }
    return true
  }

  /// The choices of a row in the order of their draw numbers.
  private func choices(of row: Int) -> [StepSchema.Entry] {
    schema?.entries ?? sparse[row].values.sorted { $0.number < $1.number }
  }

  /// Lets a collection replace the handles of an owned table.
  package func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    guard record == nil else { return }
    if let schema {
      for entry in schema.entries {
        for (k, type) in program.uses[entry.use].layout.enumerated()
        where k < entry.width && type.isHandle {
          for row in 0..<rowCount { visit(words + (entry.firstColumn + k) * rowCount + row) }
        }
      }
      return
    }
    for row in sparse {
      for entry in row.values {
        for (k, type) in program.uses[entry.use].layout.enumerated()
        where k < entry.width && type.isHandle {
          visit(words + entry.firstColumn + k)
        }
      }
    }
  }
}

// MARK: Choices one by one

/// One choice of a row, for kernels that move some choices and keep the others.
package struct TableChoice: Sendable {
  /// Position among the step's choices.
  package let number: Int
  package let use: Int
  package let width: Int
}

extension ChoiceTable {
  /// The choices of a row in the order in which they were made.
  package func listChoices(of row: Int) -> [TableChoice] {
    choices(of: row).map { TableChoice(number: $0.number, use: $0.use, width: $0.width) }
  }

  /// Word k of a choice.
  package func word(_ choice: TableChoice, row: Int, _ k: Int = 0) -> UInt64 {
    word(row: row, number: choice.number, use: choice.use, k) ?? 0
  }

  /// A table whose row r is a copy of row `rows[r]` of this one.
  package func expanded(_ rows: [Int32]) -> ChoiceTable { ChoiceTable(expanding: self, rows) }

  /// Copies the objects of an owned table into an arena whose objects are never moved.
  package func ownObjects(in arena: Arena) {
    var cloner = Cloner(into: arena)
    visitHandles { word in
      if word.pointee == 0 { return }
      word.pointee = cloner.clone(word.pointee)
      Collector.pin(word.pointee)
    }
  }

  /// Changes a word of an owned table.
  package func set(_ choice: TableChoice, row: Int, _ k: Int = 0, to word: UInt64) {
    if let schema {
      guard let entry = schema.entry(number: choice.number, use: choice.use) else { return }
      words[(entry.firstColumn + k) * rowCount + row] = word
    } else if let entry = sparse[row][choice.number] {
      words[entry.firstColumn + k] = word
    }
  }
}
