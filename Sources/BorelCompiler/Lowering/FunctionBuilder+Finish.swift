import BorelBase
import BorelIR

extension FunctionBuilder {
  /// Drops what cannot be reached and parameters that carry one value, numbers blocks and values
  /// in the order of control flow, and returns the function.
  package consuming func finish() -> Function {
    for index in blocks.indices where blocks[index].terminator == nil {
      if blocks[index].edges.isEmpty && index != 0 {
        blocks[index].terminator = .jump(Target(BlockID(index)))
      } else {
        internalError("a block of '\(name)' has no end")
      }
    }
    var function = Function(
      name: name,
      blocks: blocks.map {
        Block(
          parameters: $0.parameters, instructions: $0.instructions,
          terminator: $0.terminator ?? .returnValues([]), terminatorSpan: $0.terminatorSpan)
      },
      valueTypes: valueTypes, results: results, span: span, valueNames: valueNames)
    ParameterRemoval.run(&function)
    return function.renumbered()
  }
}

extension Function {
  /// Indices of the blocks that control can get to, in reverse postorder from the entry.
  func reachableBlocks() -> [Int] {
    var state = Array(repeating: 0, count: blocks.count)
    var order: [Int] = []
    var stack: [(block: Int, targets: [Int])] = []
    func targets(_ index: Int) -> [Int] {
      blocks[index].terminator.targets.map { Int($0.block.index) }
    }
    guard !blocks.isEmpty else { return [] }
    state[0] = 1
    stack.append((0, targets(0)))
    while let top = stack.last {
      if let next = top.targets.last {
        stack[stack.count - 1].targets.removeLast()
        if state[next] == 0 {
          state[next] = 1
          stack.append((next, targets(next)))
        }
      } else {
        order.append(top.block)
        stack.removeLast()
      }
    }
    return order.reversed()
  }

  /// The function with unreachable blocks dropped and blocks and values numbered in order.
  func renumbered() -> Function {
    let order = reachableBlocks()
    var blockNumber: [Int: Int] = [:]
    for (new, old) in order.enumerated() { blockNumber[old] = new }
    var valueNumber: [ValueID: ValueID] = [:]
    var types: [IRType] = []
    func define(_ value: ValueID) -> ValueID {
      let new = ValueID(types.count)
      types.append(valueTypes[Int(value.index)])
      valueNumber[value] = new
      return new
    }
    var result = self
    result.blocks = order.map { old in
      var block = blocks[old]
      block.parameters = block.parameters.map { define($0) }
      for index in block.instructions.indices {
        block.instructions[index].results = block.instructions[index].results.map { define($0) }
      }
      return block
    }
    func renamed(_ value: ValueID) -> ValueID {
      guard let new = valueNumber[value] else {
        internalError("value \(value.index) of '\(name)' is used but never made")
      }
      return new
    }
    for index in result.blocks.indices {
      for position in result.blocks[index].instructions.indices {
        let operands = result.blocks[index].instructions[position].operands
        result.blocks[index].instructions[position].operands = operands.map(renamed)
      }
      result.blocks[index].terminator = result.blocks[index].terminator.mapValues(renamed)
        .mapTargets { target in
          Target(BlockID(blockNumber[Int(target.block.index)] ?? 0), target.arguments)
        }
    }
    result.valueTypes = types
    result.valueNames = [:]
    for (old, name) in valueNames {
      if let new = valueNumber[ValueID(Int(old))] { result.valueNames[new.index] = name }
    }
    return result
  }
}
