import BorelHeap
import BorelIR

/// The path of a strand: which calls and iterations led to the point where it stands. Uniform as
/// long as its lanes came the same way. Path columns never wait for the record.
extension Machine {
  /// Follows an edge through loops: an iteration continues the path, and leaving a loop gives back
  /// the path before it.
  @inline(__always)
  func follow(_ strand: Strand, _ step: LoopStep) {
    if !step.isTrivial { followLoops(strand, step) }
  }

  private func followLoops(_ strand: Strand, _ step: LoopStep) {
    for _ in 0..<step.leaving { leavePath(strand) }
    if step.repeats { extend(strand, Address.step(.iteration, 0)) }
    for k in 0..<step.entered.count {
      keepPath(strand)
      extend(strand, Address.step(.loop, place(strand, step.entered[k])))
    }
  }

  /// Where an instruction stands, as a number.
  @inline(__always)
  private func place(_ strand: Strand, _ number: Int) -> UInt64 {
    UInt64(program.functions[strand.function].addressNumber) << 28 | UInt64(number)
  }

  /// A call starts from the path of its place; the frame has the caller's.
  func callPath(_ strand: Strand) {
    pool.retain(strand.path)
    strand.outerPaths = []
    extend(strand, Address.step(.call, place(strand, strand.block)))
  }

  /// A tail call continues the path: its frame is that of the first call.
  func tailCallPath(_ strand: Strand) {
    for slot in strand.outerPaths { pool.release(slot) }
    strand.outerPaths = []
    extend(strand, Address.step(.call, place(strand, strand.block)))
  }

  /// Takes the caller's path back from its frame.
  func returnPath(_ strand: Strand, _ frame: Frame, _ rows: Slot, _ step: LoopStep) {
    releasePaths(strand)
    func restored(_ slot: Slot) -> Slot {
      if rows.isUniform || slot.isUniform {
        pool.retain(slot)
        return slot
      }
      return gathered(slot, rows, strand.count)
    }
    strand.path = restored(frame.path)
    strand.outerPaths = frame.outerPaths.map(restored)
    let number = strand.function
    strand.function = Int(frame.function)
    follow(strand, step)
    strand.function = number
  }

  func releasePaths(_ strand: Strand) {
    pool.release(strand.path)
    for slot in strand.outerPaths { pool.release(slot) }
    strand.path = Slot(uniform: Address.root)
    strand.outerPaths = []
  }

  private func keepPath(_ strand: Strand) {
    pool.retain(strand.path)
    strand.outerPaths.append(strand.path)
  }

  /// Goes back to the path before the innermost loop or memo table.
  func leavePath(_ strand: Strand) {
    guard let outer = strand.outerPaths.popLast() else { return }
    pool.release(strand.path)
    strand.path = outer
  }

  private func extend(_ strand: Strand, _ step: UInt64) {
    let path = strand.path
    strand.path = mapped(path, strand.count) { Address.mix($0, step) }
    pool.release(path)
  }

  /// A function of the words of a slot that has values.
  private func mapped(_ slot: Slot, _ count: Int, _ function: (UInt64) -> UInt64) -> Slot {
    if slot.isUniform { return Slot(uniform: function(slot.bits)) }
    let column = pool.make(count: count)
    let target = pool.data(column)
    let source = pool.data(slot.column)
    for row in 0..<count { target[row] = function(source[row]) }
    return Slot(column: column)
  }

  // MARK: Memo tables

  /// The number of a new memo table: where it was made, so that it does not depend on how many
  /// others a lane has made before.
  func addressOfTable(
    _ strand: Strand, _ code: UnsafePointer<CompiledInstruction>
  ) -> Slot {
    let step = Address.step(.table, place(strand, code.pointee.results[0]))
    return mapped(strand.path, strand.count) { Address.mix($0, step) }
  }

  /// The choices that follow belong to an entry of a memo table (semantics, 1.12).
  func enterMemo(_ strand: Strand, _ code: UnsafePointer<CompiledInstruction>) throws {
    let operands = code.pointee.operands
    if (0..<operands.count).contains(where: { isPending(strand.registers[operands[$0]]) }) {
      try flush(strand)
      if strand.count == 0 { return }
    }
    keepPath(strand)
    let key = program.effects[code.pointee.payload].key
    let slots = (0..<operands.count).map { strand.registers[operands[$0]] }
    pool.release(strand.path)
    if slots.allSatisfy(\.isUniform) {
      strand.path = Slot(uniform: Self.entry(slots.map(\.bits), key))
      return
    }
    let column = pool.make(count: strand.count)
    let target = pool.data(column)
    var words = [UInt64](repeating: 0, count: slots.count)
    for row in 0..<strand.count {
      for k in slots.indices { words[k] = pool.word(slots[k], row: row) }
      target[row] = Self.entry(words, key)
    }
    strand.path = Slot(column: column)
  }

  /// The path of an entry of a memo table: the table, then the key.
  private static func entry(_ words: [UInt64], _ key: [IRType]) -> UInt64 {
    let hash = words.withUnsafeBufferPointer {
      structuralHash(
        $0.baseAddress.unsafelyUnwrapped + 1, count: key.count, pointerMask: key.pointerMask)
    }
    return Address.mix(Address.mix(words[0], Address.step(.key, 0)), hash)
  }

  func isPending(_ slot: Slot) -> Bool { !slot.isUniform && pool.isPending(slot.column) }
}
