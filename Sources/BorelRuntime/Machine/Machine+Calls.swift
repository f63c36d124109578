import BorelBase
import BorelHeap
import BorelIR

extension Machine {
  /// Calls a function: what the continuation needs goes into a frame, arguments become registers.
  ///
  /// - Parameter closure: Registers of a closure's captures, to which the caller gives references.
  func call(
    _ strand: Strand, _ number: Int, _ terminator: UnsafePointer<CompiledTerminator>,
    order: Int32, closure captures: [Slot]?
  ) throws {
    let registers = strand.registers
    let continuation = terminator.pointee.continuation
    let saved = continuation.pointee.saved
    let kept = (0..<saved.count).map { registers[saved[$0]] }
    for slot in kept { pool.retain(slot) }
    let arguments = terminator.pointee.arguments
    var passed = (0..<arguments.count).map { registers[arguments[$0]] }
    for slot in passed { pool.retain(slot) }
    if let captures { passed += captures }
    frameCount += 1
    let frame = Frame(
      parent: strand.frame, parentRows: strand.frameRows, function: Int32(strand.function),
      block: Int32(strand.block), saved: kept, rowCount: strand.count, order: order,
      number: frameCount, path: strand.path, outerPaths: strand.outerPaths, pool: pool)
    if tracksAddresses { callPath(strand) }
    releaseLive(strand)
    strand.frame = frame
    strand.frameRows = Slot(uniform: 0)
    if frame.depth > options.limits.recursionDepth {
      throw Diagnostic(
        "E0601", .limit,
        "recursion is deeper than the limit of \(options.limits.recursionDepth) calls",
        at: span(
          Place(function: strand.function, block: strand.block, instruction: -1)),
        hints: ["a recursion that ends with probability 1 may still be long: set a larger limit"])
    }
    enter(strand, number, passed)
  }

  /// Gives back all registers that hold something before the terminator of the strand's block.
  private func releaseLive(_ strand: Strand) {
    let live = program.functions[strand.function].blocks[strand.block].liveBeforeTerminator
    for k in 0..<live.count { pool.release(strand.registers[live[k]]) }
  }

  /// Puts a strand at the start of a function. Takes over the references of the arguments.
  private func enter(_ strand: Strand, _ number: Int, _ arguments: [Slot]) {
    let callee = program.functions[number]
    strand.function = number
    strand.block = 0
    strand.reserve(callee.registerCount)
    let parameters = callee.parameters
    for (position, slot) in arguments.enumerated() {
      if parameters.start[position] >= 0 {
        strand.registers[parameters[position]] = slot
      } else {
        pool.release(slot)
      }
    }
  }

  func tailCall(_ strand: Strand, _ terminator: UnsafePointer<CompiledTerminator>) {
    let arguments = terminator.pointee.arguments
    let passed = (0..<arguments.count).map { strand.registers[arguments[$0]] }
    for slot in passed { pool.retain(slot) }
    if tracksAddresses { tailCallPath(strand) }
    releaseLive(strand)
    enter(strand, terminator.pointee.number, passed)
  }

