import BorelDistributions
import BorelHeap
import BorelIR

extension BlockRun {
  /// What happens to a choice in a row.
  private enum Fate: UInt8 {
    /// Nothing: the lane is dead, or has a datum instead.
    case none
    case replayed, fresh
  }

  /// Runs a choice that may be replayed and is recorded.
  mutating func runChoice(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ tape: ChoiceTape
  ) {
    let use = machine.program.uses[operation.pointee.payload]
    let rows = admissibleRows(operation, index, use)
    let count = self.count
    if rows == nil, !hasDeadLanes, replayColumn(operation, index, use, tape) { return }
    withUnsafeTemporaryAllocation(of: Fate.self, capacity: count) { fates in
      fates.initialize(repeating: rows == nil ? .fresh : .none)
      if let rows { for row in rows { fates[row] = .fresh } }
      if hasDeadLanes {
        for row in 0..<count where isDead(row) { fates[row] = .none }
      }
      if use.isOptional {
        let flag = operand(operation.pointee.operands + use.parameterCount)
        for row in 0..<count where flag.bool(row) { fates[row] = .none }
      }
      if tape.source != nil { markReplayed(operation, index, tape, fates) }
      let isWhole = fates.allSatisfy { $0 == .fresh }
      if isWhole {
        draw(operation, index, use, rows: 0..<count)
      } else {
        for k in 0..<use.layout.count {
          result(operation.pointee.results + k).update(repeating: 0, count: count)
        }
        Self.forEachRun(fates, where: { $0 == .fresh }, { draw(operation, index, use, rows: $0) })
        replay(operation, use, tape, fates)
      }
      note(operation, index, use, tape, fates)
    }
    if use.isOptional { keepPresentData(operation, use) }
  }

  /// The common case: all rows came the same way, none is dead, and all are replayed. Whole columns
  /// are copied. False when it is not so.
  private mutating func replayColumn(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ use: DistributionUse,
    _ tape: ChoiceTape
  ) -> Bool {
    let place = machine.trace.choices[Int(operation.pointee.choice)]
    guard let source = tape.source, tape.sourceLanes == nil, context.lanes == nil,
      !use.isOptional, place.sourceRows == nil, place.sinkRows == nil, place.source >= 0
    else { return false }
    let count = self.count
    let lane = context.firstLane + start
    let old = source.table[Int(place.source)]
    var missing = 0
    for row in 0..<count { missing &+= old.present[lane + row] ? 0 : 1 }
    if missing > 0 { return false }
    for k in 0..<use.layout.count {
      result(operation.pointee.results + k).update(
        from: old.words + k * source.laneCount + lane, count: count)
    }
    let densities = worker.partial
    densities.update(repeating: 0, count: count)
    scoreResults(operation, use, rows: 0..<count, into: densities)
    let (replayed, before) = (tape.logReplayed + lane, tape.logSource + lane)
    var impossible = 0
    for row in 0..<count {
      replayed[row] += densities[row]
      before[row] += old.logDensities[lane + row]
      impossible &+= densities[row] > -.infinity ? 0 : 1
    }
    if impossible > 0 {
      for row in 0..<count where !(densities[row] > -.infinity) {
        stop(row, index, densities[row])
      }
    }
    guard let sink = tape.sink else { return true }
    let new = sink.table[Int(place.sink)]
    for row in 0..<count where new.present[lane + row] { worker.repeatedAddresses += 1 }
    new.present.advanced(by: lane).update(repeating: true, count: count)
    new.logDensities.advanced(by: lane).update(from: densities, count: count)
    for k in 0..<use.layout.count {
      (new.words + k * sink.laneCount + lane).update(
        from: result(operation.pointee.results + k), count: count)
    }
    if !sink.keepsParameters { return true }
    for k in 0..<use.parameterCount {
      let view = operand(operation.pointee.operands + k)
      let target = new.parameters + k * sink.laneCount + lane
      if view.stride == 0 {
        target.update(repeating: view.base[0], count: count)
      } else {
        target.update(from: view.base, count: count)
      }
    }
    return true
  }

  /// The lane of a row whose choice has density zero stops.
  private mutating func stop(_ row: Int, _ index: Int, _ density: Double) {
    if density.isNaN {
      fail(row, index, isNaN: true)
    } else if context.weight?[start + row] != -.infinity {
      context.weight?[start + row] = -.infinity
      noteKill(row, index)
    }
  }

