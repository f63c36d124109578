import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

extension BlockRun {
  /// The random streams of some rows of the block, at a draw number of the strand.
  func streams(draw: UInt32, rows: Range<Int>) -> LaneStreams {
    let from = start + rows.lowerBound
    let count = rows.count
    let width = context.lanesPerGroup
    let number = context.firstLane + from
    let group = context.groupCount == 1 ? 0 : number / width
    let hasOneGroup =
      context.groupCount == 1 || context.lanes == nil && (number + count - 1) / width == group
    let keys = context.groupKeys + group
    let lane = number - group * width
    if let draws = context.draws {
      for k in 0..<count {
        worker.draws[k] = UInt32(truncatingIfNeeded: draws[from + k]) &+ draw
      }
    } else {
      worker.draws[0] = context.drawBase &+ draw
    }
    let drawStride = context.draws == nil ? 0 : 1
    if context.lanes == nil, hasOneGroup, lane & 15 == 0 {
      return LaneStreams(
        keys: keys, keyStride: 0, lanes: nil, firstLane: UInt32(lane),
        generation: context.generation, draws: worker.draws, drawStride: drawStride)
    }
    if hasOneGroup {
      for k in 0..<count {
        worker.lanes[k] = UInt32(
          truncatingIfNeeded: context.lanes.map { $0[from + k] } ?? UInt64(lane + k))
      }
    } else {
      for k in 0..<count {
        let number = context.lanes.map { Int($0[from + k]) } ?? number + k
        let group = number / width
        worker.lanes[k] = UInt32(number - group * width)
        worker.keys[k] = context.groupKeys[group]
      }
    }
    return LaneStreams(
      keys: hasOneGroup ? keys : UnsafePointer(worker.keys),
      keyStride: hasOneGroup ? 0 : 1, lanes: UnsafePointer(worker.lanes), firstLane: 0,
      generation: context.generation, draws: worker.draws, drawStride: drawStride)
  }

  func withParameters<Result>(
    _ operation: UnsafeMutablePointer<TracedOperation>, count parameterCount: Int, row: Int = 0,
    _ body: (UnsafePointer<ColumnOperand>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: parameterCount + 1) { views in
      for k in 0..<parameterCount {
        let view = operand(operation.pointee.operands + k)
        views[k] = ColumnOperand(base: view.base + row * view.stride, stride: view.stride)
      }
      return body(UnsafePointer(views.baseAddress.unsafelyUnwrapped))
    }
  }

  /// Rows that may be drawn or scored: nil for all, else the live ones with parameters in their
  /// domains. Live rows with parameters outside fail.
  mutating func admissibleRows(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ use: DistributionUse
  ) -> [Int]? {
    var isVarying = false
    for k in 0..<use.parameterCount where operand(operation.pointee.operands + k).stride != 0 {
      isVarying = true
    }
    if !isVarying { return nil }
    let count = self.count
    let isSure = use.surelyContains(
      count: count, { operand(operation.pointee.operands + $0) },
      unless: { use.domains[$0] == .finite && $1.base == finiteResult })
    if isSure { return nil }
    let outside = withParameters(operation, count: use.parameterCount) {
      use.rowsOutside(count: count, $0)
    }
    if outside.isEmpty { return nil }
    var rows: [Int] = []
    for row in 0..<count {
      if isDead(row) { continue }
      if outside.contains(row) { fail(row, index) } else { rows.append(row) }
    }
    return rows
  }

  mutating func runSample(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int) {
    if operation.pointee.choice >= 0, let tape = machine.tape {
      runChoice(operation, index, tape)
    } else if let replay = machine.replay {
      replaySample(operation, index, replay)
    } else {
      drawSample(operation, index, machine.program.uses[operation.pointee.payload])
    }
  }

  mutating func drawSample(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ use: DistributionUse
  ) {
    let width = use.layout.count
    if let rows = admissibleRows(operation, index, use) {
      for k in 0..<width {
        result(operation.pointee.results + k).update(repeating: 0, count: count)
      }
      for row in rows { draw(operation, index, use, rows: row..<(row + 1)) }
    } else {
      draw(operation, index, use, rows: 0..<count)
    }
    if use.isOptional { keepPresentData(operation, use) }
  }

  /// Draws for some rows; live rows where a sampler of the app fails stop.
  mutating func draw(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ use: DistributionUse,
    rows: Range<Int>
  ) {
    draw(operation, use, rows: rows)
    if worker.arena.hostProblem == nil { return }
    for row in rows {
      worker.arena.hostProblem = nil
      draw(operation, use, rows: row..<(row + 1))
      if let problem = worker.arena.hostProblem, !isDead(row) {
        fail(row, index, isNaN: true, problem: problem)
      }
    }
    worker.arena.hostProblem = nil
  }

