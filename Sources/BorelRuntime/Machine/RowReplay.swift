import BorelHeap
import BorelKernels

/// Runs the computations of a record again for one row, keeping every intermediate word: only to
/// find where a NaN came from. What was drawn into scratch memory is gone and reads as 0.
struct RowReplay {
  private var words: [Int32: UInt64] = [:]
  private let machine: Machine
  private let strand: Strand
  private let row: Int

  init(machine: Machine, strand: Strand, row: Int) {
    self.machine = machine
    self.strand = strand
    self.row = row
    for index in 0..<machine.trace.count { compute(index) }
  }

  private func word(_ slot: Slot) -> UInt64 {
    if slot.isUniform { return slot.bits }
    if let known = words[slot.column] { return known }
    if machine.pool.isPending(slot.column) { return 0 }
    return machine.pool.word(slot, row: row)
  }

  /// The operand words of an operation.
  private func operands(before index: Int) -> [UInt64] {
    let operation = machine.trace.operations[index]
    return (0..<operation.operandCount).map {
      word(machine.trace.operands[operation.operands + $0])
    }
  }

  private mutating func compute(_ index: Int) {
    let operation = machine.trace.operations[index]
    guard operation.kind == .kernel, let kernel = operation.kernel else { return }
    let operands = operands(before: index)
    var result: UInt64 = 0
    operands.withUnsafeBufferPointer { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped
      _ = kernel(
        1, &result, start, buffer.count > 1 ? start + 1 : nil,
        buffer.count > 2 ? start + 2 : nil, 7)
    }
    let column = machine.trace.results[operation.results]
    words[column] = result
  }

  /// The operation that made the first NaN among those that an operation depends on: its own
  /// operands are numbers. Nil when no operand is NaN.
  func originOfNaN(in index: Int) -> Place? {
    var current = index
    var found: Place?
    while true {
      let operation = machine.trace.operations[current]
      let source = (0..<operation.operandCount).lazy.compactMap { k -> Int? in
        let slot = machine.trace.operands[operation.operands + k]
        guard !slot.isUniform, Double(bitPattern: word(slot)).isNaN else { return nil }
        return producer(of: slot.column, before: current)
      }.first
      guard let source else { return found }
      let origin = machine.trace.operations[source]
      found = Place(
        function: Int(origin.function), block: Int(origin.block),
        instruction: Int(origin.instruction))
      current = source
    }
  }

  private func producer(of column: Int32, before index: Int) -> Int? {
    (0..<index).last { candidate in
      let operation = machine.trace.operations[candidate]
      return operation.kind == .kernel
        && machine.trace.results[operation.results] == column
    }
  }
}
