import BorelHeap

extension ChoiceTable {
  /// Writes an owned table.
  package func write(to writer: inout StateWriter) {
    precondition(record == nil, "only owned tables are states")
    writer.write(rowCount)
    writer.write(Int(drawCount))
    writer.write(drawCounts.map { Int64($0) })
    writer.write(schema != nil)
    if let schema {
      write(schema.entries, to: &writer)
      for entry in schema.entries {
        for k in 0..<entry.width {
          let isHandle = Self.isHandle(program, entry, k)
          for row in 0..<rowCount {
            writer.write(column(entry.firstColumn + k)[row], isHandle: isHandle)
          }
        }
      }
      return
    }
    for row in 0..<rowCount {
      let entries = sparse[row].values.sorted { $0.number < $1.number }
      write(entries, to: &writer)
      for entry in entries {
        for k in 0..<entry.width {
          writer.write(words[entry.firstColumn + k], isHandle: Self.isHandle(program, entry, k))
        }
      }
    }
  }

  private static func isHandle(
    _ program: CompiledProgram, _ entry: StepSchema.Entry, _ k: Int
  ) -> Bool {
    let layout = program.uses[entry.use].layout
    return k < layout.count && layout[k].isHandle
  }

  private func write(_ entries: [StepSchema.Entry], to writer: inout StateWriter) {
    writer.write(entries.count)
    for entry in entries {
      writer.write(entry.use)
      writer.write(entry.number)
      writer.write(entry.width)
    }
  }

  /// Reads what a table of the same program has written.
  ///
  /// - Parameters:
  ///   - arena: Where objects are made.
  ///   - previous: A table of an earlier step, whose schema is shared when it is the same.
  /// - Throws: `DamagedState`.
  package convenience init(
    from reader: inout StateReader, program: CompiledProgram, into arena: Arena,
    like previous: ChoiceTable? = nil
  ) throws {
    let rowCount = try reader.readInt(in: 0..<Int(Int32.max))
    let drawCount = try reader.readInt(in: 0..<Int(Int32.max))
    let drawCounts = try reader.readInts().map { count in
      guard let count = Int32(exactly: count), count >= 0 else { throw DamagedState() }
      return count
    }
    guard drawCounts.isEmpty || drawCounts.count == rowCount else { throw DamagedState() }
    var words: [UInt64] = []
    var sparse: [[Int: StepSchema.Entry]] = []
    var schema: StepSchema?
    if try reader.readBool() {
      let entries = try Self.readEntries(from: &reader, program, first: 0)
      let known = previous?.schema
      schema = known?.entries == entries ? known : StepSchema(entries, program: program)
      for entry in entries {
        for k in 0..<entry.width {
          let isHandle = Self.isHandle(program, entry, k)
          for _ in 0..<rowCount {
            words.append(try reader.readWord(isHandle: isHandle, into: arena))
          }
        }
      }
    } else {
      for _ in 0..<rowCount {
        let entries = try Self.readEntries(from: &reader, program, first: words.count)
        for entry in entries {
          for k in 0..<entry.width {
            words.append(
              try reader.readWord(isHandle: Self.isHandle(program, entry, k), into: arena))
          }
        }
        sparse.append(Dictionary(uniqueKeysWithValues: entries.map { ($0.number, $0) }))
      }
    }
    self.init(
      program: program, rowCount: rowCount, schema: schema, sparse: sparse, words: words,
      drawCount: Int32(drawCount), drawCounts: drawCounts)
  }

  private static func readEntries(
    from reader: inout StateReader, _ program: CompiledProgram, first: Int
  ) throws -> [StepSchema.Entry] {
    var next = first
    var seen: Set<Int> = []
    return try (0..<reader.readCount()).map { _ in
      let use = try reader.readInt(in: 0..<program.uses.count)
      let number = try reader.readInt(in: 0..<(1 << 24))
      guard seen.insert(number).inserted else { throw DamagedState() }
      let width = try reader.readInt(in: 0..<1_024)
      defer { next += width }
      return StepSchema.Entry(use: use, firstColumn: next, width: width, number: number)
    }
  }
}
