import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

/// What all workers need to run a trace over the lanes of a strand.
struct FlushContext: @unchecked Sendable {
  let operations: UnsafeMutablePointer<TracedOperation>
  let operationCount: Int
  /// Resolved operands, then from `resultBase` on resolved results.
  let resolved: UnsafeMutablePointer<ResolvedOperand>
  let resultBase: Int
  let blockWidth: Int
  let scratchStride: Int
  let laneCount: Int
  let weight: UnsafeMutablePointer<Double>?
  /// What the weights start from, when their column has not been filled.
  let unfilledWeight: Double?
  let lanes: UnsafePointer<UInt64>?
  let firstLane: Int
  let draws: UnsafePointer<UInt64>?
  let drawBase: UInt32
  let groupKeys: UnsafePointer<UInt64>
  let groupCount: Int
  let lanesPerGroup: Int
  let generation: UInt32
  let mayHaveDeadLanes: Bool
  let mayShareBuffers: Bool
  /// Whether operations are timed.
  let isTimed: Bool
}

extension Machine {
  /// Runs what has been recorded for the strand. Afterwards all of its columns have values, and
  /// the strand may have lost lanes to a failure, which is noted.
  func flush(_ strand: Strand) throws {
    if trace.isEmpty { return }
    if rejectsFailures { ownWeight(strand) }
    recorder?.absorb(trace, self)
    resolve(strand)
    let workers = prepareWorkers(
      strand, scratchCount: Int(executor.scratchCount), isParallel: !trace.mustRunOnOneThread)
    run(
      makeContext(
        strand, trace.operations, trace.count, executor.resolved, resultBase: trace.operandCount,
        workers: workers), workers: workers)
    let failure = collectOutcome(strand, workers: workers)
    strand.unfilledWeight = nil
    if let failure { explain(strand, failure) }
    dropTrace()
  }

  /// Runs the blocks of a plan; returns what failed.
  func runBlocks(of plan: Plan, _ strand: Strand) -> RowFailure? {
    let workers = prepareWorkers(strand, scratchCount: plan.scratchCount, isParallel: true)
    run(
      makeContext(
        strand, plan.operations, plan.operationCount, plan.resolved,
        resultBase: plan.operandCount, workers: workers), workers: workers)
    let failure = collectOutcome(strand, workers: workers)
    strand.unfilledWeight = nil
    return failure
  }

  private func run(_ context: FlushContext, workers: Int) {
    if workers == 1 {
      run(context, executor.workers[0], 0..<context.laneCount)
    } else {
      runInParallel(context, workers: workers)
    }
    if context.isTimed { profileRecord(context, workers: workers) }
  }

  private func makeContext(
    _ strand: Strand, _ operations: UnsafeMutablePointer<TracedOperation>, _ operationCount: Int,
    _ resolved: UnsafeMutablePointer<ResolvedOperand>, resultBase: Int, workers: Int
  ) -> FlushContext {
    FlushContext(
      operations: operations, operationCount: operationCount, resolved: resolved,
      resultBase: resultBase, blockWidth: executor.blockWidth,
      scratchStride: executor.scratchStride, laneCount: strand.count,
      weight: strand.weight.isUniform
        ? nil
        : UnsafeMutableRawPointer(pool.data(strand.weight.column))
          .assumingMemoryBound(to: Double.self),
      unfilledWeight: strand.unfilledWeight,
      lanes: strand.lanes.isUniform ? nil : UnsafePointer(pool.data(strand.lanes.column)),
      firstLane: Int(strand.lanes.bits),
      draws: strand.draws.isUniform ? nil : UnsafePointer(pool.data(strand.draws.column)),
      drawBase: UInt32(truncatingIfNeeded: strand.draws.isUniform ? strand.draws.bits : 0),
      groupKeys: groupKeyStorage, groupCount: groupKeys.count,
      lanesPerGroup: lanesPerGroup, generation: generation,
      mayHaveDeadLanes: strand.mayHaveDeadLanes, mayShareBuffers: workers > 1,
      isTimed: options.profile != nil)
  }

  /// Gives memory to the columns that are needed afterwards and scratch slots to the others, and
  /// marks operations without any reader as dead.
  private func resolve(_ strand: Strand) {
    let operations = trace.operations
    let operands = trace.operands
    let results = trace.results
    let pool = self.pool
    executor.reserve(operands: trace.operandCount + trace.resultCount)
    let resolved = executor.resolved
    let entries = pool.entries
    for position in 0..<trace.resultCount {
      let entry = entries + Int(results[position])
      entry.pointee.lastUse = -1
      entry.pointee.scratch = -1
    }
    markUses()
    executor.restartScratch(atMost: trace.resultCount)
    for index in 0..<trace.count where !operations[index].isDead {
      let operation = operations + index
      for k in 0..<operation.pointee.operandCount {
        let position = operation.pointee.operands + k
        let slot = operands[position]
        if slot.column < 0 {
          resolved[position] = ResolvedOperand(
            base: UnsafeMutableRawPointer(operands + position).assumingMemoryBound(
              to: UInt64.self), scratch: -1, stride: 0)
        } else {
          let entry = pool.entries + Int(slot.column)
          resolved[position] = ResolvedOperand(
            base: entry.pointee.data, scratch: entry.pointee.scratch, stride: 1)
        }
      }
      for k in 0..<operation.pointee.resultCount {
        let position = operation.pointee.results + k
        let column = results[position]
        if pool.isNeeded(column) {
          pool.materialise(column, count: strand.count)
        } else {
          pool.entries[Int(column)].scratch = executor.takeScratch()
        }
        let entry = pool.entries + Int(column)
        resolved[trace.operandCount + position] = ResolvedOperand(
          base: entry.pointee.data, scratch: entry.pointee.scratch, stride: 1)
      }
      releaseScratch(after: index)
    }
  }

