import BorelHeap
import BorelIR
import BorelKernels

/// What merging did: the new lane of each former lane, and the share of the new lane's mass that
/// it brought.
package struct MergedLanes {
  package var lanes: [Int32]
  package var shares: [Double]
}

extension Machine {
  /// Merges lanes that stand at the same point with equal live state into one lane whose weight is
  /// the sum of theirs. Tallies, which the program never reads, become their weighted mean.
  /// Lanes are numbered anew.
  package func mergeEqualLanes() -> MergedLanes {
    let strands = ready.strands + suspended
    var logWeights = [Double](repeating: -.infinity, count: laneCount)
    var groups: [LaneState: Int32] = [:]
    var nodeOf = [Int32](repeating: 0, count: laneCount)
    var representatives: [Int32] = []
    for (index, strand) in strands.enumerated() {
      for row in 0..<strand.count {
        let lane = laneNumber(strand, row: row)
        logWeights[lane] = Double(bitPattern: pool.word(strand.weight, row: row))
        let state = LaneState(machine: self, strand: strand, strandIndex: index, row: row)
        if let node = groups[state] {
          nodeOf[lane] = node
        } else {
          let node = Int32(representatives.count)
          groups[state] = node
          nodeOf[lane] = node
          representatives.append(Int32(lane))
        }
      }
    }
    let nodeWeights = Self.logSums(logWeights, nodeOf, representatives.count)
    let shares = logWeights.indices.map { lane in
      let total = nodeWeights[Int(nodeOf[lane])]
      return total == -.infinity ? 0 : borel_exp(logWeights[lane] - total)
    }
    if representatives.count < laneCount {
      let tallies = (0..<program.source.tallies.count).map { number in
        meanTallies(strands, number, nodeOf, shares, representatives.count)
      }
      keepLanes(representatives)
      setMerged(nodeWeights, tallies)
    }
    return MergedLanes(lanes: nodeOf, shares: shares)
  }

  /// Log-weights of all lanes, those at forks that have just been expanded included.
  package func logWeightsAfterFork() -> [Double] {
    var weights = [Double](repeating: -.infinity, count: laneCount)
    for strand in ready.strands + suspended {
      for row in 0..<strand.count {
        weights[laneNumber(strand, row: row)] = Double(
          bitPattern: pool.word(strand.weight, row: row))
      }
    }
    return weights
  }

  private static func logSums(
    _ logWeights: [Double], _ nodeOf: [Int32], _ count: Int
  ) -> [Double] {
    var maxima = [Double](repeating: -.infinity, count: count)
    for (lane, weight) in logWeights.enumerated() {
      maxima[Int(nodeOf[lane])] = max(maxima[Int(nodeOf[lane])], weight)
    }
    var sums = [Double](repeating: 0, count: count)
    for (lane, weight) in logWeights.enumerated() where weight > -.infinity {
      let node = Int(nodeOf[lane])
      sums[node] += borel_exp(weight - maxima[node])
    }
    return sums.indices.map {
      maxima[$0] == -.infinity ? -.infinity : maxima[$0] + borel_log(sums[$0])
    }
  }

  private func meanTallies(
    _ strands: [Strand], _ number: Int, _ nodeOf: [Int32], _ shares: [Double], _ count: Int
  ) -> [Double] {
    var means = [Double](repeating: 0, count: count)
    for strand in strands {
      for row in 0..<strand.count {
        let lane = laneNumber(strand, row: row)
        let sum = Double(bitPattern: pool.word(strand.tallies[number], row: row))
        if shares[lane] > 0 { means[Int(nodeOf[lane])] += shares[lane] * sum }
      }
    }
    return means
  }

  private func setMerged(_ weights: [Double], _ tallies: [[Double]]) {
    for strand in ready.strands + suspended {
      materialiseWeight(strand)
      let column = pool.data(strand.weight.column)
      for row in 0..<strand.count {
        column[row] = weights[laneNumber(strand, row: row)].bitPattern
      }
      for (number, sums) in tallies.enumerated() {
        let sumColumn = pool.make(count: strand.count)
        for row in 0..<strand.count {
          pool.data(sumColumn)[row] = sums[laneNumber(strand, row: row)].bitPattern
        }
        pool.release(strand.tallies[number])
        strand.tallies[number] = Slot(column: sumColumn)
      }
    }
  }

  /// Keeps some lanes, ascending, and numbers them anew.
  package func keepLanes(_ kept: [Int32]) {
    var newNumber = [Int32](repeating: -1, count: laneCount)
    for (number, lane) in kept.enumerated() { newNumber[Int(lane)] = Int32(number) }
    func filter(_ strands: [Strand]) -> [Strand] {
      strands.compactMap { strand in
        let rows = (0..<strand.count).filter { newNumber[laneNumber(strand, row: $0)] >= 0 }
        if rows.isEmpty {
          release(strand)
          return nil
        }
        let numbers = rows.map { newNumber[laneNumber(strand, row: $0)] }
        let part = select(strand, rows.map { Int32($0) })
        release(strand)
        pool.release(part.lanes)
        let isContiguous = numbers.indices.allSatisfy { numbers[$0] == numbers[0] + Int32($0) }
        part.lanes = isContiguous ? Slot(uniform: UInt64(numbers[0])) : column(of: numbers)
        return part
      }
    }
    replaceReady(filter(ready.strands))
    suspended = filter(suspended)
    laneCount = kept.count
    lanesPerGroup = max(laneCount, 1)
  }
}

