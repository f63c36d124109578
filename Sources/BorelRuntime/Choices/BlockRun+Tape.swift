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
        draw(operation, use, rows: 0..<count)
      } else {
        for k in 0..<use.layout.count {
          result(operation.pointee.results + k).update(repeating: 0, count: count)
        }
        Self.forEachRun(fates, where: { $0 == .fresh }, { draw(operation, use, rows: $0) })
        replay(operation, use, tape, fates)
      }
      note(operation, index, use, tape, fates)
    }
    if use.isOptional { keepPresentData(operation, use) }
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
    Self.forEachRun(fates, where: { $0 != .none }) {
      scoreResults(operation, use, rows: $0, into: densities + $0.lowerBound)
    }
    for row in 0..<count {
      switch fates[row] {
      case .none: break
      case .fresh: tape.logFresh[lane(row)] += densities[row]
      case .replayed:
        tape.logReplayed[lane(row)] += densities[row]
        if densities[row].isNaN {
          fail(row, index, isNaN: true)
        } else if densities[row] == -.infinity {
          context.weight?[start + row] = -.infinity
          noteKill(row, index)
        }
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

  /// Adds the log-densities of the results of some rows.
  private func scoreResults(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ use: DistributionUse, rows: Range<Int>,
    into logDensities: UnsafeMutablePointer<Double>
  ) {
    withParameters(operation, count: use.parameterCount, row: rows.lowerBound) { parameters in
      withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: use.layout.count + 1) {
        values in
        for k in 0..<use.layout.count {
          values[k] = ColumnOperand(
            base: result(operation.pointee.results + k) + rows.lowerBound, stride: 1)
        }
        let value = UnsafePointer(values.baseAddress.unsafelyUnwrapped)
        if let type = use.type {
          type.accumulateLogDensity(
            count: rows.count, value: value, parameters: parameters, into: logDensities)
        } else {
          scoreUnderValues(parameters[0], value, rows.count, use.layout.count, logDensities)
        }
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
