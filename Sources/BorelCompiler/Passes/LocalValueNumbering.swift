import BorelIR

/// Computes a value once that a block computes twice. Only pure operations: two draws are two
/// draws.
enum LocalValueNumbering {
  private struct Key: Hashable {
    var operation: Operation
    /// Tells 0 from -0, which compare equal.
    var bits: UInt64
    var operands: [ValueID]
    var results: [IRType]
  }

  static func run(_ function: inout Function) {
    var replacement: [ValueID: ValueID] = [:]
    for index in function.blocks.indices {
      var known: [Key: [ValueID]] = [:]
      var kept: [Instruction] = []
      for var instruction in function.blocks[index].instructions {
        instruction.operands = instruction.operands.map { replacement[$0] ?? $0 }
        guard instruction.operation.isPure, !instruction.results.isEmpty,
          !isReference(instruction)
        else {
          kept.append(instruction)
          continue
        }
        let key = Key(
          operation: instruction.operation, bits: bits(instruction.operation),
          operands: instruction.operands,
          results: instruction.results.map { function.valueTypes[Int($0.index)] })
        if let values = known[key] {
          for (old, new) in zip(instruction.results, values) { replacement[old] = new }
        } else {
          known[key] = instruction.results
          kept.append(instruction)
        }
      }
      function.blocks[index].instructions = kept
    }
    function.replaceValues(replacement)
  }

  /// References to distributions of the host are made anew for each use: none is part of the state at
  /// a checkpoint, which may be stored.
  private static func isReference(_ instruction: Instruction) -> Bool {
    if case .primitive = instruction.operation { return instruction.operands.isEmpty }
    return false
  }

  private static func bits(_ operation: Operation) -> UInt64 {
    if case .constant(.real(let value)) = operation { value.bitPattern } else { 0 }
  }
}
