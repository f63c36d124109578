import BorelBase

extension Function {
  /// A new value of a type, without a definition yet.
  package mutating func addValue(_ type: IRType) -> ValueID {
    valueTypes.append(type)
    return ValueID(valueTypes.count - 1)
  }

  /// Appends a block and returns its number.
  package mutating func addBlock(_ block: Block) -> Int {
    blocks.append(block)
    return blocks.count - 1
  }

  /// Moves the instructions from a position on, and the terminator, to a new block without
  /// parameters, to which the old block jumps.
  ///
  /// - Returns: The number of the new block. Other blocks keep theirs.
  package mutating func split(block: Int, before position: Int) -> Int {
    let tail = Block(
      instructions: Array(blocks[block].instructions[position...]),
      terminator: blocks[block].terminator, terminatorSpan: blocks[block].terminatorSpan)
    let number = addBlock(tail)
    blocks[block].instructions.removeSubrange(position...)
    blocks[block].terminator = .jump(Target(BlockID(number)))
    blocks[block].terminatorSpan = .none
    return number
  }

  /// Puts an empty block on every edge from a block to another one.
  ///
  /// - Returns: The number of the new block, which has the arguments of the first such edge as
  ///   parameters; the edges keep their arguments.
  package mutating func splitEdges(from source: Int, to target: Int) -> Int {
    let types = blocks[target].parameters.map { valueTypes[Int($0.index)] }
    let parameters = types.map { addValue($0) }
    let number = addBlock(
      Block(
        parameters: parameters, terminator: .jump(Target(BlockID(target), parameters)),
        terminatorSpan: blocks[source].terminatorSpan))
    blocks[source].terminator = blocks[source].terminator.mapTargets { edge in
      Int(edge.block.index) == target ? Target(BlockID(number), edge.arguments) : edge
    }
    return number
  }

  /// Puts the blocks into a new order and renumbers the targets. Blocks that are not listed go;
  /// no listed block may lead to them.
  package mutating func arrange(_ order: [Int]) {
    var numbers = [Int](repeating: -1, count: blocks.count)
    for (number, block) in order.enumerated() { numbers[block] = number }
    blocks = order.map { block in
      var copy = blocks[block]
      copy.terminator = copy.terminator.mapTargets { target in
        Target(BlockID(numbers[Int(target.block.index)]), target.arguments)
      }
      return copy
    }
  }
}

extension Constant {
  /// The word that stands for "nothing" of a type.
  package static func zero(of type: IRType) -> Constant {
    switch type {
    case .real: .real(0)
    case .int: .int(0)
    case .bool: .bool(false)
    case .string: .string("")
    default: .null
    }
  }
}
