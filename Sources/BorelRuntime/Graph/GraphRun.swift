import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

/// A node with the memory that it reads and writes.
struct GraphStep {
  let kind: GraphNode.Kind
  let operands: [ColumnOperand]
  let results: [UnsafeMutablePointer<UInt64>]
  let place: Place
}

/// Runs steps for some chains. A step that fails in a chain marks it: in a proposal that is a
/// rejection.
struct GraphRun {
  /// First chain and number of chains.
  let start: Int
  let count: Int
  let arena: Arena
  /// One byte per chain, indexed from chain 0: not 0 once something failed there.
  let failed: UnsafeMutablePointer<UInt8>

  /// The first chain with a NaN term and the place, or nil.
  func run(_ step: GraphStep) -> Int? {
    switch step.kind {
    case .kernel(let kernel): runKernel(step, kernel)
    case .column(let function): return runColumn(step, function)
    case .element(let stride): runElement(step, stride)
    case .makeArray(let stride, let mask): makeArrays(step, stride, mask)
    case .makeBox(let tag, let mask): makeBoxes(step, tag, mask)
    case .density(let use): return runDensity(step, use)
    case .factor: return runFactor(step)
    case .require: runRequire(step)
    }
    return nil
  }

  @inline(__always)
  private func operand(_ step: GraphStep, _ k: Int, row: Int = 0) -> ColumnOperand {
    let view = step.operands[k]
    return ColumnOperand(base: view.base + (start + row) * view.stride, stride: view.stride)
  }

  private func runKernel(_ step: GraphStep, _ kernel: borel_kernel) {
    let operandCount = step.operands.count
    func call(_ row: Int, _ rows: Int) -> Int {
      var mask: UInt32 = 0
      let a = operand(step, 0, row: row)
      if a.stride == 0 { mask |= 1 }
      var b: UnsafePointer<UInt64>?
      var c: UnsafePointer<UInt64>?
      if operandCount > 1 {
        let view = operand(step, 1, row: row)
        b = view.base
        if view.stride == 0 { mask |= 2 }
      }
      if operandCount > 2 {
        let view = operand(step, 2, row: row)
        c = view.base
        if view.stride == 0 { mask |= 4 }
      }
      return Int(kernel(Int64(rows), step.results[0] + start + row, a.base, b, c, mask))
    }
    let first = call(0, count)
    if first < 0 { return }
    for row in first..<count where call(row, 1) >= 0 { failed[start + row] = 1 }
  }

  private func runColumn(_ step: GraphStep, _ function: ColumnFunction) -> Int? {
    let first = call(step, function, row: 0, rows: count)
    if first < 0 { return nil }
    for row in first..<count where call(step, function, row: row, rows: 1) >= 0 {
      // What fails leaves 0, unless code of the app gave NaN: that is never a rejection.
      let isNaN = Double(bitPattern: step.results[0][start + row]).isNaN
      if isNaN, failed[start + row] == 0 { return start + row }
      failed[start + row] = 1
    }
    return nil
  }

