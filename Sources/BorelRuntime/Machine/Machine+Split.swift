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
    recorder?.noteGuard(slot.column)
    if !strand.mayHaveDeadLanes {
      let trueCount = Int(
        borel_count_true(
          Int64(count), UnsafeMutableRawPointer(mask).assumingMemoryBound(to: Int64.self)))
      if trueCount == count || trueCount == 0 {
        move(strand, trueCount == 0 ? terminator.pointee.otherwise : terminator.pointee.target)
        return true
      }
    }
    let (trueCount, falseCount) = partition(strand, mask)
    if trueCount + falseCount < count { keepDead(strand, trueCount, falseCount) }
    if trueCount + falseCount == 0 {
      releaseAtTerminator(strand)
      return false
    }
    strand.isAtTerminator = true
    if trueCount > 0 {
      let rows = UnsafeBufferPointer(start: splitRows.first, count: trueCount)
      enter(strand, rows, terminator.pointee.target)
    }
    if falseCount > 0 {
      let rows = UnsafeBufferPointer(start: splitRows.second, count: falseCount)
      enter(strand, rows, terminator.pointee.otherwise)
    }
    releaseAtTerminator(strand)
    return false
  }

  private func enter(
    _ strand: Strand, _ rows: UnsafeBufferPointer<Int32>,
    _ target: UnsafePointer<CompiledTarget>
  ) {
    let part = select(strand, rows)
    part.isAtTerminator = false
    move(part, target)
    addReady(part)
  }

  private func releaseAtTerminator(_ strand: Strand) {
    strand.isAtTerminator = true
    release(strand)
    strand.count = 0
  }

  /// Lists the living rows in which the condition holds and those in which it does not.
  private func partition(
    _ strand: Strand, _ mask: UnsafeMutablePointer<UInt64>
  ) -> (trueCount: Int, falseCount: Int) {
    let count = strand.count
    splitRows.reserve(count)
    let (yes, no) = (splitRows.first, splitRows.second)
    if !strand.mayHaveDeadLanes || strand.weight.isUniform {
      var trueCount: Int64 = 0
      let conditions = UnsafeMutableRawPointer(mask).assumingMemoryBound(to: Int64.self)
      borel_partition_indices(Int64(count), conditions, yes, no, &trueCount)
      return (Int(trueCount), count - Int(trueCount))
    }
    var trueCount = 0
    var falseCount = 0
    let weights = pool.data(strand.weight.column)
    let dead = (-Double.infinity).bitPattern
    for row in 0..<count where weights[row] != dead {
      if mask[row] != 0 {
        yes[trueCount] = Int32(truncatingIfNeeded: row)
        trueCount += 1
      } else {
        no[falseCount] = Int32(truncatingIfNeeded: row)
        falseCount += 1
      }
    }
    return (trueCount, falseCount)
  }

  /// Lanes of weight zero stop here: they stay in the population, without a state.
  private func keepDead(_ strand: Strand, _ trueCount: Int, _ falseCount: Int) {
    var isAlive = [Bool](repeating: false, count: strand.count)
    for index in 0..<trueCount { isAlive[Int(splitRows.first[index])] = true }
    for index in 0..<falseCount { isAlive[Int(splitRows.second[index])] = true }
    for row in 0..<strand.count where !isAlive[row] {
      deadLanes.append(laneNumber(strand, row: row))
    }
  }

  /// A new strand with some rows of another one, at the same point.
  ///
  /// - Parameter lanes: The lanes of the new strand; nil for those of the rows.
  func select(
    _ strand: Strand, _ rows: UnsafeBufferPointer<Int32>, lanes: Slot? = nil
  ) -> Strand {
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
    splitRows.picked.removeAll(keepingCapacity: true)
    for k in 0..<live.count {
      let register = live[k]
      part.registers[register] = pick(strand.registers[register], rows)
    }
    if strand.frame != nil {
      part.frameRows =
        strand.frameRows.isUniform
        ? column(of: rows) : pick(strand.frameRows, rows)
    }
    part.weight = pick(strand.weight, rows)
    part.draws = pick(strand.draws, rows)
    part.memo = pick(strand.memo, rows)
    if tracksAddresses {
      part.path = pick(strand.path, rows)
      part.outerPaths = strand.outerPaths.map { pick($0, rows) }
    }
    for index in strand.tallies.indices {
      part.tallies[index] = pick(strand.tallies[index], rows)
    }
    return part
  }

  func select(_ strand: Strand, _ rows: [Int32], lanes: Slot? = nil) -> Strand {
    rows.withUnsafeBufferPointer { select(strand, $0, lanes: lanes) }
  }

  /// The rows of a slot. Registers that share a column share its selection.
  private func pick(_ slot: Slot, _ rows: UnsafeBufferPointer<Int32>) -> Slot {
    if slot.isUniform { return slot }
    for known in splitRows.picked where known.column == slot.column {
      pool.retain(known.selection)
      return Slot(column: known.selection)
    }
    let column = gathered(slot.column, rows)
    splitRows.picked.append((slot.column, column))
    return Slot(column: column)
  }

  private func gathered(_ source: Int32, _ rows: UnsafeBufferPointer<Int32>) -> Int32 {
    let column = pool.make(count: rows.count)
    borel_gather64(Int64(rows.count), pool.data(column), pool.data(source), rows.baseAddress)
    return column
  }

  private func pickLanes(_ strand: Strand, _ rows: UnsafeBufferPointer<Int32>) -> Slot {
    if !strand.lanes.isUniform { return Slot(column: gathered(strand.lanes.column, rows)) }
    if rows.count == strand.count, rows.first == 0, Int(rows[rows.count - 1]) == rows.count - 1 {
      return strand.lanes
    }
    return column(of: rows, from: strand.lanes.bits)
  }

  /// A column of row numbers, with an offset.
  private func column(of rows: UnsafeBufferPointer<Int32>, from first: UInt64 = 0) -> Slot {
    let column = pool.make(count: rows.count)
    let target = pool.data(column)
    for index in rows.indices {
      target[index] = first &+ UInt64(UInt32(bitPattern: rows[index]))
    }
    return Slot(column: column)
  }

  func column(of rows: [Int32]) -> Slot {
    let column = pool.make(count: rows.count)
    let target = pool.data(column)
    for row in rows.indices { target[row] = UInt64(rows[row]) }
    return Slot(column: column)
  }
}
