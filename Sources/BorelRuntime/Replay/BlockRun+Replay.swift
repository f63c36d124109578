import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

extension BlockRun {
  /// Lets the lanes of the block repeat a choice, or draw it where they do not.
  mutating func replaySample(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ replay: ChoiceReplay
  ) {
    let use = machine.program.uses[operation.pointee.payload]
    guard let rows = replay.rows else {
      if machine.choices == nil {
        drawSample(operation, index, use)
      } else {
        // Choices that are answered from outside must not be asked for in vain.
        for row in 0..<count where !repeats(row, operation, replay) {
          draw(operation, index, use, rows: row..<(row + 1))
        }
      }
      repeatPaths(operation, replay)
      return
    }
    let isFresh = !replay.freshNumbers.isEmpty && isFreshChoice(operation, replay)
    if isFresh { drawSample(operation, index, use) }
    repeatChoices(operation, replay, rows, use, keepsFresh: isFresh)
    if replay.noise != .none, let family = use.noise,
      !replay.valueUses.contains(operation.pointee.payload)
    {
      carryNoise(operation, index, replay, rows, use, family)
      return
    }
    if replay.scores, replay.scoredUses?.contains(operation.pointee.payload) ?? true {
      scoreRepeated(operation, index, replay, use, skipsFresh: isFresh)
    }
  }

  /// The lanes that repeat a path take its words in place of those that they have drawn.
  func repeatPaths(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ replay: ChoiceReplay
  ) {
    let use = machine.program.uses[operation.pointee.payload]
    if !replay.sharedUses.contains(operation.pointee.payload) {
      return repeatFrozen(operation, replay, use)
    }
    for row in 0..<count {
      repeatChoice(operation, row, replay, from: lane(row) / context.lanesPerGroup, use)
    }
  }

  @inline(__always)
  private func lane(_ row: Int) -> Int {
    context.lanes.map { Int($0[start + row]) } ?? context.firstLane + start + row
  }

  @inline(__always)
  private func number(_ operation: UnsafeMutablePointer<TracedOperation>, _ row: Int) -> Int {
    let base = context.draws.map { UInt32(truncatingIfNeeded: $0[start + row]) } ?? context.drawBase
    return Int(base &+ operation.pointee.draw)
  }

  private func repeats(
    _ row: Int, _ operation: UnsafeMutablePointer<TracedOperation>, _ replay: ChoiceReplay
  ) -> Bool {
    let lane = Int32(lane(row))
    return replay.sharedUses.contains(operation.pointee.payload)
      || replay.frozen.contains(lane)
  }

  private func isFreshChoice(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ replay: ChoiceReplay
  ) -> Bool {
    (0..<count).contains { replay.freshNumbers.contains(number(operation, $0)) }
  }

  private func repeatFrozen(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ replay: ChoiceReplay,
    _ use: DistributionUse
  ) {
    if context.lanes == nil {
      let first = context.firstLane + start
      for (source, lane) in replay.frozen.enumerated() {
        let row = Int(lane) - first
        if row >= 0, row < count { repeatChoice(operation, row, replay, from: source, use) }
      }
      return
    }
    for (source, frozen) in replay.frozen.enumerated() {
      for row in 0..<count where lane(row) == Int(frozen) {
        repeatChoice(operation, row, replay, from: source, use)
      }
    }
  }

  private func repeatChoice(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ row: Int, _ replay: ChoiceReplay,
    from source: Int, _ use: DistributionUse
  ) {
    let number = number(operation, row)
    for k in 0..<use.layout.count {
      if let word = replay.table.word(
        row: source, number: number, use: operation.pointee.payload, k)
      {
        result(operation.pointee.results + k)[row] = word
      } else {
        replay.hasMismatch = true
      }
    }
  }

