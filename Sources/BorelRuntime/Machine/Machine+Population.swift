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
      if strand.weight.isUniform { ownWeight(strand) }
      let weights = pool.data(strand.weight.column)
      for row in 0..<strand.count
      where isReset[laneNumber(strand, row: row) / lanesPerGroup] {
        weights[row] = value.bitPattern
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
      let rows = Array(UnsafeBufferPointer(start: ancestors, count: count))
      let next = select(strand, rows, lanes: Slot(uniform: 0))
      release(strand)
      suspended = [next]
    } else {
      replaceLanesOfStrands(by: ancestors, count: count)
    }
    laneCount = count
    deadLanes.removeAll()
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
      for row in 0..<strand.count {
        let lane = laneNumber(strand, row: row)
        present[lane] = true
        for k in 0..<min(width, strand.resultCount) {
          columns[k][lane] = pool.word(strand.registers[k], row: row)
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
    ready.last?.memo = Slot(uniform: memo)
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

  /// Words of an emission by row: the lanes (empty when they are contiguous), the loop counters
  /// (one when it is the same for all), the values.
  package func read(_ emission: Emission) -> (lanes: [Int], loops: [[Int64]], values: [[UInt64]]) {
    let count = emission.count
    func words(_ slot: Slot) -> [UInt64] {
      slot.isUniform
        ? [UInt64](repeating: slot.bits, count: count)
        : Array(UnsafeBufferPointer(start: pool.data(slot.column), count: count))
    }
    let lanes = emission.lanes.isUniform ? [] : words(emission.lanes).map { Int($0) }
    return (
      lanes,
      emission.loops.map {
        $0.isUniform
          ? [Int64(bitPattern: $0.bits)] : words($0).map { Int64(bitPattern: $0) }
      }, emission.values.map(words)
    )
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
