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
    let resultCounts = blocks.map(\.resultCount)
    var function = Function(
      name: name,
      blocks: blocks.map {
        Block(
          parameters: $0.parameters, instructions: $0.instructions,
          terminator: $0.terminator ?? .returnValues([]), terminatorSpan: $0.terminatorSpan)
      },
      valueTypes: valueTypes, results: results, span: span, valueNames: valueNames)
    var cleanup = ParameterCleanup(function, resultCounts: resultCounts)
    cleanup.run(&function)
    return function.renumbered()
  }
}

/// Removes block parameters that carry one value whatever way the block is entered.
struct ParameterCleanup {
  private var replacement: [ValueID: ValueID] = [:]
  private let resultCounts: [Int]

  init(_ function: Function, resultCounts: [Int]) {
    self.resultCounts = resultCounts
  }

  private func resolve(_ value: ValueID) -> ValueID {
    var value = value
    while let next = replacement[value] { value = next }
    return value
  }

  mutating func run(_ function: inout Function) {
    let reachable = function.reachableBlocks()
    var edges: [[(source: Int, slot: Int)]] = Array(repeating: [], count: function.blocks.count)
    for source in reachable {
      for (slot, target) in function.blocks[source].terminator.targets.enumerated() {
        edges[Int(target.block.index)].append((source, slot))
      }
    }
    // Arguments by edge, so that columns can be read without rebuilding terminators.
    var arguments = function.blocks.map { $0.terminator.targets.map(\.arguments) }
    var isDropped = function.blocks.map { $0.parameters.map { _ in false } }
    var changed = true
    while changed {
      changed = false
      for block in reachable where block != 0 {
        let first = resultCounts[block]
        for position in function.blocks[block].parameters.indices.dropFirst(first)
        where !isDropped[block][position] {
          let parameter = function.blocks[block].parameters[position]
          var only: ValueID?
          var isTrivial = true
          for edge in edges[block] {
            let value = resolve(arguments[edge.source][edge.slot][position - first])
            if value == parameter || value == only { continue }
            if only != nil {
              isTrivial = false
              break
            }
            only = value
          }
          if isTrivial, let only {
            replacement[parameter] = only
            isDropped[block][position] = true
            changed = true
          }
        }
      }
    }
    rewrite(&function, isDropped)
    arguments = []
  }

  private func rewrite(_ function: inout Function, _ isDropped: [[Bool]]) {
    for (old, new) in replacement {
      guard let name = function.valueNames[old.index] else { continue }
      let value = resolve(new)
      if function.valueNames[value.index] == nil { function.valueNames[value.index] = name }
    }
    for index in function.blocks.indices {
      var block = function.blocks[index]
      block.parameters = zip(block.parameters, isDropped[index]).filter { !$0.1 }.map(\.0)
      for position in block.instructions.indices {
        block.instructions[position].operands = block.instructions[position].operands.map(resolve)
      }
      block.terminator = block.terminator.mapTargets { target in
        let block = Int(target.block.index)
        let kept = target.arguments.enumerated().filter {
          !isDropped[block][$0.offset + resultCounts[block]]
        }
        return Target(target.block, kept.map(\.element))
      }
      block.terminator = block.terminator.mapValues(resolve)
      function.blocks[index] = block
    }
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
