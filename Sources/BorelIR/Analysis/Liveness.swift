/// Which values are still needed where: what a lane must carry.
///
/// A value is live at a point when some path from there reads it. The words that a call, apply or
/// fork puts in front of its continuation's parameters are not values before they arrive.
package struct LivenessAnalysis: Sendable {
  /// By block: the values defined elsewhere that are live when the block starts. The block's own
  /// parameters are not among them.
  package let liveIn: [ValueSet]
  /// By block: the values live when the block's terminator has read its own operands, before
  /// control leaves: what the successors need, and the arguments of the targets. For call, apply,
  /// checkpoint and fork this is exactly what must survive in the frame while the lane waits.
  package let liveAcross: [ValueSet]
  /// By block and position (`instructions.count` is the terminator): the values that may be
  /// released after it: operands with no later use, and results that are never read. Arguments
  /// that the terminator hands over to a target's parameters count as released by it.
  package let released: [[[ValueID]]]
  /// By block: parameters that are never read.
  package let unreadParameters: [[ValueID]]

  private let function: Function

  package init(_ function: Function, controlFlow: ControlFlow? = nil) {
    self.function = function
    let flow = controlFlow ?? ControlFlow(function)
    let capacity = function.valueTypes.count
    let blockCount = function.blocks.count
    var used = [ValueSet](repeating: ValueSet(capacity: capacity), count: blockCount)
    var defined = used
    for (index, block) in function.blocks.enumerated() {
      for parameter in block.parameters { defined[index].insert(parameter) }
      for instruction in block.instructions {
        for operand in instruction.operands where !defined[index].contains(operand) {
          used[index].insert(operand)
        }
        for result in instruction.results { defined[index].insert(result) }
      }
      let reads = block.terminator.operands + block.terminator.targets.flatMap(\.arguments)
      for operand in reads where !defined[index].contains(operand) {
        used[index].insert(operand)
      }
    }
    var liveIn = used
    var pending = flow.reversePostorder
    var isPending = [Bool](repeating: true, count: blockCount)
    while let block = pending.popLast() {
      isPending[block] = false
      var live = ValueSet(capacity: capacity)
      for successor in flow.successors[block] { live.formUnion(liveIn[successor]) }
      live.subtract(defined[block])
      if liveIn[block].formUnion(live) {
        for predecessor in flow.predecessors[block] where !isPending[predecessor] {
          isPending[predecessor] = true
          pending.append(predecessor)
        }
      }
    }
    self.liveIn = liveIn
    var across: [ValueSet] = []
    for (index, block) in function.blocks.enumerated() {
      var live = ValueSet(capacity: capacity)
      for successor in flow.successors[index] { live.formUnion(liveIn[successor]) }
      for target in block.terminator.targets {
        for argument in target.arguments { live.insert(argument) }
      }
      across.append(live)
    }
    liveAcross = across
    var released: [[[ValueID]]] = []
    var unread: [[ValueID]] = []
    for (index, block) in function.blocks.enumerated() {
      let (atPositions, parameters) = Self.releases(
        in: block, successors: flow.successors[index], liveIn: liveIn, capacity: capacity)
      released.append(atPositions)
      unread.append(parameters)
    }
    self.released = released
    unreadParameters = unread
  }

  /// The values live after instruction `instruction` of a block, before the next one; with
  /// `instruction` -1 at the start of the block, its live parameters included.
  package func liveAfter(_ block: Int, _ instruction: Int) -> ValueSet {
    let code = function.blocks[block]
    var live = liveAcross[block]
    for operand in code.terminator.operands { live.insert(operand) }
    for position in stride(from: code.instructions.count - 1, to: instruction, by: -1) {
      for result in code.instructions[position].results { live.remove(result) }
      for operand in code.instructions[position].operands { live.insert(operand) }
    }
    return live
  }

  /// Walks a block backwards and notes where each value is read for the last time.
  private static func releases(
    in block: Block, successors: [Int], liveIn: [ValueSet], capacity: Int
  ) -> (positions: [[ValueID]], unreadParameters: [ValueID]) {
    var live = ValueSet(capacity: capacity)
    for successor in successors { live.formUnion(liveIn[successor]) }
    var positions = [[ValueID]](repeating: [], count: block.instructions.count + 1)
    for operand in block.terminator.operands + block.terminator.targets.flatMap(\.arguments)
    where live.insert(operand) {
      positions[block.instructions.count].append(operand)
    }
    for (position, instruction) in block.instructions.enumerated().reversed() {
      for result in instruction.results {
        if !live.contains(result) { positions[position].append(result) }
        live.remove(result)
      }
      for operand in instruction.operands where live.insert(operand) {
        positions[position].append(operand)
      }
    }
    return (positions, block.parameters.filter { !live.contains($0) })
  }
}
