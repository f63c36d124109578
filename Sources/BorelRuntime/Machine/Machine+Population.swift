import BorelHeap
import BorelIR
import BorelKernels

extension Machine {
  /// Log-weights of all lanes, by lane number; lanes that have stopped have `-infinity`.
  package func readLogWeights(into weights: UnsafeMutablePointer<Double>) {
    weights.update(repeating: -.infinity, count: laneCount)
    for strand in suspended {
      let uniform = Double(bitPattern: strand.weight.bits)
      let column =
        strand.weight.isUniform
        ? nil
        : UnsafeMutableRawPointer(pool.data(strand.weight.column))
          .assumingMemoryBound(to: Double.self)
      if strand.lanes.isUniform {
        let first = weights + Int(strand.lanes.bits)
        if let column {
          first.update(from: column, count: strand.count)
        } else {
          first.update(repeating: uniform, count: strand.count)
        }
      } else {
        let lanes = pool.data(strand.lanes.column)
        for row in 0..<strand.count { weights[Int(lanes[row])] = column?[row] ?? uniform }
      }
    }
  }

  /// The log-weights without a copy, when one strand holds all lanes in order.
  package var contiguousLogWeights: UnsafePointer<Double>? {
    guard suspended.count == 1, let strand = suspended.first, strand.count == laneCount,
      strand.lanes.isUniform, !strand.weight.isUniform
    else { return nil }
    return UnsafePointer(
      UnsafeMutableRawPointer(pool.data(strand.weight.column)).assumingMemoryBound(
        to: Double.self))
  }

  /// Sets the log-weight of every lane that has a state, in groups where `isReset` holds.
  package func resetLogWeights(to value: Double = 0, groups isReset: [Bool]? = nil) {
    for strand in suspended {
      guard let isReset, !isReset.allSatisfy({ $0 }) else {
        setWeight(strand, to: value)
        strand.mayHaveDeadLanes = false
        continue
      }
      materialiseWeight(strand)
      let weights = pool.data(strand.weight.column)
      if strand.lanes.isUniform {
        let first = Int(strand.lanes.bits)
        var row = 0
        while row < strand.count {
          let group = (first + row) / lanesPerGroup
          let end = min((group + 1) * lanesPerGroup - first, strand.count)
          if isReset[group] {
            (weights + row).update(repeating: value.bitPattern, count: end - row)
          }
          row = end
        }
        continue
      }
      for row in 0..<strand.count
      where isReset[laneNumber(strand, row: row) / lanesPerGroup] {
        weights[row] = value.bitPattern
      }
    }
  }

  /// Sets the log-weight of every lane that has a state.
  ///
  /// - Parameter values: By lane number, shape `[laneCount]`; not NaN.
  package func setLogWeights(_ values: UnsafePointer<Double>) {
    for strand in suspended {
      ownWeight(strand)
      let weights = pool.data(strand.weight.column)
      for row in 0..<strand.count {
        let value = values[laneNumber(strand, row: row)]
        weights[row] = value.bitPattern
        if value == -.infinity { strand.mayHaveDeadLanes = true }
      }
    }
  }

  /// Replaces every lane by a copy of another one: lane `i` goes on from the state of lane
  /// `ancestors[i]`. Only live columns are gathered.
  ///
  /// - Parameter keepsWeights: Whether log-weights travel with the states; they are set to 0
  ///   otherwise.
  /// - Precondition: every ancestor has a state (its weight was positive).
  package func replaceLanes(
    by ancestors: UnsafePointer<Int32>, count: Int, keepsWeights: Bool = true
  ) {
    if !keepsWeights { resetLogWeights() }
    if suspended.count == 1, let strand = suspended.first, strand.lanes.isUniform,
      strand.lanes.bits == 0, strand.count == laneCount
    {
      gather(strand, ancestors, count: count)
    } else if suspended.count == 1, let strand = suspended.first, strand.count == laneCount {
      gatherUnordered(strand, ancestors, count: count)
    } else {
      replaceLanesOfStrands(by: ancestors, count: count)
    }
    laneCount = count
    deadLanes.removeAll(keepingCapacity: true)
  }

