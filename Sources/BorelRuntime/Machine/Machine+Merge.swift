import BorelHeap
import BorelIR

extension Machine {
  /// Joins two strands at the same point and frame; the larger one takes over the lanes of the
  /// other and is returned.
  func merge(_ a: Strand, _ b: Strand) -> Strand {
    if a.count < b.count {
      append(a, to: b)
      return b
    }
    append(b, to: a)
    return a
  }

  private func append(_ strand: Strand, to target: Strand) {
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
    target.weight = concatenate(target.weight, strand.weight, counts)
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
  private func concatenate(_ a: Slot, _ b: Slot, _ counts: (Int, Int)) -> Slot {
    if a.isUniform, b.isUniform, a.bits == b.bits { return a }
    let joined = room(a, counts)
    let target = pool.data(joined.column)
    if joined.column != a.column {
      fill(target, a, counts.0)
      pool.release(a)
    }
    fill(target + counts.0, b, counts.1)
    pool.release(b)
    return joined
  }

  /// The column of `a` when it can grow, else a new one, with room for later arrivals.
  private func room(_ a: Slot, _ counts: (Int, Int)) -> Slot {
    let total = counts.0 + counts.1
    if !a.isUniform, pool.canGrow(a.column, to: total) { return a }
    return Slot(column: pool.make(count: max(total, min(2 * total, laneCount))))
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
    let joined = room(a, counts)
    let target = pool.data(joined.column)
    if joined.column != a.column {
      fillNumbers(target, a, counts.0)
      pool.release(a)
    }
    fillNumbers(target + counts.0, b, counts.1)
    pool.release(b)
    return joined
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
    let joined = room(target.draws, counts)
    let data = pool.data(joined.column)
    if joined.column != target.draws.column {
      fill(data, target.draws, counts.0)
      pool.release(target.draws)
    }
    fill(data + counts.0, strand.draws, counts.1)
    pool.release(strand.draws)
    let offsets = (UInt64(target.drawOffset), UInt64(strand.drawOffset))
    if offsets.0 != 0 { for row in 0..<counts.0 { data[row] &+= offsets.0 } }
    if offsets.1 != 0 { for row in counts.0..<(counts.0 + counts.1) { data[row] &+= offsets.1 } }
    target.draws = joined
    target.drawOffset = 0
  }
}
