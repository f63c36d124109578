import BorelHeap

extension Machine {
  /// Continues the random counters of another machine of the same run, before lanes are started.
  package func goOn(fromGeneration generation: UInt32) { self.generation = generation }

  /// Whether all lanes stand in the function that was started, or have returned.
  package var hasNoCallers: Bool { suspended.allSatisfy { $0.frame == nil } }

  /// Writes the lanes, which stand at checkpoints or have returned.
  ///
  /// - Parameter outside: Handles of objects that are the same for all lanes and not written.
  /// - Precondition: `hasNoCallers`; addresses are not tracked.
  package func writeLanes(to writer: inout StateWriter, outside: [UInt64]) {
    precondition(hasNoCallers && !tracksAddresses)
    writer.write(UInt64(generation))
    writer.write(laneSteps)
    writer.write(laneCount)
    writer.write(suspended.count)
    for strand in suspended {
      switch strand.state {
      case .checkpoint(let number): writer.write(number)
      default: writer.write(-1)
      }
      writer.write(strand.function)
      writer.write(strand.block)
      writer.write(strand.count)
      writer.write(strand.resultCount)
      writer.write(strand.mayHaveDeadLanes)
      write(strand.lanes, strand.count, isHandle: false, to: &writer)
      write(strand.weight, strand.count, isHandle: false, to: &writer)
      write(strand.memo, strand.count, isHandle: true, to: &writer)
      for tally in strand.tallies { write(tally, strand.count, isHandle: false, to: &writer) }
      let live = liveRegisters(of: strand)
      writer.write(live.count)
      for k in 0..<live.count {
        let slot = strand.registers[live[k]]
        let place = slot.isUniform ? outside.firstIndex(of: slot.bits) : nil
        writer.write(place ?? -1)
        if place == nil {
          write(slot, strand.count, isHandle: isHandle(strand, live[k]), to: &writer)
        }
      }
    }
  }

  private func write(
    _ slot: Slot, _ count: Int, isHandle: Bool, to writer: inout StateWriter
  ) {
    writer.write(slot.isUniform)
    if slot.isUniform {
      writer.write(slot.bits, isHandle: isHandle)
    } else {
      let data = pool.data(slot.column)
      for row in 0..<count { writer.write(data[row], isHandle: isHandle) }
    }
  }

  /// Takes over lanes that a machine of the same program has written.
  ///
  /// - Parameter outside: In the order of those that were given when the lanes were written.
  /// - Precondition: This machine was not started, or has no lanes any more.
  /// - Throws: `DamagedState`.
  package func readLanes(from reader: inout StateReader, outside: [UInt64]) throws {
    guard let generation = UInt32(exactly: try reader.readWord()) else { throw DamagedState() }
    laneSteps = try reader.readWord()
    guard try reader.readInt() == laneCount else { throw DamagedState() }
    self.generation = generation
    let strandCount = try reader.readInt(in: 0..<(laneCount + 1))
    var total = 0
    for _ in 0..<strandCount {
      let strand = try readStrand(from: &reader, outside)
      total += strand.count
      suspended.append(strand)
      guard total <= laneCount else { throw DamagedState() }
    }
  }

  private func readStrand(
    from reader: inout StateReader, _ outside: [UInt64]
  ) throws -> Strand {
    let checkpoint = try reader.readInt()
    let index = try reader.readInt(in: 0..<program.functions.count)
    let function = program.functions[index]
    let block = try reader.readInt(in: 0..<program.source.functions[index].blocks.count)
    let count = try reader.readInt(in: 1..<(laneCount + 1))
    let results = program.source.functions[index].results.count
    let resultCount = try reader.readInt(in: 0..<(results + 1))
    let strand = makeStrand(
      count: count, function: index, registerCount: max(function.registerCount, results),
      lanes: Slot(uniform: 0))
    strand.block = block
    strand.resultCount = resultCount
    strand.state = checkpoint < 0 ? .returned : .checkpoint(checkpoint)
    strand.mayHaveDeadLanes = try reader.readBool()
    strand.lanes = try readSlot(count, isHandle: false, from: &reader)
    try checkLanes(of: strand)
    strand.weight = try readSlot(count, isHandle: false, from: &reader)
    strand.memo = try readSlot(count, isHandle: true, from: &reader)
    for index in strand.tallies.indices {
      strand.tallies[index] = try readSlot(count, isHandle: false, from: &reader)
    }
    let live = liveRegisters(of: strand)
    guard try reader.readInt() == live.count else { throw DamagedState() }
    for k in 0..<live.count {
      let place = try reader.readInt(in: -1..<outside.count)
      strand.registers[live[k]] =
        place >= 0
        ? Slot(uniform: outside[place])
        : try readSlot(count, isHandle: isHandle(strand, live[k]), from: &reader)
    }
    return strand
  }

  private func checkLanes(of strand: Strand) throws {
    if strand.lanes.isUniform {
      guard strand.lanes.bits <= UInt64(laneCount - strand.count) else { throw DamagedState() }
      return
    }
    let lanes = pool.data(strand.lanes.column)
    for row in 0..<strand.count where lanes[row] >= UInt64(laneCount) { throw DamagedState() }
  }

  private func readSlot(
    _ count: Int, isHandle: Bool, from reader: inout StateReader
  ) throws -> Slot {
    if try reader.readBool() {
      return Slot(uniform: try reader.readWord(isHandle: isHandle, into: arena))
    }
    let column = pool.make(count: count)
    let data = pool.data(column)
    for row in 0..<count { data[row] = try reader.readWord(isHandle: isHandle, into: arena) }
    return Slot(column: column)
  }
}