/// The live state of one lane as a key: where it stands and what it will still read.
private struct LaneState: Hashable {
  let machine: Machine
  let strand: Strand
  let strandIndex: Int
  let row: Int
  private let hash: UInt64

  init(machine: Machine, strand: Strand, strandIndex: Int, row: Int) {
    self.machine = machine
    self.strand = strand
    self.strandIndex = strandIndex
    self.row = row
    hash = Self.hash(machine, strand, row)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }

  private static func isReturned(_ strand: Strand) -> Bool {
    if case .returned = strand.state { true } else { false }
  }

  private static func types(_ machine: Machine, _ strand: Strand) -> [Bool] {
    let function = machine.program.functions[strand.function]
    if isReturned(strand) {
      return machine.program.source.functions[strand.function].results.map(\.isHandle)
    }
    return function.isHandle
  }

  private static func hash(_ machine: Machine, _ strand: Strand, _ row: Int) -> UInt64 {
    var hash = isReturned(strand) ? 1 : UInt64(strand.function) << 32 ^ UInt64(strand.block)
    func mix(_ word: UInt64, _ isHandle: Bool) {
      var word = word
      let bits = withUnsafePointer(to: &word) {
        structuralHash($0, count: 1, pointerMask: isHandle ? 1 : 0)
      }
      hash = (hash ^ bits) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 31
    }
    let isHandle = types(machine, strand)
    let live = machine.liveRegisters(of: strand)
    for k in 0..<live.count {
      mix(machine.pool.word(strand.registers[live[k]], row: row), isHandle[live[k]])
    }
    mix(machine.pool.word(strand.memo, row: row), true)
    var frame = strand.frame
    var rowInFrame =
      frame == nil || strand.frameRows.isUniform
      ? row : Int(machine.pool.word(strand.frameRows, row: row))
    var depth = 0
    while let current = frame, depth < 32 {
      let function = machine.program.functions[Int(current.function)]
      let saved = function.blocks[Int(current.block)].terminator.pointee.continuation.pointee.saved
      mix(UInt64(current.block), false)
      for k in 0..<saved.count {
        mix(machine.pool.word(current.saved[k], row: rowInFrame), function.isHandle[saved[k]])
      }
      if !current.parentRows.isUniform {
        rowInFrame = Int(machine.pool.word(current.parentRows, row: rowInFrame))
      }
      frame = current.parent
      depth += 1
    }
    return hash
  }

  static func == (a: LaneState, b: LaneState) -> Bool {
    guard a.hash == b.hash, isReturned(a.strand) == isReturned(b.strand) else { return false }
    let pool = a.machine.pool
    if !isReturned(a.strand) {
      guard a.strand.function == b.strand.function, a.strand.block == b.strand.block else {
        return false
      }
    }
    let isHandle = types(a.machine, a.strand)
    let live = a.machine.liveRegisters(of: a.strand)
    for k in 0..<live.count {
      let register = live[k]
      guard
        wordsAgree(
          pool.word(a.strand.registers[register], row: a.row),
          pool.word(b.strand.registers[register], row: b.row), isHandle[register])
      else { return false }
    }
    guard
      wordsAgree(
        pool.word(a.strand.memo, row: a.row), pool.word(b.strand.memo, row: b.row), true)
    else { return false }
    return framesAgree(a, b)
  }

  private static func framesAgree(_ a: LaneState, _ b: LaneState) -> Bool {
    let machine = a.machine
    let pool = machine.pool
    var (first, second) = (a.strand.frame, b.strand.frame)
    if first == nil || second == nil { return first == nil && second == nil }
    var rowA = a.strand.frameRows.isUniform ? a.row : Int(pool.word(a.strand.frameRows, row: a.row))
    var rowB = b.strand.frameRows.isUniform ? b.row : Int(pool.word(b.strand.frameRows, row: b.row))
    while let x = first, let y = second {
      if x === y, rowA == rowB { return true }
      guard x.function == y.function, x.block == y.block else { return false }
      let function = machine.program.functions[Int(x.function)]
      let saved = function.blocks[Int(x.block)].terminator.pointee.continuation.pointee.saved
      for k in 0..<saved.count {
        guard
          wordsAgree(
            pool.word(x.saved[k], row: rowA), pool.word(y.saved[k], row: rowB),
            function.isHandle[saved[k]])
        else { return false }
      }
      if !x.parentRows.isUniform { rowA = Int(pool.word(x.parentRows, row: rowA)) }
      if !y.parentRows.isUniform { rowB = Int(pool.word(y.parentRows, row: rowB)) }
      first = x.parent
      second = y.parent
    }
    return first == nil && second == nil
  }

  private static func wordsAgree(_ a: UInt64, _ b: UInt64, _ isHandle: Bool) -> Bool {
    a == b || (isHandle && structurallyEqual(Object(bits: a), Object(bits: b)))
  }
}
