import BorelHeap

extension Machine {
  /// Makes the weight of a strand a column of its own, so that the operation that is recorded next
  /// may add to it in place. The record fills it.
  func ownWeight(_ strand: Strand) {
    if strand.weight.column >= 0 { return }
    strand.unfilledWeight = Double(bitPattern: strand.weight.bits)
    strand.weight = Slot(column: pool.make(count: strand.count))
  }

  /// The same, filled at once.
  func materialiseWeight(_ strand: Strand) {
    if strand.weight.column >= 0 { return }
    let column = pool.make(count: strand.count)
    pool.data(column).update(repeating: strand.weight.bits, count: strand.count)
    strand.weight = Slot(column: column)
  }

  func setWeight(_ strand: Strand, to value: Double) {
    pool.release(strand.weight)
    strand.unfilledWeight = nil
    strand.weight = Slot(uniform: value.bitPattern)
  }

  /// Adds a log-weight that is the same for all lanes, in the order of the program.
  func addToWeight(_ strand: Strand, _ value: Double) {
    if strand.weight.isUniform {
      let sum = Double(bitPattern: strand.weight.bits) + value
      strand.weight = Slot(uniform: sum.bitPattern)
      if sum == -.infinity { strand.mayHaveDeadLanes = true }
      return
    }
    let start = trace.operandCount
    addOperand(Slot(uniform: value.bitPattern))
    trace.append(
      TracedOperation(
        kind: .factor, kernel: nil, operands: start, operandCount: 1,
        results: trace.resultCount, resultCount: 0, payload: 0, draw: 0, function: 0, block: 0,
        instruction: 0, canFail: false))
  }

  /// The sum of two slots of reals: at once when both are uniform, else recorded. Takes over the
  /// caller's reference to `a`.
  func add(_ a: Slot, _ b: Slot) -> Slot {
    var operands = (a, b)
    if a.isUniform, b.isUniform {
      var result: UInt64 = 0
      withUnsafePointer(to: &operands.0) { first in
        withUnsafePointer(to: &operands.1) { second in
          _ = BorelAddition.kernel(1, &result, first, second, nil, 3)
        }
      }
      return Slot(uniform: result)
    }
    let start = trace.operandCount
    addOperand(a)
    addOperand(b)
    let firstResult = trace.resultCount
    let sum = addResult()
    trace.append(
      TracedOperation(
        kind: .kernel, kernel: BorelAddition.kernel, operands: start, operandCount: 2,
        results: firstResult, resultCount: 1, payload: 0, draw: 0, function: 0, block: 0,
        instruction: 0, canFail: false))
    pool.release(a)
    return sum
  }
}
