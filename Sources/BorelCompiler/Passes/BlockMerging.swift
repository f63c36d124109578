import BorelBase
import BorelIR

/// Makes blocks as long as possible: a block whose only way in is a jump is appended to the block
/// it comes from, and a jump to an empty block goes where that block goes.
///
/// Long blocks are what makes the machine fast: between two instructions of a block there is
/// nothing to decide.
enum BlockMerging {
  static func run(_ function: inout Function) {
    threadJumps(&function)
    mergeChains(&function)
    function = function.renumbered()
  }

  /// Sends jumps to a block that only jumps on directly to where it goes, when the empty block's
  /// parameters are not read by anybody else.
  private static func threadJumps(_ function: inout Function) {
    let readers = function.blocksReading()
    var forward: [Int: Target] = [:]
    for (index, block) in function.blocks.enumerated() where index != 0 {
      guard block.instructions.isEmpty, case .jump(let target) = block.terminator,
        Int(target.block.index) != index,
        block.parameters.allSatisfy({ readers[$0, default: []].isSubset(of: [index]) })
      else { continue }
      forward[index] = target
    }
    if forward.isEmpty { return }
    // A ring of empty blocks is an endless loop; its members stay.
    for start in forward.keys {
      var seen: Set<Int> = [start]
      var next = forward[start].map { Int($0.block.index) }
      while let index = next, let target = forward[index] {
        if !seen.insert(index).inserted {
          forward[index] = nil
          break
        }
        next = Int(target.block.index)
      }
    }
    for index in function.blocks.indices {
      function.blocks[index].terminator = function.blocks[index].terminator.mapTargets {
        target in
        let isCall = function.blocks[index].terminator.hasResults
        if isCall { return target }
        var target = target
        while let on = forward[Int(target.block.index)] {
          let parameters = function.blocks[Int(target.block.index)].parameters
          var map: [ValueID: ValueID] = [:]
          for (parameter, argument) in zip(parameters, target.arguments) {
            map[parameter] = argument
          }
          target = Target(on.block, on.arguments.map { map[$0] ?? $0 })
        }
        return target
      }
    }
  }

  private static func mergeChains(_ function: inout Function) {
    let reachable = Set(function.reachableBlocks())
    var entries = Array(repeating: 0, count: function.blocks.count)
    for index in reachable {
      for target in function.blocks[index].terminator.targets {
        entries[Int(target.block.index)] += 1
      }
    }
    var replacement: [ValueID: ValueID] = [:]
    var merged: Set<Int> = []
    for start in function.reachableBlocks() where !merged.contains(start) {
      while case .jump(let target) = function.blocks[start].terminator {
        let next = Int(target.block.index)
        if next == 0 || next == start || entries[next] != 1 { break }
        for (parameter, argument) in zip(function.blocks[next].parameters, target.arguments) {
          replacement[parameter] = argument
        }
        let tail = function.blocks[next]
        function.blocks[start].instructions += tail.instructions
        function.blocks[start].terminator = tail.terminator
        function.blocks[start].terminatorSpan = tail.terminatorSpan
        merged.insert(next)
        function.blocks[next].instructions = []
        function.blocks[next].parameters = []
        function.blocks[next].terminator = .returnValues([])
      }
    }
    function.replaceValues(replacement)
  }
}

extension Function {
  /// For each value, the blocks that read it.
  func blocksReading() -> [ValueID: Set<Int>] {
    var readers: [ValueID: Set<Int>] = [:]
    for (index, block) in blocks.enumerated() {
      for instruction in block.instructions {
        for operand in instruction.operands { readers[operand, default: []].insert(index) }
      }
      for operand in block.terminator.operands { readers[operand, default: []].insert(index) }
      for target in block.terminator.targets {
        for argument in target.arguments { readers[argument, default: []].insert(index) }
      }
    }
    return readers
  }

  /// Reads other values in place of some; chains of replacements are followed.
  mutating func replaceValues(_ replacement: [ValueID: ValueID]) {
    if replacement.isEmpty { return }
    func resolve(_ value: ValueID) -> ValueID {
      var value = value
      while let next = replacement[value] { value = next }
      return value
    }
    for (old, new) in replacement {
      let value = resolve(new)
      if let name = valueNames[old.index], valueNames[value.index] == nil {
        valueNames[value.index] = name
      }
    }
    for index in blocks.indices {
      for position in blocks[index].instructions.indices {
        let operands = blocks[index].instructions[position].operands
        blocks[index].instructions[position].operands = operands.map(resolve)
      }
      blocks[index].terminator = blocks[index].terminator.mapValues(resolve)
    }
  }
}
