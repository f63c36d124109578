import BorelBase
import BorelHeap
import BorelIR
import BorelKernels

extension Machine {
  /// Runs the instructions of a block: what is uniform at once, the rest goes into the trace.
  func execute(_ strand: Strand, _ block: UnsafePointer<CompiledBlock>) throws {
    let instructions = block.pointee.instructions
    let registers = strand.registers
    for index in 0..<block.pointee.instructionCount {
      let code = instructions + index
      switch code.pointee.kind {
      case .constant:
        registers[code.pointee.results[0]] = Slot(uniform: code.pointee.bits)
      case .kernel:
        if runSimply(code, registers) {
          break
        } else if hasVaryingOperand(code, registers) {
          record(strand, code, index)
        } else if runUniformKernel(code, registers) >= 0 {
          try failUniformly(strand, index)
          return
        }
      case .column:
        if hasVaryingOperand(code, registers) {
          trace.usesHeap = true
          record(strand, code, index)
        } else if runUniformColumn(code, registers) >= 0 {
          try failUniformly(strand, index)
          return
        }
      default:
        if try !executeEffect(strand, code, index) { return }
      }
      let releases = code.pointee.releases
      for k in 0..<releases.count {
        let column = registers[releases[k]].column
        if column >= 0 { pool.release(column) }
      }
    }
    if trace.count > Trace.limit { try flush(strand) }
  }

  /// Computes a simple operation when its operands are uniform and it does not fail.
  @inline(__always)
  private func runSimply(
    _ code: UnsafePointer<CompiledInstruction>, _ registers: UnsafeMutablePointer<Slot>
  ) -> Bool {
    let scalar = code.pointee.scalar
    if scalar == .none { return false }
    let operands = code.pointee.operands
    let a = registers[operands[0]]
    let b = registers[operands[operands.count - 1]]
    guard a.column < 0, b.column < 0, let word = scalar.apply(a.bits, b.bits) else { return false }
    registers[code.pointee.results[0]] = Slot(uniform: word)
    return true
  }

  @inline(__always)
  private func hasVaryingOperand(
    _ code: UnsafePointer<CompiledInstruction>, _ registers: UnsafeMutablePointer<Slot>
  ) -> Bool {
    let operands = code.pointee.operands
    var varying = false
    for k in 0..<operands.count where registers[operands[k]].column >= 0 { varying = true }
    return varying
  }

  /// The kernels are called with one lane, so that uniform code gives the same bits as columns.
  @inline(__always)
  private func runUniformKernel(
    _ code: UnsafePointer<CompiledInstruction>, _ registers: UnsafeMutablePointer<Slot>
  ) -> Int64 {
    let operands = code.pointee.operands
    let count = operands.count
    let a = UnsafeRawPointer(registers + operands[0])
    let b = count > 1 ? UnsafeRawPointer(registers + operands[1]) : nil
    let c = count > 2 ? UnsafeRawPointer(registers + operands[2]) : nil
    var result: UInt64 = 0
    let failed = code.pointee.kernel.unsafelyUnwrapped(1, &result, a, b, c, 7)
    registers[code.pointee.results[0]] = Slot(uniform: result)
    return failed
  }

