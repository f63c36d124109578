import BorelIR

/// Which registers hold something where: the compiler of machine code needs it for the columns to
/// be given back at their last use.
struct BlockLiveness {
  /// Live at the start of each block, without the block's own parameters.
  private(set) var liveIn: [Set<Int32>]

  init(_ function: Function) {
    liveIn = Array(repeating: [], count: function.blocks.count)
    var changed = true
    while changed {
      changed = false
      for index in function.blocks.indices.reversed() {
        var live = Self.liveBeforeTerminator(function.blocks[index], liveIn)
        for instruction in function.blocks[index].instructions.reversed() {
          for result in instruction.results { live.remove(result.index) }
          for operand in instruction.operands { live.insert(operand.index) }
        }
        for parameter in function.blocks[index].parameters { live.remove(parameter.index) }
        if live.count != liveIn[index].count {
          liveIn[index] = live
          changed = true
        }
      }
    }
  }

  /// Live before the terminator: what it reads and what its targets need.
  func liveBeforeTerminator(_ block: Block) -> Set<Int32> {
    Self.liveBeforeTerminator(block, liveIn)
  }

  private static func liveBeforeTerminator(
    _ block: Block, _ liveIn: [Set<Int32>]
  ) -> Set<Int32> {
    var live: Set<Int32> = []
    for operand in block.terminator.operands { live.insert(operand.index) }
    for target in block.terminator.targets {
      live.formUnion(liveIn[Int(target.block.index)])
    }
    return live
  }
}

extension Terminator {
  /// All values it reads, the arguments of its targets included.
  var operands: [ValueID] {
    switch self {
    case .jump(let target): target.arguments
    case .branch(let condition, let then, let otherwise):
      [condition] + then.arguments + otherwise.arguments
    case .call(_, let arguments, let continuation): arguments + continuation.arguments
    case .apply(let closure, let arguments, let continuation):
      [closure] + arguments + continuation.arguments
    case .returnValues(let values): values
    case .tailCall(_, let arguments): arguments
    case .checkpoint(_, let continuation): continuation.arguments
    case .fork(_, _, let operands, _, _, let continuation): operands + continuation.arguments
    }
  }

  var targets: [Target] {
    switch self {
    case .jump(let target): [target]
    case .branch(_, let then, let otherwise): [then, otherwise]
    case .call(_, _, let continuation), .apply(_, _, let continuation),
      .checkpoint(_, let continuation):
      [continuation]
    case .fork(_, _, _, _, _, let continuation): [continuation]
    case .returnValues, .tailCall: []
    }
  }
}
