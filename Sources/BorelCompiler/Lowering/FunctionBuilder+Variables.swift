import BorelBase
import BorelIR

extension FunctionBuilder {
  /// Declares a variable of one word.
  package mutating func makeVariable(_ type: IRType) -> WordVariable {
    variableTypes.append(type)
    return WordVariable(index: Int32(variableTypes.count - 1))
  }

  /// Makes a value the variable's from here on.
  package mutating func write(_ variable: WordVariable, _ value: ValueID) {
    blocks[Int(current.index)].definitions[variable] = value
  }

  /// The variable's value here.
  package mutating func read(_ variable: WordVariable) -> ValueID {
    var work: [(block: BlockID, variable: WordVariable, parameter: ValueID)] = []
    let value = lookUp(variable, in: current, &work)
    fill(&work)
    return value
  }

  /// Declares that all jumps to a block are known.
  package mutating func seal(_ block: BlockID) {
    let index = Int(block.index)
    blocks[index].isSealed = true
    var work: [(block: BlockID, variable: WordVariable, parameter: ValueID)] =
      blocks[index].waiting.map { (block, $0.variable, $0.parameter) }
    blocks[index].waiting = []
    fill(&work)
  }

  /// Finds the value at the end of a block. Walks up as long as there is one way in; where there
  /// are several it makes a parameter and leaves its arguments to the work list.
  private mutating func lookUp(
    _ variable: WordVariable, in block: BlockID,
    _ work: inout [(block: BlockID, variable: WordVariable, parameter: ValueID)]
  ) -> ValueID {
    var passed: [Int] = []
    var index = Int(block.index)
    var found: ValueID?
    while found == nil {
      if let value = blocks[index].definitions[variable] {
        found = value
      } else if !blocks[index].isSealed {
        let parameter = makeParameter(variable, in: index)
        blocks[index].waiting.append((variable, parameter))
        found = parameter
      } else if blocks[index].edges.count == 1 {
        passed.append(index)
        index = Int(blocks[index].edges[0].source.index)
      } else if blocks[index].edges.isEmpty {
        // Nothing reaches this block: any value will do.
        found = undefined(variable, in: index)
      } else {
        let parameter = makeParameter(variable, in: index)
        work.append((BlockID(index), variable, parameter))
        found = parameter
      }
    }
    let value = found ?? ValueID(0)
    for index in passed { blocks[index].definitions[variable] = value }
    return value
  }

  private mutating func makeParameter(_ variable: WordVariable, in index: Int) -> ValueID {
    let parameter = makeValue(variableTypes[Int(variable.index)])
    blocks[index].parameters.append(parameter)
    blocks[index].definitions[variable] = parameter
    return parameter
  }

  private mutating func undefined(_ variable: WordVariable, in index: Int) -> ValueID {
    if index == 0 { internalError("a variable of '\(name)' is read before it is written") }
    let type = variableTypes[Int(variable.index)]
    let value = makeValue(type)
    blocks[index].instructions.insert(
      Instruction(.constant(.zero(of: type)), [], results: [value], span: .none), at: 0)
    blocks[index].definitions[variable] = value
    return value
  }

  /// Gives each parameter on the work list its argument in every edge. In the order in which the
  /// parameters were made: arguments are matched to parameters by position.
  private mutating func fill(
    _ work: inout [(block: BlockID, variable: WordVariable, parameter: ValueID)]
  ) {
    var next = 0
    while next < work.count {
      let (block, variable, _) = work[next]
      next += 1
      for edge in blocks[Int(block.index)].edges {
        let value = lookUp(variable, in: edge.source, &work)
        appendArgument(value, to: edge)
      }
    }
  }

  private mutating func appendArgument(_ value: ValueID, to edge: Edge) {
    let source = Int(edge.source.index)
    blocks[source].terminator = blocks[source].terminator?.mapEdges { slot, target in
      slot == edge.slot ? Target(target.block, target.arguments + [value]) : target
    }
  }
}