  private func lane(_ row: Int) -> Int {
    context.lanes.map { Int($0[start + row]) } ?? context.firstLane + start + row
  }

  /// Finds the rows whose choice the source has; the others are drawn, or their lanes stop.
  private mutating func markReplayed(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ tape: ChoiceTape,
    _ fates: UnsafeMutableBufferPointer<Fate>
  ) {
    guard let source = tape.source else { return }
    let place = machine.trace.choices[Int(operation.pointee.choice)]
    let lanes = tape.sourceLanes
    for row in 0..<count where fates[row] == .fresh {
      let instance = place.source(row: start + row)
      let lane = self.lane(row)
      let sourceLane = lanes.map { Int($0[lane]) } ?? lane
      if instance >= 0, sourceLane >= 0, source.table[instance].present[sourceLane] {
        fates[row] = .replayed
      } else if tape.missing == .stop {
        fates[row] = .none
        context.weight?[start + row] = -.infinity
        noteKill(row, index)
      }
    }
  }

  /// Copies the values of replayed choices and adds up what the source has as their densities.
  private func replay(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse,
    _ tape: ChoiceTape, _ fates: UnsafeMutableBufferPointer<Fate>
  ) {
    guard let source = tape.source else { return }
    let place = machine.trace.choices[Int(operation.pointee.choice)]
    let lanes = tape.sourceLanes
    let stride = source.laneCount
    let width = use.layout.count
    for k in 0..<width {
      let target = result(operation.pointee.results + k)
      for row in 0..<count where fates[row] == .replayed {
        let lane = self.lane(row)
        let sourceLane = lanes.map { Int($0[lane]) } ?? lane
        target[row] =
          source.table[place.source(row: start + row)].words[k * stride + sourceLane]
      }
    }
    for row in 0..<count where fates[row] == .replayed {
      let lane = self.lane(row)
      let sourceLane = lanes.map { Int($0[lane]) } ?? lane
      tape.logSource[lane] +=
        source.table[place.source(row: start + row)].logDensities[sourceLane]
    }
  }

  /// Scores the choices, adds to the sums and records them.
  private mutating func note(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, _ use: DistributionUse,
    _ tape: ChoiceTape, _ fates: UnsafeMutableBufferPointer<Fate>
  ) {
    let densities = worker.partial
    densities.update(repeating: 0, count: count)
    Self.forEachRun(
      fates, where: { $0 != .none },
      { scoreResults(operation, use, rows: $0, into: densities + $0.lowerBound) })
    for row in 0..<count {
      switch fates[row] {
      case .none: break
      case .fresh: tape.logFresh[lane(row)] += densities[row]
      case .replayed:
        tape.logReplayed[lane(row)] += densities[row]
        if !(densities[row] > -.infinity) { stop(row, index, densities[row]) }
      }
    }
    if let sink = tape.sink { record(operation, use, sink, fates, densities) }
  }

  private func record(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse,
    _ sink: ChoiceStore, _ fates: UnsafeMutableBufferPointer<Fate>,
    _ densities: UnsafeMutablePointer<Double>
  ) {
    let place = machine.trace.choices[Int(operation.pointee.choice)]
    let stride = sink.laneCount
    for row in 0..<count where fates[row] != .none {
      let columns = sink.table[place.sink(row: start + row)]
      let lane = self.lane(row)
      if columns.present[lane] { worker.repeatedAddresses += 1 }
      columns.present[lane] = true
      columns.logDensities[lane] = densities[row]
    }
    for k in 0..<use.layout.count {
      let values = result(operation.pointee.results + k)
      for row in 0..<count where fates[row] != .none {
        sink.table[place.sink(row: start + row)].words[k * stride + lane(row)] = values[row]
      }
    }
    if !sink.keepsParameters { return }
    for k in 0..<use.parameterCount {
      let view = operand(operation.pointee.operands + k)
      for row in 0..<count where fates[row] != .none {
        sink.table[place.sink(row: start + row)].parameters[k * stride + lane(row)] =
          view.word(row)
      }
    }
  }

  /// The maximal ranges of rows with some fates.
  private static func forEachRun(
    _ fates: UnsafeMutableBufferPointer<Fate>, where isIncluded: (Fate) -> Bool,
    _ body: (Range<Int>) -> Void
  ) {
    var row = 0
    while row < fates.count {
      if !isIncluded(fates[row]) {
        row += 1
        continue
      }
      let first = row
      while row < fates.count, isIncluded(fates[row]) { row += 1 }
      body(first..<row)
    }
  }
}