  /// Notes the last reader of every column, and which operations nothing reads.
  private func markUses() {
    let operations = trace.operations
    let entries = pool.entries
    for index in stride(from: trace.count - 1, through: 0, by: -1) {
      let operation = operations + index
      if !operation.pointee.canFail,
        operation.pointee.kind == .kernel || operation.pointee.kind == .column,
        areUnread(operation)
      {
        operation.pointee.isDead = true
        continue
      }
      for k in 0..<operation.pointee.operandCount {
        let column = trace.operands[operation.pointee.operands + k].column
        if column >= 0, entries[Int(column)].data == nil,
          entries[Int(column)].lastUse < Int32(index)
        {
          entries[Int(column)].lastUse = Int32(index)
        }
      }
    }
  }

  private func areUnread(_ operation: UnsafeMutablePointer<TracedOperation>) -> Bool {
    let first = operation.pointee.results
    for position in first..<(first + operation.pointee.resultCount) {
      let column = trace.results[position]
      if pool.entries[Int(column)].lastUse >= 0 || pool.isNeeded(column) { return false }
    }
    return true
  }

  /// Scratch slots of operands read here for the last time, and of results never read.
  private func releaseScratch(after index: Int) {
    let operation = trace.operations[index]
    let entries = pool.entries
    for k in 0..<operation.operandCount {
      let column = trace.operands[operation.operands + k].column
      if column >= 0, entries[Int(column)].scratch >= 0,
        entries[Int(column)].lastUse == Int32(index)
      {
        executor.giveScratch(entries[Int(column)].scratch)
        entries[Int(column)].lastUse = Int32.max
      }
    }
    for k in 0..<operation.resultCount {
      let column = trace.results[operation.results + k]
      if entries[Int(column)].scratch >= 0, entries[Int(column)].lastUse < 0 {
        executor.giveScratch(entries[Int(column)].scratch)
      }
    }
  }

  private func prepareWorkers(
    _ strand: Strand, scratchCount: Int, isParallel: Bool
  ) -> Int {
    let blocks = (strand.count + executor.blockWidth - 1) / executor.blockWidth
    var count = 1
    if options.threads > 1, blocks >= 2 * options.threads, isParallel {
      count = options.threads
    }
    while executor.workers.count < count {
      executor.workers.append(
        BlockExecutor.Worker(
          arena: executor.workers.isEmpty ? arena : Arena(), blockWidth: executor.blockWidth))
    }
    for index in 0..<count {
      let worker = executor.workers[index]
      worker.reserve(words: scratchCount * executor.scratchStride)
      worker.failure = nil
      worker.sawDeadLane = false
    }
    return count
  }

  private func runInParallel(_ context: FlushContext, workers: Int) {
    let width = context.blockWidth
    let blocks = (context.laneCount + width - 1) / width
    let executor = self.executor
    let machine = Unchecked(self)
    let team = Unchecked(executor.workers)
    WorkerPool.shared.run(count: workers) { index in
      let from = blocks * index / workers * width
      let to = min(blocks * (index + 1) / workers * width, context.laneCount)
      machine.value.run(context, team.value[index], from..<to)
    }
  }

  /// Gathers what the workers have noted, and returns the failure of the smallest row.
  private func collectOutcome(_ strand: Strand, workers: Int) -> RowFailure? {
    var failure: RowFailure?
    for index in 0..<workers {
      let worker = executor.workers[index]
      if worker.sawDeadLane { strand.mayHaveDeadLanes = true }
      if worker.repeatedAddresses > 0 {
        tape?.repeatedAddresses += worker.repeatedAddresses
        worker.repeatedAddresses = 0
      }
      if !worker.hasNotes { continue }
      worker.hasNotes = false
      if !worker.kills.isEmpty {
        kills.merge(worker.kills) { KillRecord(count: $0.count + $1.count, words: $0.words) }
        worker.kills.removeAll()
      }
      if !worker.rejections.isEmpty {
        rejections.merge(worker.rejections) {
          KillRecord(count: $0.count + $1.count, words: $0.words)
        }
        worker.rejections.removeAll()
      }
      if let found = worker.failure, failure.map({ found.row < $0.row }) ?? true {
        failure = found
      }
    }
    return failure
  }

  /// Lets go of the references of the record.
  func dropTrace() {
    for position in 0..<trace.operandCount {
      let column = trace.operands[position].column
      if column >= 0 { pool.releaseFromTrace(column) }
    }
    for position in 0..<trace.resultCount { pool.releaseFromTrace(trace.results[position]) }
    trace.removeAll()
  }
}

/// The run was asked to stop.
package struct Interruption: Error {
  package init() {}
}

/// Carries a reference or a pointer into a worker; who starts workers waits for them.
package struct Unchecked<Value>: @unchecked Sendable {
  package let value: Value
  @inlinable package init(_ value: Value) { self.value = value }
}