  private func draw(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse, rows: Range<Int>
  ) {
    if let choices = machine.choices {
      return chooseValues(operation, use, rows: rows, from: choices)
    }
    // Kernels are for lanes of one group with one draw number.
    if context.groupCount > 1, context.lanes == nil, context.draws == nil,
      context.lanesPerGroup >= Self.fewestLanes
    {
      var next = rows.lowerBound
      while next < rows.upperBound {
        let lane = (context.firstLane + start + next) % context.lanesPerGroup
        let end = min(next + context.lanesPerGroup - lane, rows.upperBound)
        drawColumns(operation, use, rows: next..<end)
        next = end
      }
    } else {
      drawColumns(operation, use, rows: rows)
    }
  }

  /// Fewer lanes of a group are not worth a call of their own.
  private static let fewestLanes = 16

  private func drawColumns(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse, rows: Range<Int>
  ) {
    let streams = streams(draw: operation.pointee.draw, rows: rows)
    machine.counterLog?.record(streams.counters(rows.count))
    withParameters(operation, count: use.parameterCount, row: rows.lowerBound) { views in
      withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<UInt64>.self, capacity: use.layout.count + 1
      ) { targets in
        for k in 0..<use.layout.count {
          targets[k] = result(operation.pointee.results + k) + rows.lowerBound
        }
        let into = UnsafePointer(targets.baseAddress.unsafelyUnwrapped)
        use.draw(count: rows.count, views, streams, arena: worker.arena, into: into)
      }
    }
  }

  /// In an observation that may be missing, rows with a datum take it instead of the draw.
  func keepPresentData(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse
  ) {
    let flag = operand(operation.pointee.operands + use.parameterCount)
    for k in 0..<use.layout.count {
      let datum = operand(operation.pointee.operands + use.parameterCount + 1 + k)
      let target = result(operation.pointee.results + k)
      for row in 0..<count where flag.bool(row) { target[row] = datum.word(row) }
    }
  }

  mutating func runScore(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int) {
    guard let weight = context.weight else { return }
    let use = machine.program.uses[operation.pointee.payload]
    let flag =
      use.isOptional
      ? operand(operation.pointee.operands + use.parameterCount) : nil
    let isMasked = flag.map { $0.stride != 0 } ?? false
    let mixtures = mixtures(operation, use)
    let rows = mixtures == nil ? admissibleRows(operation, index, use) : nil
    let block = weight + start
    if rows == nil, !hasDeadLanes, !isMasked {
      score(operation, use, mixtures, rows: 0..<count, into: block)
      if borel_all_above_minus_infinity(Int64(count), block) != 0 { return }
      for row in 0..<count {
        if block[row].isNaN {
          fail(row, index, isNaN: true)
        } else if block[row] == -.infinity {
          noteKill(row, index)
        }
      }
      return
    }
    let partial = worker.partial
    partial.update(repeating: 0, count: count)
    if let rows {
      for row in rows { score(operation, use, nil, rows: row..<(row + 1), into: partial + row) }
    } else {
      score(operation, use, mixtures, rows: 0..<count, into: partial)
    }
    mergeWeights(index) { row in
      isMasked && !(flag?.bool(row) ?? true) ? 0 : partial[row]
    }
  }

  /// The mixtures of all rows, laid out once for all observations that share them; nil when the
  /// distribution is none or cannot be laid out, or when a live row has a wrong one.
  private func mixtures(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse
  ) -> MixtureColumns? {
    guard use.mayBeMixture else { return nil }
    let mixtures = worker.mixtures
    let isLaidOut = withParameters(operation, count: use.parameterCount) {
      mixtures.layOut(count: count, parameters: $0, areBoxes: use.type == nil)
    }
    return isLaidOut && mixtures.unfit.allSatisfy(isDead) ? mixtures : nil
  }

  /// Adds the log-densities of some rows; those of all rows by their mixtures, if they are known.
  private func score(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse,
    _ mixtures: MixtureColumns?, rows: Range<Int>, into logWeights: UnsafeMutablePointer<Double>
  ) {
    let first = operation.pointee.operands + use.parameterCount + (use.isOptional ? 1 : 0)
    let width = use.layout.count
    withParameters(operation, count: use.parameterCount, row: rows.lowerBound) { parameters in
      withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: width + 1) { values in
        for k in 0..<width {
          let view = operand(first + k)
          values[k] = ColumnOperand(
            base: view.base + rows.lowerBound * view.stride, stride: view.stride)
        }
        if let mixtures {
          mixtures.accumulate(values[0], into: logWeights)
          return
        }
        use.addLogDensity(
          UnsafePointer(values.baseAddress.unsafelyUnwrapped), parameters, count: rows.count,
          into: logWeights)
      }
    }
  }

  /// Adds the log-densities of the results of some rows.
  func scoreResults(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse, rows: Range<Int>,
    into logDensities: UnsafeMutablePointer<Double>
  ) {
    let width = use.layout.count
    withParameters(operation, count: use.parameterCount, row: rows.lowerBound) { parameters in
      withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: width + 1) { values in
        for k in 0..<width {
          values[k] = ColumnOperand(
            base: result(operation.pointee.results + k) + rows.lowerBound, stride: 1)
        }
        use.addLogDensity(
          UnsafePointer(values.baseAddress.unsafelyUnwrapped), parameters, count: rows.count,
          into: logDensities)
      }
    }
  }
}