  private func call(_ step: GraphStep, _ function: ColumnFunction, row: Int, rows: Int) -> Int {
    let operandCount = step.operands.count
    return withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: operandCount + 1) {
      views in
      for k in 0..<operandCount { views[k] = operand(step, k, row: row) }
      return withUnsafeTemporaryAllocation(
        of: UnsafeMutablePointer<UInt64>.self, capacity: step.results.count + 1
      ) { targets in
        for k in step.results.indices { targets[k] = step.results[k] + start + row }
        return function(
          ColumnCall(
            count: rows, operands: UnsafePointer(views.baseAddress.unsafelyUnwrapped),
            operandCount: operandCount,
            results: UnsafePointer(targets.baseAddress.unsafelyUnwrapped), arena: arena,
            mayShareBuffers: false))
      }
    }
  }

  private func runElement(_ step: GraphStep, _ stride: Int) {
    let index = operand(step, 0)
    let elements = stride == 0 ? 0 : (step.operands.count - 1) / stride
    for row in 0..<count {
      let position = index.int(row)
      guard position >= 0, position < elements else {
        for k in 0..<stride { step.results[k][start + row] = 0 }
        failed[start + row] = 1
        continue
      }
      for k in 0..<stride {
        let view = step.operands[1 + Int(position) * stride + k]
        step.results[k][start + row] = view.base[(start + row) * view.stride]
      }
    }
  }

  private func makeArrays(_ step: GraphStep, _ stride: Int, _ mask: UInt64) {
    let words = step.operands.count
    for row in 0..<count {
      let array = arena.makeArray(
        count: stride == 0 ? 0 : words / stride, stride: stride, pointerMask: mask)
      let elements = array.elements
      for k in 0..<words {
        let view = step.operands[k]
        elements[k] = view.base[(start + row) * view.stride]
      }
      step.results[0][start + row] = array.object.bits
    }
  }

  private func makeBoxes(_ step: GraphStep, _ tag: Int, _ mask: UInt64) {
    let words = step.operands.count
    for row in 0..<count {
      let box = arena.makeBox(tag: tag, fieldCount: words, pointerMask: mask)
      let fields = box.fields
      for k in 0..<words {
        let view = step.operands[k]
        fields[k] = view.base[(start + row) * view.stride]
      }
      step.results[0][start + row] = box.object.bits
    }
  }

  // MARK: Terms of the log-density

  private func terms(_ step: GraphStep) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(step.results[0] + start).assumingMemoryBound(to: Double.self)
  }

  private func runFactor(_ step: GraphStep) -> Int? {
    let view = operand(step, 0)
    let target = terms(step)
    for row in 0..<count { target[row] = view.real(row) }
    return firstNaN(target)
  }

  private func runRequire(_ step: GraphStep) {
    let view = operand(step, 0)
    let target = terms(step)
    for row in 0..<count { target[row] = view.bool(row) ? 0 : -.infinity }
  }

  /// NaN in a chain where something failed before comes from there.
  private func firstNaN(_ target: UnsafeMutablePointer<Double>) -> Int? {
    for row in 0..<count where target[row].isNaN {
      if failed[start + row] == 0 { return start + row }
      target[row] = -.infinity
    }
    return nil
  }

  private func runDensity(_ step: GraphStep, _ use: DistributionUse) -> Int? {
    let target = terms(step)
    target.update(repeating: 0, count: count)
    if let outside = rowsOutside(step, use) {
      for row in 0..<count {
        if outside.contains(row) {
          target[row] = -.infinity
          failed[start + row] = 1
        } else {
          score(step, use, row: row, rows: 1, into: target + row)
        }
      }
    } else {
      score(step, use, row: 0, rows: count, into: target)
    }
    return firstNaN(target)
  }

  /// Rows with parameters outside their domains; nil when there are none.
  private func rowsOutside(_ step: GraphStep, _ use: DistributionUse) -> Set<Int>? {
    if use.surelyContains(count: count, { operand(step, $0) }) { return nil }
    return withUnsafeTemporaryAllocation(
      of: ColumnOperand.self, capacity: use.parameterCount + 1
    ) { views in
      for k in 0..<use.parameterCount { views[k] = operand(step, k) }
      let outside = use.rowsOutside(
        count: count, UnsafePointer(views.baseAddress.unsafelyUnwrapped))
      return outside.isEmpty ? nil : outside
    }
  }

  private func score(
    _ step: GraphStep, _ use: DistributionUse, row: Int, rows: Int,
    into target: UnsafeMutablePointer<Double>
  ) {
    let count = use.parameterCount + use.layout.count
    withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: count + 1) { views in
      for k in 0..<count { views[k] = operand(step, k, row: row) }
      let parameters = UnsafePointer(views.baseAddress.unsafelyUnwrapped)
      use.addLogDensity(parameters + use.parameterCount, parameters, count: rows, into: target)
    }
  }
}
