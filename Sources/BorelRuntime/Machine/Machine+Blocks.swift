import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

extension Machine {
  /// Runs the trace over a range of rows, block by block. Several workers may be here at once:
  /// nothing of the machine is written, only the worker and the columns.
  func run(_ context: FlushContext, _ worker: BlockExecutor.Worker, _ rows: Range<Int>) {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let count = min(context.blockWidth, rows.upperBound - start)
      var block = BlockRun(
        machine: self, context: context, worker: worker, start: start, count: count)
      block.run()
      start += count
    }
  }
}

/// The execution of a trace for the rows of one block.
struct BlockRun {
  // Both outlive the block: counting references to them would cost as much as a small kernel.
  unowned(unsafe) let machine: Machine
  let context: FlushContext
  unowned(unsafe) let worker: BlockExecutor.Worker
  let start: Int
  let count: Int
  /// Some row of the block has weight zero.
  var hasDeadLanes: Bool
  /// A result whose words have been found to be finite.
  var finiteResult: UnsafePointer<UInt64>?

  init(
    machine: Machine, context: FlushContext, worker: BlockExecutor.Worker, start: Int, count: Int
  ) {
    self.machine = machine
    self.context = context
    self.worker = worker
    self.start = start
    self.count = count
    hasDeadLanes = context.mayHaveDeadLanes
  }

  mutating func run() {
    worker.mixtures.forget()
    if let weight = context.weight, let start = context.unfilledWeight {
      (weight + self.start).update(repeating: start, count: count)
    }
    let isTimed = context.isTimed
    for index in 0..<context.operationCount {
      let operation = context.operations + index
      if operation.pointee.isDead || operation.pointee.isFolded { continue }
      if isTimed { runTimed(operation, index) } else { run(operation, index) }
    }
  }

  @inline(__always)
  mutating func run(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int) {
    switch operation.pointee.kind {
    case .kernel: runKernel(operation, index)
    case .sample:
      if operation.pointee.product < 0 {
        runSample(operation, index)
      } else if drawAroundProduct(operation) {
        if let replay = machine.replay { repeatPaths(operation, replay) }
      } else {
        let product = Int(operation.pointee.product)
        runKernel(context.operations + product, product)
        runSample(operation, index)
      }
    case .score: runScore(operation, index)
    case .factor: runFactor(operation, index)
    case .require: runRequire(operation, index)
    default: runColumn(operation, index)
    }
  }

  @inline(__always)
  func operand(_ position: Int) -> ColumnOperand {
    let resolved = context.resolved[position]
    if resolved.stride == 0 {
      return ColumnOperand(base: resolved.base.unsafelyUnwrapped, stride: 0)
    }
    if let base = resolved.base { return ColumnOperand(base: base + start, stride: 1) }
    return ColumnOperand(
      base: worker.scratch + Int(resolved.scratch) * context.scratchStride, stride: 1)
  }

  @inline(__always)
  func result(_ position: Int) -> UnsafeMutablePointer<UInt64> {
    let resolved = context.resolved[context.resultBase + position]
    if let base = resolved.base { return base + start }
    return worker.scratch + Int(resolved.scratch) * context.scratchStride
  }

  func isDead(_ row: Int) -> Bool {
    guard let weight = context.weight else { return false }
    return weight[start + row] == -.infinity
  }

  private mutating func runKernel(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int)
  {
    let first = operation.pointee.operands
    let operandCount = operation.pointee.operandCount
    let a = operand(first)
    var mask: UInt32 = a.stride == 0 ? 1 : 0
    var b: UnsafePointer<UInt64>?
    var c: UnsafePointer<UInt64>?
    if operandCount > 1 {
      let view = operand(first + 1)
      b = view.base
      if view.stride == 0 { mask |= 2 }
      if operandCount > 2 {
        let view = operand(first + 2)
        c = view.base
        if view.stride == 0 { mask |= 4 }
      }
    }
    let failed = operation.pointee.kernel.unsafelyUnwrapped(
      Int64(count), result(operation.pointee.results), a.base, b, c, mask)
    if failed >= 0 { failSlowly(operation, index, from: Int(failed)) }
  }

  private mutating func runColumn(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int)
  {
    let failed = call(operation, rows: 0..<count)
    if failed >= 0 { failSlowly(operation, index, from: failed) }
  }

