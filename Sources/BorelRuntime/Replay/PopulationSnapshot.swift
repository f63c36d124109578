import BorelHeap
import BorelIR
import BorelKernels

/// The states of all lanes at a checkpoint, from which lanes can be started again.
///
/// It shares the live columns with the lanes it was taken from. Weights and tallies are not part
/// of it.
package final class PopulationSnapshot {
  let strands: [Strand]
  let laneCount: Int
  let machine: Machine
  /// Strand and row of each lane (-1 for a lane without a state); empty when one strand holds all
  /// lanes in order.
  private(set) var strandOf: [Int32] = []
  private(set) var rowOf: [Int32] = []

  /// - Precondition: every lane stands at a checkpoint of the function that was started, or has
  ///   returned.
  package init(_ machine: Machine) {
    self.machine = machine
    laneCount = machine.laneCount
    strands = machine.suspended.map { machine.share($0) }
    if strands.count == 1, strands[0].count == laneCount, strands[0].isContiguous { return }
    strandOf = [Int32](repeating: -1, count: laneCount)
    rowOf = [Int32](repeating: 0, count: laneCount)
    for (index, strand) in strands.enumerated() {
      for row in 0..<strand.count {
        let lane = machine.laneNumber(strand, row: row)
        strandOf[lane] = Int32(index)
        rowOf[lane] = Int32(row)
      }
    }
  }

  deinit { for strand in strands { machine.release(strand) } }

  /// Lets a collection replace the handles that the snapshot holds.
  package func visitHandles(_ visit: (Slot, Int) -> Slot) {
    for strand in strands {
      let live = machine.liveRegisters(of: strand)
      for k in 0..<live.count where machine.isHandle(strand, live[k]) {
        strand.registers[live[k]] = visit(strand.registers[live[k]], strand.count)
      }
      strand.memo = visit(strand.memo, strand.count)
    }
  }
}

extension Machine {
  /// A strand that shares the columns of another one; weight 0, no tallies.
  func share(_ strand: Strand) -> Strand {
    let copy = makeStrand(
      count: strand.count, function: strand.function,
      registerCount: max(program.functions[strand.function].registerCount, strand.resultCount),
      lanes: strand.lanes)
    pool.retain(strand.lanes)
    copy.block = strand.block
    copy.isAtTerminator = strand.isAtTerminator
    copy.state = strand.state
    copy.resultCount = strand.resultCount
    copy.frame = strand.frame
    copy.frameRows = strand.frameRows
    pool.retain(strand.frameRows)
    copy.memo = strand.memo
    pool.retain(strand.memo)
    let live = liveRegisters(of: strand)
    for k in 0..<live.count {
      copy.registers[live[k]] = strand.registers[live[k]]
      pool.retain(strand.registers[live[k]])
    }
    return copy
  }

  func isHandle(_ strand: Strand, _ register: Int) -> Bool {
    guard case .returned = strand.state else {
      return program.functions[strand.function].isHandle[register]
    }
    let results = program.source.functions[strand.function].results
    return register < results.count && results[register].isHandle
  }

  /// Draws that a lane has used since its last checkpoint.
  func drawsUsed(_ strand: Strand, row: Int) -> Int32 {
    Int32(truncatingIfNeeded: pool.word(strand.draws, row: row)) + Int32(strand.drawOffset)
  }

  /// Gives up all lanes, so that the machine can be started anew.
  package func discardLanes() {
    removeLanes()
    kills.removeAll(keepingCapacity: true)
  }

  /// Starts `count` lanes, all in one group: lane k goes on from the state of lane `lanes[k]` of a
  /// snapshot, which may belong to another machine of the same program. Lanes without a state
  /// there have none here.
  package func restart(
    from snapshot: PopulationSnapshot, lanes: UnsafePointer<Int32>, count: Int
  ) {
    discardLanes()
    laneCount = count
    if groupKeys.count == 1 { lanesPerGroup = count }
    if snapshot.strandOf.isEmpty, let strand = snapshot.strands.first {
      suspended = [copy(strand, of: snapshot.machine, lanes, count, numbers: Slot(uniform: 0))]
      return
    }
    for (index, strand) in snapshot.strands.enumerated() {
      var rows: [Int32] = []
      var numbers: [Int32] = []
      for lane in 0..<count where snapshot.strandOf[Int(lanes[lane])] == Int32(index) {
        rows.append(snapshot.rowOf[Int(lanes[lane])])
        numbers.append(Int32(lane))
      }
      if rows.isEmpty { continue }
      suspended.append(
        rows.withUnsafeBufferPointer {
          copy(
            strand, of: snapshot.machine, $0.baseAddress.unsafelyUnwrapped, rows.count,
            numbers: numbers.count == count ? Slot(uniform: 0) : column(of: numbers))
        })
    }
  }

  /// Sets the tallies of all lanes to zero.
  package func resetTallies() {
    for strand in suspended {
      for index in strand.tallies.indices {
        pool.release(strand.tallies[index])
        strand.tallies[index] = Slot(uniform: Double(0).bitPattern)
      }
    }
  }

  /// Frees what was allocated since the machine was made; it must have no lanes.
  package func discardObjects() {
    if heapBytes < 1 << 20 { return }
    arena = Arena()
    executor.workers.removeAll()
  }

  private func copy(
    _ strand: Strand, of other: Machine, _ rows: UnsafePointer<Int32>, _ count: Int,
    numbers: Slot
  ) -> Strand {
    let part = makeStrand(
      count: count, function: strand.function,
      registerCount: max(program.functions[strand.function].registerCount, strand.resultCount),
      lanes: numbers)
    part.block = strand.block
    part.isAtTerminator = strand.isAtTerminator
    part.state = strand.state
    part.resultCount = strand.resultCount
    part.mayHaveDeadLanes = false
    var picked: [Int32: Int32] = [:]
    func pick(_ slot: Slot) -> Slot {
      if slot.isUniform { return slot }
      if let known = picked[slot.column] {
        pool.retain(known)
        return Slot(column: known)
      }
      let column = pool.make(count: count)
      borel_gather64(Int64(count), pool.data(column), other.pool.data(slot.column), rows)
      picked[slot.column] = column
      return Slot(column: column)
    }
    let live = liveRegisters(of: part)
    for k in 0..<live.count { part.registers[live[k]] = pick(strand.registers[live[k]]) }
    part.memo = pick(strand.memo)
    return part
  }
}