  /// The rows of a strand become copies of some of its rows. Registers that share a column share
  /// the copy.
  private func gather(_ strand: Strand, _ rows: UnsafePointer<Int32>, count: Int) {
    let live = liveRegisters(of: strand)
    let others = 5 + strand.tallies.count + strand.outerPaths.count
    withUnsafeTemporaryAllocation(
      of: (old: Int32, new: Int32).self, capacity: live.count + others
    ) { pairs in
      var pairCount = 0
      func gathered(_ slot: Slot) -> Slot {
        if slot.isUniform { return slot }
        for k in 0..<pairCount where pairs[k].old == slot.column {
          pool.retain(pairs[k].new)
          pool.release(slot.column)
          return Slot(column: pairs[k].new)
        }
        let column = pool.make(count: count)
        gatherColumn(pool.data(column), pool.data(slot.column), rows, count)
        pairs[pairCount] = (slot.column, column)
        pairCount += 1
        // The reference goes at the end, so that the number is not given to another column before.
        return Slot(column: column)
      }
      for k in 0..<live.count {
        strand.registers[live[k]] = gathered(strand.registers[live[k]])
      }
      if strand.frame != nil {
        if strand.frameRows.isUniform {
          let column = pool.make(count: count)
          let target = pool.data(column)
          for row in 0..<count { target[row] = UInt64(truncatingIfNeeded: rows[row]) }
          strand.frameRows = Slot(column: column)
        } else {
          strand.frameRows = gathered(strand.frameRows)
        }
      }
      strand.weight = gathered(strand.weight)
      strand.draws = gathered(strand.draws)
      strand.memo = gathered(strand.memo)
      if tracksAddresses {
        strand.path = gathered(strand.path)
        for index in strand.outerPaths.indices {
          strand.outerPaths[index] = gathered(strand.outerPaths[index])
        }
      }
      for index in strand.tallies.indices {
        strand.tallies[index] = gathered(strand.tallies[index])
      }
      for k in 0..<pairCount { pool.release(pairs[k].old) }
    }
    strand.count = count
  }

  /// The same for a strand with all lanes in some other order, which ends here.
  private func gatherUnordered(
    _ strand: Strand, _ ancestors: UnsafePointer<Int32>, count: Int
  ) {
    splitRows.reserve(max(strand.count, count))
    let (rowOfLane, rows) = (splitRows.first, splitRows.second)
    for row in 0..<strand.count {
      rowOfLane[laneNumber(strand, row: row)] = Int32(truncatingIfNeeded: row)
    }
    borel_gather32(Int64(count), rows, rowOfLane, ancestors)
    gather(strand, rows, count: count)
    pool.release(strand.lanes)
    strand.lanes = Slot(uniform: 0)
  }

  private func gatherColumn(
    _ target: UnsafeMutablePointer<UInt64>, _ source: UnsafeMutablePointer<UInt64>,
    _ rows: UnsafePointer<Int32>, _ count: Int
  ) {
    let threads = options.threads
    if threads < 2 || count < 16_384 * threads {
      borel_gather64(Int64(count), target, source, rows)
      return
    }
    let (to, from, index) = (Unchecked(target), Unchecked(source), Unchecked(rows))
    WorkerPool.shared.run(count: threads) { worker in
      let first = count * worker / threads
      let last = count * (worker + 1) / threads
      borel_gather64(
        Int64(last - first), to.value + first, from.value, index.value + first)
    }
  }

  private func replaceLanesOfStrands(by ancestors: UnsafePointer<Int32>, count: Int) {
    var strandOf = [Int32](repeating: -1, count: laneCount)
    var rowOf = [Int32](repeating: 0, count: laneCount)
    for (index, strand) in suspended.enumerated() {
      for row in 0..<strand.count {
        let lane = laneNumber(strand, row: row)
        strandOf[lane] = Int32(index)
        rowOf[lane] = Int32(row)
      }
    }
    var rows = [[Int32]](repeating: [], count: suspended.count)
    var lanes = rows
    for lane in 0..<count {
      let ancestor = Int(ancestors[lane])
      let index = Int(strandOf[ancestor])
      if index < 0 { continue }
      rows[index].append(rowOf[ancestor])
      lanes[index].append(Int32(lane))
    }
    var next: [Strand] = []
    for (index, strand) in suspended.enumerated() {
      if !rows[index].isEmpty {
        let isContiguous = lanes[index].indices.allSatisfy {
          lanes[index][$0] == lanes[index][0] + Int32($0)
        }
        next.append(
          select(
            strand, rows[index],
            lanes: isContiguous
              ? Slot(uniform: UInt64(lanes[index][0])) : column(of: lanes[index])))
      }
      release(strand)
    }
    suspended = next
  }