  /// Returns to the caller, or suspends the strand when there is none. False when it stops here.
  func returnValues(
    _ strand: Strand, _ terminator: UnsafePointer<CompiledTerminator>
  ) throws -> Bool {
    let values = terminator.pointee.arguments
    guard let frame = strand.frame else {
      try flush(strand)
      if strand.count == 0 { return false }
      let results = (0..<values.count).map { strand.registers[values[$0]] }
      for slot in results { pool.retain(slot) }
      releaseLive(strand)
      strand.reserve(results.count)
      for (position, slot) in results.enumerated() { strand.registers[position] = slot }
      strand.resultCount = results.count
      strand.state = .returned
      if tracksAddresses { releasePaths(strand) }
      suspend(strand)
      return false
    }
    if !strand.frameRows.isUniform { try flush(strand) }
    if strand.count == 0 { return false }
    let results = (0..<values.count).map { strand.registers[values[$0]] }
    for slot in results { pool.retain(slot) }
    releaseLive(strand)
    let function = program.functions[Int(frame.function)]
    let continuation = function.blocks[Int(frame.block)].terminator.pointee.continuation
    strand.reserve(function.registerCount)
    let targets = continuation.pointee.results
    for (position, slot) in results.enumerated() {
      if targets.start[position] >= 0 {
        strand.registers[targets[position]] = slot
      } else {
        pool.release(slot)
      }
    }
    let rows = strand.frameRows
    let restored = continuation.pointee.restored
    for k in 0..<restored.count {
      strand.registers[restored[k]] =
        rows.isUniform
        ? retained(frame.saved[k]) : gathered(frame.saved[k], rows, strand.count)
    }
    // Without a caller there is nothing to map rows to.
    strand.frameRows =
      frame.parent == nil
      ? Slot(uniform: 0)
      : rows.isUniform
        ? retained(frame.parentRows) : gathered(frame.parentRows, orRows: rows, strand.count)
    if tracksAddresses { returnPath(strand, frame, rows, continuation.pointee.loops) }
    pool.release(rows)
    strand.function = Int(frame.function)
    strand.block = continuation.pointee.block
    strand.frame = frame.parent
    return true
  }

  private func retained(_ slot: Slot) -> Slot {
    pool.retain(slot)
    return slot
  }

  /// The words of a slot in some rows.
  func gathered(_ slot: Slot, _ rows: Slot, _ count: Int) -> Slot {
    if slot.isUniform { return slot }
    let column = pool.make(count: count)
    let target = pool.data(column)
    let source = pool.data(slot.column)
    let index = pool.data(rows.column)
    for row in 0..<count { target[row] = source[Int(index[row])] }
    return Slot(column: column)
  }

  /// Row numbers composed: uniform stands for the identity.
  func gathered(_ slot: Slot, orRows rows: Slot, _ count: Int) -> Slot {
    slot.isUniform ? retained(rows) : gathered(slot, rows, count)
  }

  /// Calls the function of a closure. Lanes with different functions go separate ways. False when
  /// the strand was put back.
  func apply(
    _ strand: Strand, _ terminator: UnsafePointer<CompiledTerminator>, order: Int32
  ) throws -> Bool {
    let slot = strand.registers[terminator.pointee.register]
    if !slot.isUniform {
      replay?.hasVaryingControl = true
      try flush(strand)
      if strand.count == 0 { return false }
      let closures = pool.data(slot.column)
      let first = tag(closures[0])
      if (1..<strand.count).contains(where: { tag(closures[$0]) != first }) {
        splitByFunction(strand, closures)
        return false
      }
    }
    let bits = slot.isUniform ? slot.bits : pool.data(slot.column)[0]
    guard bits != 0 else {
      strand.count = 0
      return false
    }
    let function = BoxObject(bits: bits).tag
    let captures = captures(slot, bits, strand.count)
    if !slot.isUniform { recorder?.noteCaptures(of: slot.column, columns: captures, in: pool) }
    try call(strand, function, terminator, order: order, closure: captures)
    return true
  }

  private func tag(_ bits: UInt64) -> Int { bits == 0 ? -1 : BoxObject(bits: bits).tag }

  private func captures(_ slot: Slot, _ bits: UInt64, _ count: Int) -> [Slot] {
    let box = BoxObject(bits: bits)
    if slot.isUniform { return (0..<box.fieldCount).map { Slot(uniform: box.fields[$0]) } }
    let closures = pool.data(slot.column)
    return (0..<box.fieldCount).map { field in
      let column = pool.make(count: count)
      let target = pool.data(column)
      for row in 0..<count { target[row] = BoxObject(bits: closures[row]).fields[field] }
      return Slot(column: column)
    }
  }

  private func splitByFunction(_ strand: Strand, _ closures: UnsafeMutablePointer<UInt64>) {
    var rowsByTag: [Int: [Int32]] = [:]
    for row in 0..<strand.count { rowsByTag[tag(closures[row]), default: []].append(Int32(row)) }
    strand.isAtTerminator = true
    for (tag, rows) in rowsByTag.sorted(by: { $0.key < $1.key }) where tag >= 0 {
      addReady(select(strand, rows))
    }
    release(strand)
  }
}