  /// Runs a column function on some rows of the block.
  private func call(
    _ operation: UnsafeMutablePointer<TracedOperation>, rows: Range<Int>
  ) -> Int {
    let operandCount = operation.pointee.operandCount
    let resultCount = operation.pointee.resultCount
    return withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: operandCount + 1) {
      views in
      for k in 0..<operandCount {
        let view = operand(operation.pointee.operands + k)
        views[k] = ColumnOperand(
          base: view.base + rows.lowerBound * view.stride, stride: view.stride)
      }
      return withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<UInt64>.self, capacity: resultCount + 1
      ) { targets in
        for k in 0..<resultCount {
          targets[k] = result(operation.pointee.results + k) + rows.lowerBound
        }
        let columnCall = ColumnCall(
          count: rows.count, operands: UnsafePointer(views.baseAddress.unsafelyUnwrapped),
          operandCount: operandCount,
          results: UnsafePointer(targets.baseAddress.unsafelyUnwrapped), arena: worker.arena,
          mayShareBuffers: context.mayShareBuffers)
        return machine.columnFunction(
          operation.pointee, context: context, firstRow: start + rows.lowerBound)(columnCall)
      }
    }
  }

  /// A lane failed: the smallest one that is alive counts, and stops. Dead lanes may fail freely.
  private mutating func failSlowly(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int, from first: Int
  ) {
    for row in first..<count where !isDead(row) {
      let hasFailed: Bool
      if operation.pointee.kind == .kernel {
        hasFailed = runKernelRow(operation, row)
      } else {
        hasFailed = call(operation, rows: row..<(row + 1)) >= 0
      }
      if hasFailed { fail(row, index, isNaN: isHostNaN(operation, row)) }
    }
  }

  /// Whether a function of the app gave NaN, which is no matter of domains.
  private func isHostNaN(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ row: Int
  ) -> Bool {
    guard operation.pointee.kind == .column, operation.pointee.resultCount > 0,
      case .host = machine.program.operations[operation.pointee.payload].failure
    else { return false }
    return Double(bitPattern: result(operation.pointee.results)[row]).isNaN
  }

  private func runKernelRow(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ row: Int
  ) -> Bool {
    let first = operation.pointee.operands
    var pointers: (UnsafePointer<UInt64>?, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?) =
      (nil, nil, nil)
    func pointer(_ k: Int) -> UnsafePointer<UInt64> {
      let view = operand(first + k)
      return view.base + row * view.stride
    }
    pointers.0 = pointer(0)
    if operation.pointee.operandCount > 1 { pointers.1 = pointer(1) }
    if operation.pointee.operandCount > 2 { pointers.2 = pointer(2) }
    return operation.pointee.kernel.unsafelyUnwrapped(
      1, result(operation.pointee.results) + row, pointers.0, pointers.1, pointers.2, 7) >= 0
  }

  /// Whether a parameter of a distribution is NaN in a row, which is no matter of domains.
  private func hasParameterNaN(_ row: Int, _ index: Int) -> Bool {
    let operation = context.operations[index]
    guard operation.kind == .sample || operation.kind == .score,
      let type = machine.program.uses[operation.payload].type
    else { return false }
    if let host = type as? any HostFamily.Type {
      let words = operandWords(row, index)
      return words.withUnsafeBufferPointer { $0.baseAddress.map { host.hasNaN(LaneWords($0)) } }
        ?? false
    }
    let parameters = type.signature.parametrisations[0].parameters
    return parameters.indices.contains { k in
      parameters[k].kind == .real && operand(operation.operands + k).real(row).isNaN
    }
  }

  /// Notes the failure of a live row and stops it.
  mutating func fail(_ row: Int, _ index: Int, isNaN: Bool = false, problem: String? = nil) {
    let absolute = start + row
    worker.hasNotes = true
    if machine.rejectsFailures, !isNaN, !hasParameterNaN(row, index) {
      context.weight?[absolute] = -.infinity
      hasDeadLanes = true
      worker.sawDeadLane = true
      count(row, index, in: &worker.rejections)
      return
    }
    if worker.failure.map({ absolute < $0.row }) ?? true {
      worker.failure = RowFailure(
        row: absolute, operation: index, operands: operandWords(row, index), problem: problem)
    }
    context.weight?[absolute] = -.infinity
    hasDeadLanes = true
    worker.sawDeadLane = true
  }

  private mutating func runFactor(_ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int)
  {
    guard let weight = context.weight else { return }
    let view = operand(operation.pointee.operands)
    let block = weight + start
    for row in 0..<count { worker.partial[row] = block[row] + view.real(row) }
    if borel_all_above_minus_infinity(Int64(count), worker.partial) != 0 {
      block.update(from: worker.partial, count: count)
    } else {
      mergeWeights(index) { view.real($0) }
    }
  }

  /// Takes over the new weights of the live rows; a NaN is a failure of its row.
  mutating func mergeWeights(_ index: Int, _ term: (Int) -> Double) {
    guard let weight = context.weight else { return }
    let block = weight + start
    for row in 0..<count where block[row] != -.infinity {
      let sum = block[row] + term(row)
      if sum.isNaN {
        fail(row, index, isNaN: true)
      } else {
        block[row] = sum
        if sum == -.infinity { noteKill(row, index) }
      }
    }
  }

  private mutating func runRequire(
    _ operation: UnsafeMutablePointer<TracedOperation>, _ index: Int
  ) {
    guard let weight = context.weight else { return }
    let view = operand(operation.pointee.operands)
    let block = weight + start
    for row in 0..<count where view.word(row) == 0 && block[row] != -.infinity {
      block[row] = -.infinity
      noteKill(row, index)
    }
  }

  /// Counts a lane whose weight has just become zero.
  mutating func noteKill(_ row: Int, _ index: Int) {
    hasDeadLanes = true
    worker.sawDeadLane = true
    worker.hasNotes = true
    count(row, index, in: &worker.kills)
  }

  /// Counts a lane at an operation.
  private func count(_ row: Int, _ index: Int, in records: inout [KillSite: KillRecord]) {
    let operation = context.operations[index]
    let site = KillSite(
      function: operation.function, block: operation.block, instruction: operation.instruction)
    if records[site] != nil {
      records[site]?.count += 1
    } else {
      records[site] = KillRecord(count: 1, words: operandWords(row, index))
    }
  }

  private func operandWords(_ row: Int, _ index: Int) -> [UInt64] {
    let operation = context.operations[index]
    return (0..<operation.operandCount).map { operand(operation.operands + $0).word(row) }
  }
}
