import BorelIR

/// Removes draws whose value nothing reads and nothing reports, with the pure code that only
/// serves them. Operations that may fail count as readers, so that no error goes unnoticed, apart
/// from a bad parameter of the removed draw itself.
func removingDeadChoices(
  _ program: Program, signatures: SignatureSource = .registries
) -> Program {
  var program = program
  for index in program.functions.indices {
    var pass = DeadChoicePass(
      function: program.functions[index], signatures: signatures.including(program.host))
    pass.run()
    program.functions[index] = pass.function
  }
  return program
}

struct DeadChoicePass {
  var function: Function
  let signatures: SignatureSource
  private var needed: ValueSet

  init(function: Function, signatures: SignatureSource) {
    self.function = function
    self.signatures = signatures
    needed = ValueSet(capacity: function.valueTypes.count)
  }

  mutating func run() {
    guard function.blocks.contains(where: { $0.instructions.contains(where: isChoice) }) else {
      return
    }
    markNeeded()
    let isDead = { (instruction: Instruction, needed: ValueSet) in
      !instruction.results.contains { needed.contains($0) }
    }
    let hasDeadChoice = function.blocks.contains { block in
      block.instructions.contains { isChoice($0) && isDead($0, needed) }
    }
    guard hasDeadChoice else { return }
    for block in function.blocks.indices {
      let kept = function.blocks[block].instructions.filter {
        !isRemovable($0) || !isDead($0, needed)
      }
      function.blocks[block].instructions = kept
    }
    removeDeadParameters()
  }

  private func isChoice(_ instruction: Instruction) -> Bool {
    if case .sample(_, let site, _, _) = instruction.operation { return !site.isReported }
    return false
  }

  private func isRemovable(_ instruction: Instruction) -> Bool {
    switch instruction.operation {
    case .primitive(let name): signatures.isTotal(name)
    case .arrayFill, .arrayGet, .arraySet, .arraySlice, .distributionMake, .logDensity: false
    default: instruction.operation.isPure || isChoice(instruction)
    }
  }

  /// Parameters of a block that receive arguments, after those that receive results.
  private func argumentPositions(_ target: Target) -> (parameters: [ValueID], first: Int) {
    let parameters = function.blocks[Int(target.block.index)].parameters
    return (parameters, max(0, parameters.count - target.arguments.count))
  }

  private mutating func markNeeded() {
    var changed = true
    while changed {
      changed = false
      for block in function.blocks.reversed() {
        var reads = block.terminator.operands
        for target in block.terminator.targets {
          let (parameters, first) = argumentPositions(target)
          for (argument, parameter) in zip(target.arguments, parameters.dropFirst(first))
          where needed.contains(parameter) {
            reads.append(argument)
          }
        }
        for read in reads where needed.insert(read) { changed = true }
        for instruction in block.instructions.reversed() {
          let isNeeded =
            !isRemovable(instruction) || instruction.results.contains { needed.contains($0) }
          guard isNeeded else { continue }
          for operand in instruction.operands where needed.insert(operand) { changed = true }
        }
      }
    }
  }

  private mutating func removeDeadParameters() {
    let before = function
    for (index, block) in before.blocks.enumerated() {
      function.blocks[index].terminator = block.terminator.mapTargets { target in
        let parameters = before.blocks[Int(target.block.index)].parameters
        let first = max(0, parameters.count - target.arguments.count)
        let kept = zip(target.arguments, parameters.dropFirst(first)).filter {
          needed.contains($1)
        }
        return Target(target.block, kept.map(\.0))
      }
    }
    for block in before.blocks {
      for target in block.terminator.targets {
        let number = Int(target.block.index)
        let parameters = before.blocks[number].parameters
        let first = max(0, parameters.count - target.arguments.count)
        function.blocks[number].parameters =
          parameters.prefix(first) + parameters.dropFirst(first).filter { needed.contains($0) }
      }
    }
  }
}
