import BorelHeap
import BorelIR

extension Machine {
  /// Makes the weight of every lane zero whose replay left choices of its row over, or that did not
  /// end in the state of lane `targets[k]` of a population.
  ///
  /// Live words that are integers, Bools or strings are compared; the others follow from the
  /// step's own choices or are shared (`MarkovStructure`), so they are equal.
  ///
  /// - Parameter end: The states that the repeated choices led to; nil when only the choices count.
  package func checkReplayEnd(
    _ replay: ChoiceReplay, rows: UnsafePointer<Int32>, end: PopulationSnapshot?,
    targets: UnsafePointer<Int32>
  ) {
    for strand in suspended {
      checkCounts(strand, replay.table, rows)
      if let end { checkStates(strand, end, targets) }
    }
  }

  private func kill(_ strand: Strand, row: Int) {
    ownWeight(strand)
    pool.data(strand.weight.column)[row] = (-Double.infinity).bitPattern
    strand.mayHaveDeadLanes = true
  }

  private func checkCounts(
    _ strand: Strand, _ table: ChoiceTable, _ rows: UnsafePointer<Int32>
  ) {
    if strand.draws.isUniform, table.hasEqualCounts {
      if drawsUsed(strand, row: 0) != table.drawsUsed(0) { setWeight(strand, to: -.infinity) }
      return
    }
    for row in 0..<strand.count
    where drawsUsed(strand, row: row)
      != table.drawsUsed(Int(rows[laneNumber(strand, row: row)]))
    {
      kill(strand, row: row)
    }
  }

  private func checkStates(
    _ strand: Strand, _ end: PopulationSnapshot, _ targets: UnsafePointer<Int32>
  ) {
    if strand.isContiguous, end.strandOf.isEmpty, let other = end.strands.first,
      stand(strand, other)
    {
      compare(strand, other, end.machine.pool) { _ in
        true
      } row: { row in
        Int(targets[Int(strand.lanes.bits) + row])
      }
      return
    }
    for (index, other) in end.strands.enumerated() {
      let isHere = { (row: Int) -> Bool in
        let target = Int(targets[self.laneNumber(strand, row: row)])
        return end.strandOf.isEmpty ? index == 0 : end.strandOf[target] == Int32(index)
      }
      guard stand(strand, other) else {
        for row in 0..<strand.count where isHere(row) { kill(strand, row: row) }
        continue
      }
      compare(strand, other, end.machine.pool, where: isHere) { row in
        let target = Int(targets[self.laneNumber(strand, row: row)])
        return end.rowOf.isEmpty ? target : Int(end.rowOf[target])
      }
    }
  }

  /// Whether two strands wait at the same point.
  private func stand(_ a: Strand, _ b: Strand) -> Bool {
    switch (a.state, b.state) {
    case (.returned, .returned): true
    case (.checkpoint(let first), .checkpoint(let second)):
      first == second && a.function == b.function && a.block == b.block
    default: false
    }
  }

  private func compare(
    _ strand: Strand, _ other: Strand, _ otherPool: ColumnPool,
    where isIncluded: (Int) -> Bool, row otherRow: (Int) -> Int
  ) {
    if case .returned = strand.state { return }
    let types = program.functions[strand.function].types
    let live = liveRegisters(of: strand)
    for k in 0..<live.count where types[live[k]].isDiscrete {
      let (a, b) = (strand.registers[live[k]], other.registers[live[k]])
      if a.isUniform, b.isUniform, a.bits == b.bits { continue }
      for row in 0..<strand.count
      where isIncluded(row)
        && pool.word(a, row: row) != otherPool.word(b, row: otherRow(row))
      {
        kill(strand, row: row)
      }
    }
  }
}
