import BorelIR

/// Takes `x ~ P with Q` back to `x ~ P`: what is drawn from Q and weighted by the ratio of the
/// densities has the law P.
enum ProposalRemoval {
  static func applied(to program: Program) -> Program {
    var program = program
    for index in program.functions.indices {
      var function = program.functions[index]
      let draws = weightedDraws(of: function)
      if draws.isEmpty { continue }
      for draw in draws.reversed() { rewrite(draw, in: &function) }
      removeUnused(from: &function)
      program.functions[index] = function
    }
    return program
  }

  /// A draw and the factor that weighs it, in one block.
  private struct WeightedDraw {
    var block: Int
    var sample: Int
    var factor: Int
    /// The source of the draw after the rewriting: operands, and the family when they are its
    /// parameters.
    var family: String?
    var parameters: [ValueID]
  }

  private static func weightedDraws(of function: Function) -> [WeightedDraw] {
    var definitions: [ValueID: Instruction] = [:]
    for instruction in function.blocks.lazy.flatMap(\.instructions) {
      for result in instruction.results { definitions[result] = instruction }
    }
    /// The distribution and the values of a log-density.
    func density(_ value: ValueID) -> (distribution: ValueID, values: ArraySlice<ValueID>)? {
      guard let definition = definitions[value], case .logDensity = definition.operation else {
        return nil
      }
      return (definition.operands[0], definition.operands.dropFirst())
    }
    var draws: [WeightedDraw] = []
    for (block, code) in function.blocks.enumerated() {
      for (position, factor) in code.instructions.enumerated()
      where factor.operation == .factor {
        guard let ratio = definitions[factor.operands[0]],
          ratio.operation == .primitive("subtract.real"), let prior = density(ratio.operands[0]),
          let proposal = density(ratio.operands[1]), prior.values == proposal.values,
          let sample = code.instructions[..<position].lastIndex(where: { instruction in
            guard case .sample = instruction.operation else { return false }
            return instruction.span == factor.span && instruction.results[...] == prior.values
          })
        else { continue }
        var (family, parameters): (String?, [ValueID]) = (nil, [prior.distribution])
        if let made = definitions[prior.distribution],
          case .distributionMake(let name, _) = made.operation
        {
          (family, parameters) = (name, made.operands)
        }
        draws.append(
          WeightedDraw(
            block: block, sample: sample, factor: position, family: family,
            parameters: parameters))
      }
    }
    return draws
  }

  private static func rewrite(_ draw: WeightedDraw, in function: inout Function) {
    var sample = function.blocks[draw.block].instructions[draw.sample]
    guard case .sample(_, let site, let count, let types) = sample.operation else { return }
    let counters = sample.operands.dropFirst(count)
    sample.operation = .sample(
      family: draw.family, site, parameterCount: draw.parameters.count, types)
    sample.operands = draw.parameters + counters
    function.blocks[draw.block].instructions[draw.sample] = sample
    function.blocks[draw.block].instructions.remove(at: draw.factor)
  }

  private static func removeUnused(from function: inout Function) {
    while true {
      var used: Set<ValueID> = []
      for block in function.blocks {
        for instruction in block.instructions { used.formUnion(instruction.operands) }
        used.formUnion(block.terminator.operands)
        used.formUnion(block.terminator.targets.flatMap(\.arguments))
      }
      var isChanged = false
      for block in function.blocks.indices {
        let before = function.blocks[block].instructions.count
        function.blocks[block].instructions.removeAll { instruction in
          instruction.operation.isPure && !instruction.results.contains { used.contains($0) }
        }
        if function.blocks[block].instructions.count < before { isChanged = true }
      }
      if !isChanged { return }
    }
  }
}
