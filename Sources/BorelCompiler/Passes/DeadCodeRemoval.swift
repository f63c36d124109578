import BorelBase
import BorelIR
import BorelPrimitives

/// Removes pure instructions whose results nobody needs, and block parameters likewise.
///
/// Instructions that can fail stay: an index out of range is an error also where the element is
/// not used.
struct DeadCodeRemoval {
  private let isTotal: (Operation) -> Bool

  /// - Parameter isTotal: Whether an operation neither has effects nor can fail.
  init(isTotal: @escaping (Operation) -> Bool) {
    self.isTotal = isTotal
  }

  func run(_ function: inout Function) {
    let needed = neededValues(function)
    var kept: [[Bool]] = function.blocks.map { $0.parameters.map { needed.contains($0) } }
    if !kept.isEmpty { kept[0] = kept[0].map { _ in true } }
    for block in function.blocks where block.terminator.hasResults {
      for target in block.terminator.targets {
        let index = Int(target.block.index)
        let resultCount = kept[index].count - target.arguments.count
        for position in 0..<resultCount { kept[index][position] = true }
      }
    }
    for index in function.blocks.indices {
      var block = function.blocks[index]
      block.instructions.removeAll { instruction in
        isTotal(instruction.operation) && !instruction.results.contains { needed.contains($0) }
      }
      block.parameters = zip(block.parameters, kept[index]).filter(\.1).map(\.0)
      block.terminator = block.terminator.mapTargets { target in
        let flags = kept[Int(target.block.index)]
        let first = flags.count - target.arguments.count
        let arguments = target.arguments.enumerated().filter { flags[first + $0.offset] }
        return Target(target.block, arguments.map(\.element))
      }
      function.blocks[index] = block
    }
  }

  /// The values that effects, failures and control flow depend on.
  private func neededValues(_ function: Function) -> Set<ValueID> {
    var needed: Set<ValueID> = []
    var work: [ValueID] = []
    func need(_ value: ValueID) {
      if needed.insert(value).inserted { work.append(value) }
    }
    var makers: [ValueID: [ValueID]] = [:]
    for block in function.blocks {
      for instruction in block.instructions {
        if isTotal(instruction.operation) {
          for result in instruction.results { makers[result] = instruction.operands }
        } else {
          instruction.operands.forEach(need)
        }
      }
      block.terminator.operands.forEach(need)
      for target in block.terminator.targets {
        let parameters = function.blocks[Int(target.block.index)].parameters
        let offset = parameters.count - target.arguments.count
        for (position, argument) in target.arguments.enumerated() {
          makers[parameters[offset + position], default: []].append(argument)
        }
      }
    }
    while let value = work.popLast() { makers[value]?.forEach(need) }
    return needed
  }
}
