import BorelHeap
import BorelIR

/// The plans of a machine, by where they start.
final class PlanStore {
  /// A start that has been met, with the plans that have been made for it.
  final class Entry {
    let key: Plan.Key
    @exclusivity(unchecked) var plans: [Plan] = []
    /// Times that no plan held.
    @exclusivity(unchecked) var misses = 0

    init(key: Plan.Key) { self.key = key }
  }

  @exclusivity(unchecked) private var entries: [Entry] = []

  func entry(_ key: Plan.Key) -> Entry {
    for entry in entries where entry.key == key { return entry }
    let entry = Entry(key: key)
    entries.append(entry)
    return entry
  }
}

extension Machine {
  /// Plans of one start, and misses after which no more are made.
  private static let plansPerStart = 4

  /// Takes a strand that comes from a checkpoint to the next one by a plan. False when there is
  /// none that holds: then nothing has changed.
  func followPlan(_ strand: Strand) throws -> Bool {
    guard ready.isEmpty, suspended.isEmpty, trace.isEmpty, strand.frame == nil,
      strand.drawOffset == 0, strand.draws.isUniform, strand.draws.bits == 0,
      !strand.isAtTerminator, allowsPlans, generation > 0
    else { return false }
    if laneSteps >= nextCheck { try checkLimits(strand) }
    guard let key = planKey(strand) else { return false }
    let entry = plans.entry(key)
    for index in entry.plans.indices {
      let plan = entry.plans[index]
      if plan.prepare(strand, self) {
        if index > 0 { entry.plans.swapAt(index, 0) }
        try carryOut(plan, strand)
        return true
      }
    }
    entry.misses += 1
    // A start that is met for the first time may be the only one of its kind.
    if entry.misses > 1, entry.misses < 64, entry.plans.count < Self.plansPerStart {
      var builder = PlanBuilder(machine: self, strand: strand)
      if builder.walk() {
        entry.plans.append(builder.makePlan(key))
      } else {
        entry.misses += 16
      }
    }
    return false
  }

  /// Whether nothing watches or answers single operations. Lanes that repeat a path are no obstacle:
  /// they draw like the others, and their words are put in afterwards.
  private var allowsPlans: Bool {
    options.usesPlans && !tracksAddresses && !rejectsFailures && choices == nil
      && replay?.rows == nil && recorder == nil && tape == nil
  }

  private func planKey(_ strand: Strand) -> Plan.Key? {
    let live = liveRegisters(of: strand)
    let tallyCount = strand.tallies.count
    if live.count + tallyCount > 64 { return nil }
    var columns: UInt64 = 0
    for k in 0..<live.count where strand.registers[live[k]].column >= 0 {
      columns |= 1 << UInt64(k)
    }
    for k in 0..<tallyCount where strand.tallies[k].column >= 0 {
      columns |= 1 << UInt64(live.count + k)
    }
    return Plan.Key(
      function: strand.function, block: strand.block, columns: columns,
      keepsReports: keepsReports, keepsDraws: recording != nil)
  }

  private func carryOut(_ plan: Plan, _ strand: Strand) throws {
    let count = strand.count
    laneSteps &+= UInt64(count) &* UInt64(plan.blockCount)
    for input in plan.columnInputs {
      plan.columns[Int(input.index)] = strand[held: input.register].column
    }
    for kept in plan.kept {
      let column = pool.make(count: count)
      for _ in 1..<max(kept.references, 1) { pool.retain(column) }
      plan.columns[Int(kept.column)] = column
    }
    for patch in plan.patches {
      plan.resolved[Int(patch.register)].base = pool.data(plan.columns[Int(patch.index)])
    }
    if plan.addsWeights { ownWeight(strand) }
    if let failure = runBlocks(of: plan, strand) {
      return try explain(failure, of: plan, strand)
    }
    emit(plan, strand)
    if let recording {
      for draw in plan.recordedDraws { recording.add(strand, draw, of: plan) }
    }
    passOn(plan, strand)
    strand.drawOffset = plan.drawCount
    strand.block = plan.target
    strand.state = .checkpoint(plan.checkpoint)
    suspended.append(strand)
  }

  /// Puts the results into the registers and tallies.
  private func passOn(_ plan: Plan, _ strand: Strand) {
    for output in plan.outputs {
      // Columns that were there before are held by the registers that are given back now.
      if case .column(let column) = output.value, column < plan.columnInputs.count {
        pool.retain(plan.columns[Int(column)])
      }
    }
    for input in plan.columnInputs { pool.release(plan.columns[Int(input.index)]) }
    for output in plan.outputs { strand[held: output.register] = plan.slot(output.value) }
  }

  private func emit(_ plan: Plan, _ strand: Strand) {
    for emission in plan.emissions {
      for value in emission.loops + emission.values {
        if case .column(let column) = value, column < plan.columnInputs.count {
          pool.retain(plan.columns[Int(column)])
        }
      }
      pool.retain(strand.lanes)
      emissions.append(
        Emission(
          report: emission.report, loops: emission.loops.map(plan.slot),
          values: emission.values.map(plan.slot), lanes: strand.lanes, count: strand.count))
    }
  }

  /// The record of what the plan did is made after all, to explain a failure by it.
  private func explain(
    _ failure: RowFailure, of plan: Plan, _ strand: Strand
  ) throws {
    for kept in plan.kept {
      for _ in 0..<max(kept.references, 1) { pool.release(plan.columns[Int(kept.column)]) }
    }
    walking: while true {
      let block = program.functions[strand.function].blocks + strand.block
      try execute(strand, block)
      let terminator = block.pointee.terminator
      switch terminator.pointee.kind {
      case .jump: move(strand, terminator.pointee.target)
      case .branch: _ = try branch(strand, terminator)
      case .call:
        try call(
          strand, terminator.pointee.number, terminator, order: block.pointee.order, closure: nil)
      case .returnValues: _ = try returnValues(strand, terminator)
      default: break walking
      }
    }
    explain(strand, failure)
    dropTrace()
    strand.isAtTerminator = true
    release(strand)
  }
}
