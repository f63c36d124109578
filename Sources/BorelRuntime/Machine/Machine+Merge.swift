import BorelHeap
import BorelIR

extension Machine {
  /// Appends the lanes of a strand to another one at the same point and frame.
  func merge(_ strand: Strand, into target: Strand) {
    let counts = (target.count, strand.count)
    if case .returned = target.state, target.resultCount != strand.resultCount { return }
    let live = liveRegisters(of: target)
    for k in 0..<live.count {
      let register = live[k]
      target.registers[register] = concatenate(
        target.registers[register], strand.registers[register], counts)
    }
    if target.frame != nil {
      target.frameRows = concatenateNumbers(target.frameRows, strand.frameRows, counts)
    }
    target.lanes = concatenateNumbers(target.lanes, strand.lanes, counts)
    target.weight = concatenate(target.weight, strand.weight, counts, alwaysOwned: true)
    mergeDraws(strand, into: target, counts)
    target.memo = concatenate(target.memo, strand.memo, counts)
    if tracksAddresses {
      target.path = concatenate(target.path, strand.path, counts)
      for index in target.outerPaths.indices {
        target.outerPaths[index] = concatenate(
          target.outerPaths[index], strand.outerPaths[index], counts)
      }
      strand.outerPaths = []
    }
    for index in target.tallies.indices {
      target.tallies[index] = concatenate(target.tallies[index], strand.tallies[index], counts)
    }
    target.mayHaveDeadLanes = target.mayHaveDeadLanes || strand.mayHaveDeadLanes
    target.count = counts.0 + counts.1
    strand.frame = nil
    strand.count = 0
  }

  /// Takes over the references of both.
  private func concatenate(
    _ a: Slot, _ b: Slot, _ counts: (Int, Int), alwaysOwned: Bool = false
  ) -> Slot {
    if a.isUniform, b.isUniform, a.bits == b.bits { return a }
    let column = pool.make(count: counts.0 + counts.1)
    let target = pool.data(column)
    fill(target, a, counts.0)
    fill(target + counts.0, b, counts.1)
    pool.release(a)
    pool.release(b)
    return Slot(column: column)
  }

  private func fill(_ target: UnsafeMutablePointer<UInt64>, _ slot: Slot, _ count: Int) {
    if slot.isUniform {
      target.update(repeating: slot.bits, count: count)
    } else {
      target.update(from: pool.data(slot.column), count: count)
    }
  }

  /// Row or lane numbers: uniform means ascending from that number.
  private func concatenateNumbers(_ a: Slot, _ b: Slot, _ counts: (Int, Int)) -> Slot {
    let column = pool.make(count: counts.0 + counts.1)
    let target = pool.data(column)
    fillNumbers(target, a, counts.0)
    fillNumbers(target + counts.0, b, counts.1)
    pool.release(a)
    pool.release(b)
    return Slot(column: column)
  }

  private func fillNumbers(_ target: UnsafeMutablePointer<UInt64>, _ slot: Slot, _ count: Int) {
    if slot.isUniform {
      for row in 0..<count { target[row] = slot.bits + UInt64(row) }
    } else {
      target.update(from: pool.data(slot.column), count: count)
    }
  }

  /// Lanes that have used different numbers of draws keep them as a column.
  private func mergeDraws(_ strand: Strand, into target: Strand, _ counts: (Int, Int)) {
    if target.draws.isUniform, strand.draws.isUniform,
      target.draws.bits + UInt64(target.drawOffset) == strand.draws.bits + UInt64(strand.drawOffset)
    {
      return
    }
    let column = pool.make(count: counts.0 + counts.1)
    let data = pool.data(column)
    fill(data, target.draws, counts.0)
    fill(data + counts.0, strand.draws, counts.1)
    for row in 0..<counts.0 { data[row] += UInt64(target.drawOffset) }
    for row in counts.0..<(counts.0 + counts.1) { data[row] += UInt64(strand.drawOffset) }
    pool.release(target.draws)
    pool.release(strand.draws)
    target.draws = Slot(column: column)
    target.drawOffset = 0
  }
}
