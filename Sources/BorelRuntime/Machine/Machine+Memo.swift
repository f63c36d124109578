import BorelHeap

extension Machine {
  /// Runs or records an instruction on the lane's memo tables, which are one more register.
  func executeMemo(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int
  ) {
    let registers = strand.registers
    let operands = code.pointee.operands
    let results = code.pointee.results
    var slots = [strand.memo]
    for k in 0..<operands.count { slots.append(registers[operands[k]]) }
    let kind = code.pointee.kind
    let isNewRoot = kind != .memoFind
    let resultCount = results.count + (isNewRoot ? 1 : 0)
    let produced: [Slot]
    if slots.allSatisfy(\.isUniform) {
      produced = runUniformMemo(kind, code.pointee.payload, slots, resultCount)
    } else {
      trace.usesHeap = true
      let start = trace.operandCount
      for slot in slots { addOperand(slot) }
      let firstResult = trace.resultCount
      produced = (0..<resultCount).map { _ in addResult() }
      trace.append(
        TracedOperation(
          kind: kind, kernel: nil, operands: start, operandCount: slots.count,
          results: firstResult, resultCount: resultCount, payload: code.pointee.payload, draw: 0,
          function: Int32(strand.function), block: Int32(strand.block),
          instruction: Int32(index), canFail: false))
    }
    if isNewRoot {
      pool.release(strand.memo)
      strand.memo = produced[0]
    }
    for k in 0..<results.count { registers[results[k]] = produced[k + (isNewRoot ? 1 : 0)] }
  }

  func memoFunction(_ kind: OperationKind, _ payload: Int) -> ColumnFunction {
    switch kind {
    case .memoFind:
      MemoTable.find(key: program.effects[payload].key, value: program.effects[payload].value)
    case .memoStore:
      MemoTable.store(key: program.effects[payload].key, value: program.effects[payload].value)
    default: MemoTable.make
    }
  }

  private func runUniformMemo(
    _ kind: OperationKind, _ payload: Int, _ slots: [Slot], _ resultCount: Int
  ) -> [Slot] {
    let words = slots.map(\.bits)
    var results = [UInt64](repeating: 0, count: resultCount)
    words.withUnsafeBufferPointer { words in
      results.withUnsafeMutableBufferPointer { results in
        let views = (0..<words.count).map {
          ColumnOperand(base: words.baseAddress.unsafelyUnwrapped + $0, stride: 0)
        }
        let targets = (0..<resultCount).map { results.baseAddress.unsafelyUnwrapped + $0 }
        views.withUnsafeBufferPointer { views in
          targets.withUnsafeBufferPointer { targets in
            _ = memoFunction(kind, payload)(
              ColumnCall(
                count: 1, operands: views.baseAddress.unsafelyUnwrapped,
                operandCount: views.count,
                results: targets.baseAddress.unsafelyUnwrapped, arena: arena,
                mayShareBuffers: false))
          }
        }
      }
    }
    return results.map { Slot(uniform: $0) }
  }
}
