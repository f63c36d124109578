import BorelBase
import BorelIR

/// Removes block parameters that carry one value whatever way the block is entered.
struct ParameterRemoval {
  private var replacement: [ValueID: ValueID] = [:]
  /// How many parameters of each block are results of the call before it: they have no arguments.
  private var resultCounts: [Int]

  private init(_ function: Function) {
    resultCounts = Array(repeating: 0, count: function.blocks.count)
    for block in function.blocks where block.terminator.hasResults {
      for target in block.terminator.targets {
        let index = Int(target.block.index)
        resultCounts[index] = function.blocks[index].parameters.count - target.arguments.count
      }
    }
  }

  static func run(_ function: inout Function) {
    var removal = ParameterRemoval(function)
    removal.remove(&function)
  }

  private func resolve(_ value: ValueID) -> ValueID {
    var value = value
    while let next = replacement[value] { value = next }
    return value
  }

  private mutating func remove(_ function: inout Function) {
    let reachable = function.reachableBlocks()
    var edges: [[(source: Int, slot: Int)]] = Array(repeating: [], count: function.blocks.count)
    for source in reachable {
      for (slot, target) in function.blocks[source].terminator.targets.enumerated() {
        edges[Int(target.block.index)].append((source, slot))
      }
    }
    // Arguments by edge, so that columns can be read without rebuilding terminators.
    let arguments = function.blocks.map { $0.terminator.targets.map(\.arguments) }
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