  /// Every lane takes its words from the table; lanes whose row did not make the choice die.
  private mutating func repeatChoices(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ replay: ChoiceReplay,
    _ rows: UnsafePointer<Int32>, _ use: DistributionUse, keepsFresh: Bool
  ) {
    let payload = operation.pointee.payload
    if let schema = replay.table.schema, context.draws == nil, context.lanes == nil, !keepsFresh {
      let number = Int(context.drawBase &+ operation.pointee.draw)
      guard let entry = schema.entry(number: number, use: payload) else {
        for row in 0..<count { reject(row) }
        clear(operation, use)
        return
      }
      let first = rows + context.firstLane + start
      for k in 0..<use.layout.count {
        borel_gather64(
          Int64(count), result(operation.pointee.results + k),
          replay.table.column(entry.firstColumn + k), first)
      }
      return
    }
    for row in 0..<count {
      let number = number(operation, row)
      if keepsFresh, replay.freshNumbers.contains(number), replay.isFresh[lane(row)] { continue }
      let source = Int(rows[lane(row)])
      for k in 0..<use.layout.count {
        let word = replay.table.word(row: source, number: number, use: payload, k)
        if word == nil { reject(row) }
        result(operation.pointee.results + k)[row] = word ?? 0
      }
    }
  }

  /// Turns values into standard variates or back, under the parameters of each lane.
  private mutating func carryNoise(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ replay: ChoiceReplay,
    _ rows: UnsafePointer<Int32>, _ use: DistributionUse, _ family: any HasStandardNoise.Type
  ) {
    let admissible = admissibleRows(operation, index, use) ?? Array(0..<count)
    let words = result(operation.pointee.results)
    LaneBuffer.withBuffer { parameters in
      for row in admissible where !isDead(row) {
        for k in 0..<use.parameterCount {
          let view = operand(operation.pointee.operands + k)
          parameters[k] = view.base[row * view.stride]
        }
        let number = number(operation, row)
        let choice = TableChoice(number: number, use: operation.pointee.payload, width: 1)
        let source = Int(rows[lane(row)])
        if replay.noise == .taken {
          let noise = family.noise(of: words[row], LaneWords(parameters))
          replay.table.set(choice, row: source, to: noise.bitPattern)
          continue
        }
        words[row] = family.word(from: Double(bitPattern: words[row]), LaneWords(parameters))
        if replay.noise == .returned { replay.table.set(choice, row: source, to: words[row]) }
      }
    }
  }

  private func clear(_ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse) {
    for k in 0..<use.layout.count {
      result(operation.pointee.results + k).update(repeating: 0, count: count)
    }
  }

  /// Makes the weight of a row zero: what it was to repeat has density zero here.
  private mutating func reject(_ row: Int) {
    context.weight?[start + row] = -.infinity
    hasDeadLanes = true
    worker.sawDeadLane = true
  }

  /// Adds the log-densities of the repeated choices to the weights.
  private mutating func scoreRepeated(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ replay: ChoiceReplay,
    _ use: DistributionUse, skipsFresh: Bool
  ) {
    guard let weight = context.weight else { return }
    let flag = use.isOptional ? operand(operation.pointee.operands + use.parameterCount) : nil
    let rows = admissibleRows(operation, index, use)
    let block = weight + start
    if rows == nil, !hasDeadLanes, flag == nil, !skipsFresh {
      scoreResults(operation, use, rows: 0..<count, into: block)
      if borel_all_above_minus_infinity(Int64(count), block) != 0 { return }
      for row in 0..<count where block[row].isNaN || block[row] == -.infinity { reject(row) }
      return
    }
    let partial = worker.partial
    partial.update(repeating: 0, count: count)
    if let rows {
      for row in rows { scoreResults(operation, use, rows: row..<(row + 1), into: partial + row) }
    } else {
      scoreResults(operation, use, rows: 0..<count, into: partial)
    }
    for row in 0..<count where block[row] != -.infinity {
      if let flag, flag.bool(row) { continue }
      // A choice that other lanes draw afresh counts in none of them.
      if skipsFresh, replay.freshNumbers.contains(number(operation, row)) { continue }
      let sum = block[row] + partial[row]
      if sum.isNaN || sum == -.infinity { reject(row) } else { block[row] = sum }
    }
  }
}
