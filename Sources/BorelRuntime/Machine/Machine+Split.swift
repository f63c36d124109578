import BorelBase
import BorelHeap
import BorelIR
import BorelKernels

extension Machine {
  /// Takes a branch. Lanes that disagree become two strands; lanes of weight zero stop. False when
  /// the strand has been replaced or has ended.
  func branch(
    _ strand: Strand, _ terminator: UnsafePointer<CompiledTerminator>
  ) throws -> Bool {
    var slot = strand.registers[terminator.pointee.register]
    if slot.isUniform {
      move(strand, slot.bits != 0 ? terminator.pointee.target : terminator.pointee.otherwise)
      return true
    }
    replay?.hasVaryingControl = true
    try flush(strand)
    if strand.count == 0 { return false }
    slot = strand.registers[terminator.pointee.register]
    let mask = pool.data(slot.column)
    let count = strand.count
    if !strand.mayHaveDeadLanes {
      let trueCount = Int(
        borel_count_true(
          Int64(count), UnsafeMutableRawPointer(mask).assumingMemoryBound(to: Int64.self)))
      if trueCount == count || trueCount == 0 {
        move(strand, trueCount == 0 ? terminator.pointee.otherwise : terminator.pointee.target)
        return true
      }
    }
    var trueRows: [Int32] = []
    var falseRows: [Int32] = []
    partition(strand, mask, &trueRows, &falseRows)
    if trueRows.count + falseRows.count < count { keepDead(strand, trueRows, falseRows) }
    if trueRows.isEmpty && falseRows.isEmpty {
      releaseAtTerminator(strand)
      return false
    }
    let sides = [
      (trueRows, terminator.pointee.target), (falseRows, terminator.pointee.otherwise),
    ]
    for (rows, target) in sides where !rows.isEmpty {
      strand.isAtTerminator = true
      let part = select(strand, rows)
      part.isAtTerminator = false
      move(part, target)
      ready.append(part)
    }
    releaseAtTerminator(strand)
    return false
  }

  private func releaseAtTerminator(_ strand: Strand) {
    strand.isAtTerminator = true
    release(strand)
    strand.count = 0
  }

  private func partition(
    _ strand: Strand, _ mask: UnsafeMutablePointer<UInt64>, _ trueRows: inout [Int32],
    _ falseRows: inout [Int32]
  ) {
    let count = strand.count
    if !strand.mayHaveDeadLanes || strand.weight.isUniform {
      var trueCount: Int64 = 0
      let conditions = UnsafeMutableRawPointer(mask).assumingMemoryBound(to: Int64.self)
      falseRows = Array(unsafeUninitializedCapacity: count + 16) { falseBuffer, falseCount in
        trueRows = Array(unsafeUninitializedCapacity: count + 16) { trueBuffer, initialized in
          borel_partition_indices(
            Int64(count), conditions, trueBuffer.baseAddress, falseBuffer.baseAddress, &trueCount)
          initialized = Int(trueCount)
        }
        falseCount = count - Int(trueCount)
      }
      return
    }
    let weights = pool.data(strand.weight.column)
    let dead = (-Double.infinity).bitPattern
    for row in 0..<count where weights[row] != dead {
      if mask[row] != 0 { trueRows.append(Int32(row)) } else { falseRows.append(Int32(row)) }
    }
  }

  /// Lanes of weight zero stop here: they stay in the population, without a state.
  private func keepDead(_ strand: Strand, _ trueRows: [Int32], _ falseRows: [Int32]) {
    var isAlive = [Bool](repeating: false, count: strand.count)
    for row in trueRows { isAlive[Int(row)] = true }
    for row in falseRows { isAlive[Int(row)] = true }
    for row in 0..<strand.count where !isAlive[row] {
      deadLanes.append(laneNumber(strand, row: row))
    }
  }

  /// A new strand with some rows of another one, at the same point.
  ///
  /// - Parameter lanes: The lanes of the new strand; nil for those of the rows.
  func select(_ strand: Strand, _ rows: [Int32], lanes: Slot? = nil) -> Strand {
    let function = program.functions[strand.function]
    let part = makeStrand(
      count: rows.count, function: strand.function, registerCount: function.registerCount,
      lanes: lanes ?? pickLanes(strand, rows))
    part.reserve(strand.resultCount)
    part.block = strand.block
    part.isAtTerminator = strand.isAtTerminator
    part.state = strand.state
    part.resultCount = strand.resultCount
    part.frame = strand.frame
    part.mayHaveDeadLanes = strand.mayHaveDeadLanes
    part.drawOffset = strand.drawOffset
    let live = liveRegisters(of: strand)
    var picked: [Int32: Int32] = [:]
    for k in 0..<live.count {
      let register = live[k]
      part.registers[register] = pick(strand.registers[register], rows, &picked)
    }
    if strand.frame != nil {
      part.frameRows =
        strand.frameRows.isUniform
        ? column(of: rows) : pick(strand.frameRows, rows, &picked)
    }
    part.weight = pick(strand.weight, rows, &picked)
    part.draws = pick(strand.draws, rows, &picked)
    part.memo = pick(strand.memo, rows, &picked)
    if tracksAddresses {
      part.path = pick(strand.path, rows, &picked)
      part.outerPaths = strand.outerPaths.map { pick($0, rows, &picked) }
    }
    for index in strand.tallies.indices {
      part.tallies[index] = pick(strand.tallies[index], rows, &picked)
    }
    return part
  }

  /// The rows of a slot. Two registers that share a column share its selection.
  func pick(_ slot: Slot, _ rows: [Int32], _ picked: inout [Int32: Int32]) -> Slot {
    if slot.isUniform { return slot }
    if let known = picked[slot.column] {
      pool.retain(known)
      return Slot(column: known)
    }
    let column = pool.make(count: rows.count)
    borel_gather64(Int64(rows.count), pool.data(column), pool.data(slot.column), rows)
    picked[slot.column] = column
    return Slot(column: column)
  }

  private func pickLanes(_ strand: Strand, _ rows: [Int32]) -> Slot {
    if rows.count == strand.count, strand.lanes.isUniform,
      rows.first == 0, Int(rows[rows.count - 1]) == rows.count - 1
    {
      return strand.lanes
    }
    var none: [Int32: Int32] = [:]
    if !strand.lanes.isUniform { return pick(strand.lanes, rows, &none) }
    let column = pool.make(count: rows.count)
    let target = pool.data(column)
    let first = strand.lanes.bits
    for row in rows.indices { target[row] = first + UInt64(rows[row]) }
    return Slot(column: column)
  }

  func column(of rows: [Int32]) -> Slot {
    let column = pool.make(count: rows.count)
    let target = pool.data(column)
    for row in rows.indices { target[row] = UInt64(rows[row]) }
    return Slot(column: column)
  }
}