  /// The result words of every lane, by lane number: one column per word. Lanes without a result
  /// have zero words and are not in `present`.
  package func results(width: Int) -> (columns: [[UInt64]], present: [Bool]) {
    var columns = Array(repeating: [UInt64](repeating: 0, count: laneCount), count: width)
    var present = [Bool](repeating: false, count: laneCount)
    for strand in suspended {
      guard case .returned = strand.state else { continue }
      let lanes = strand.lanes.isUniform ? nil : UnsafePointer(pool.data(strand.lanes.column))
      let first = Int(strand.lanes.bits)
      present.withUnsafeMutableBufferPointer { present in
        if let lanes {
          for row in 0..<strand.count { present[Int(lanes[row])] = true }
        } else {
          for row in 0..<strand.count { present[first + row] = true }
        }
      }
      for k in 0..<min(width, strand.resultCount) {
        let slot = strand.registers[k]
        columns[k].withUnsafeMutableBufferPointer { target in
          guard let target = target.baseAddress else { return }
          let source = slot.isUniform ? nil : UnsafePointer(pool.data(slot.column))
          if let lanes {
            for row in 0..<strand.count { target[Int(lanes[row])] = source?[row] ?? slot.bits }
          } else if let source {
            (target + first).update(from: source, count: strand.count)
          } else {
            (target + first).update(repeating: slot.bits, count: strand.count)
          }
        }
      }
    }
    return (columns, present)
  }

  /// Starts a function whose lanes remember what memoised functions have drawn before.
  ///
  /// - Parameter memo: What `memo` of another machine was; 0 for nothing.
  package func start(function: FunctionID, arguments: [UInt64], memo: UInt64) {
    start(function: function, arguments: arguments)
    ready.strands.last?.memo = Slot(uniform: memo)
  }

  /// What the memoised functions of the first lane have drawn, when it has returned.
  package var memo: UInt64 {
    suspended.first.map { pool.word($0.memo, row: 0) } ?? 0
  }

  /// The sums of a tally by lane number.
  package func tally(_ number: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: laneCount)
    for strand in suspended {
      for row in 0..<strand.count {
        sums[laneNumber(strand, row: row)] = Double(
          bitPattern: pool.word(strand.tallies[number], row: row))
      }
    }
    return sums
  }

  /// The number of loop counters of an emission.
  package func loopCount(of emission: Emission) -> Int { emission.loops.count }

  /// The lanes of an emission by row (empty when they are contiguous), and the loop counters
  /// (one when it is the same for all).
  package func place(of emission: Emission) -> (lanes: [Int32], loops: [[Int64]]) {
    let rows = 0..<emission.count
    let lanes =
      emission.lanes.isUniform
      ? []
      : rows.map { Int32(truncatingIfNeeded: pool.data(emission.lanes.column)[$0]) }
    let loops = emission.loops.map { slot in
      slot.isUniform
        ? [Int64(bitPattern: slot.bits)]
        : rows.map { Int64(bitPattern: pool.data(slot.column)[$0]) }
    }
    return (lanes, loops)
  }

  /// All words of an emission by row: the lanes (empty when they are contiguous), the loop counters
  /// (one when it is the same for all), the values.
  package func read(
    _ emission: Emission
  ) -> (lanes: [Int32], loops: [[Int64]], values: [[UInt64]]) {
    let count = emission.count
    let (lanes, loops) = place(of: emission)
    let values = emission.values.map { slot in
      slot.isUniform
        ? [UInt64](repeating: slot.bits, count: count)
        : Array(UnsafeBufferPointer(start: pool.data(slot.column), count: count))
    }
    return (lanes, loops, values)
  }

  /// The words of an emission by row. Columns are kept instead of copied, except handles, which a
  /// collection moves.
  package func reportColumns(of emission: Emission) -> [ReportColumn] {
    let types = program.reportTypes[emission.report]
    return emission.values.indices.map { k in
      let slot = emission.values[k]
      if slot.isUniform { return ReportColumn(uniform: slot.bits) }
      if types[k].isHandle {
        return ReportColumn(
          Array(UnsafeBufferPointer(start: pool.data(slot.column), count: emission.count)))
      }
      pool.retain(slot)
      return ReportColumn(column: slot.column, of: pool)
    }
  }

  /// Hands the emissions of this generation over to the caller, who gives their columns back.
  func takeEmissions() -> [Emission] {
    let taken = emissions
    emissions = []
    return taken
  }

  /// Gives back the columns of the emissions of this generation.
  package func discardEmissions() {
    for emission in emissions {
      for slot in emission.loops + emission.values { pool.release(slot) }
      pool.release(emission.lanes)
    }
    emissions.removeAll()
  }
}