  func runUniformColumn(
    _ code: UnsafePointer<CompiledInstruction>, _ registers: UnsafeMutablePointer<Slot>
  ) -> Int {
    let operands = code.pointee.operands
    let results = code.pointee.results
    let function = program.operations[code.pointee.payload].function
    return withUnsafeTemporaryAllocation(of: ColumnOperand.self, capacity: operands.count + 1) {
      views in
      for k in 0..<operands.count {
        views[k] = ColumnOperand(base: bitsPointer(registers + operands[k]), stride: 0)
      }
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: results.count + 1) { words in
        withUnsafeTemporaryAllocation(
          of: UnsafeMutablePointer<UInt64>.self, capacity: results.count + 1
        ) { targets in
          for k in 0..<results.count {
            words[k] = 0
            targets[k] = words.baseAddress.unsafelyUnwrapped + k
          }
          let failed = function(
            ColumnCall(
              count: 1, operands: UnsafePointer(views.baseAddress.unsafelyUnwrapped),
              operandCount: operands.count,
              results: UnsafePointer(targets.baseAddress.unsafelyUnwrapped), arena: arena,
              mayShareBuffers: false))
          for k in 0..<results.count { registers[results[k]] = Slot(uniform: words[k]) }
          return failed
        }
      }
    }
  }

  /// The results of a kernel or column function for one lane; nil when it fails.
  func computeUniformly(
    _ code: UnsafePointer<CompiledInstruction>, _ words: UnsafeMutablePointer<Slot>,
    _ operandCount: Int
  ) -> [UInt64]? {
    let function =
      code.pointee.kind == .kernel ? nil : program.operations[code.pointee.payload].function
    let resultCount = code.pointee.results.count
    var results = [UInt64](repeating: 0, count: max(resultCount, 1))
    let failed = results.withUnsafeMutableBufferPointer { buffer -> Int in
      let target = buffer.baseAddress.unsafelyUnwrapped
      if let kernel = code.pointee.kernel, function == nil {
        let b = operandCount > 1 ? UnsafeRawPointer(words + 1) : nil
        let c = operandCount > 2 ? UnsafeRawPointer(words + 2) : nil
        return Int(kernel(1, target, words, b, c, 7))
      }
      // One more, so that there is an address without operands too.
      let views = (0...operandCount).map {
        ColumnOperand(base: bitsPointer(words + $0), stride: 0)
      }
      let targets = (0..<resultCount).map { target + $0 }
      return views.withUnsafeBufferPointer { views in
        targets.withUnsafeBufferPointer { targets in
          guard let function, let first = views.baseAddress, let into = targets.baseAddress else {
            return 0
          }
          return function(
            ColumnCall(
              count: 1, operands: first, operandCount: operandCount, results: into, arena: arena,
              mayShareBuffers: false))
        }
      }
    }
    return failed < 0 ? results : nil
  }

  /// Adds an operation to the trace; its results become pending columns.
  func record(_ strand: Strand, _ code: UnsafePointer<CompiledInstruction>, _ index: Int) {
    let registers = strand.registers
    let operands = code.pointee.operands
    let results = code.pointee.results
    var operation = TracedOperation(
      kind: code.pointee.kind, kernel: code.pointee.kernel, operands: trace.operandCount,
      operandCount: operands.count, results: trace.resultCount, resultCount: results.count,
      payload: code.pointee.payload, draw: strand.drawOffset,
      function: Int32(strand.function), block: Int32(strand.block), instruction: Int32(index),
      canFail: code.pointee.canFail)
    for k in 0..<operands.count { addOperand(registers[operands[k]]) }
    for k in 0..<results.count { registers[results[k]] = addResult() }
    operation.resultCount = results.count
    trace.append(operation)
  }

  @inline(__always)
  func addOperand(_ slot: Slot) {
    if slot.column >= 0 { pool.retainForTrace(slot.column) }
    trace.appendOperand(slot)
  }

  /// A pending column; the caller owns one reference.
  @inline(__always)
  func addResult() -> Slot {
    let column = pool.makePending()
    pool.retainForTrace(column)
    trace.appendResult(column)
    return Slot(column: column)
  }

  /// An instruction whose operands are uniform failed: so does every lane that is still alive.
  func failUniformly(_ strand: Strand, _ index: Int) throws {
    try flush(strand)
    if strand.count == 0 { return }
    if let row = firstLiveRow(strand) {
      let code = program.functions[strand.function].blocks[strand.block].instructions + index
      let operands = code.pointee.operands
      let words = (0..<operands.count).map {
        pool.word(strand.registers[operands[$0]], row: row)
      }
      if rejectsFailures, code.pointee.kind != .factor, !isHostNaN(strand, code) {
        reject(strand, index, words)
        return
      }
      var diagnostic = diagnose(
        kind: code.pointee.kind, payload: code.pointee.payload, operands: words,
        at: Place(function: strand.function, block: strand.block, instruction: index))
      if diagnostic.code == "E0301" {
        diagnostic.hints.append("check the data and what is computed from them")
      }
      note(lane: laneNumber(strand, row: row), diagnostic)
    }
    strand.count = 0
  }

  /// Whether a function of the app gave NaN, which is no rejection.
  private func isHostNaN(_ strand: Strand, _ code: UnsafePointer<CompiledInstruction>) -> Bool {
    guard code.pointee.kind == .column, code.pointee.results.count > 0,
      case .host = program.operations[code.pointee.payload].failure
    else { return false }
    return Double(bitPattern: strand.registers[code.pointee.results[0]].bits).isNaN
  }

  /// All lanes of a strand stop with weight zero.
  private func reject(_ strand: Strand, _ index: Int, _ words: [UInt64]) {
    let site = KillSite(
      function: Int32(strand.function), block: Int32(strand.block), instruction: Int32(index))
    rejections[site, default: KillRecord(count: 0, words: words)].count += strand.count
    strand.count = 0
  }

  func firstLiveRow(_ strand: Strand) -> Int? {
    if strand.weight.isUniform {
      return Double(bitPattern: strand.weight.bits) == -.infinity ? nil : 0
    }
    let weights = pool.data(strand.weight.column)
    let dead = (-Double.infinity).bitPattern
    return (0..<strand.count).first { weights[$0] != dead }
  }

  func laneNumber(_ strand: Strand, row: Int) -> Int {
    strand.lanes.isUniform
      ? Int(strand.lanes.bits) + row : Int(pool.data(strand.lanes.column)[row])
  }
}

/// The word of a uniform slot as an operand.
@inline(__always)
func bitsPointer(_ slot: UnsafeMutablePointer<Slot>) -> UnsafePointer<UInt64> {
  UnsafePointer(UnsafeMutableRawPointer(slot).assumingMemoryBound(to: UInt64.self))
}
