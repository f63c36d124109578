/// Which branches decide whether a block runs, and at which merges they show.
///
/// An *arm* is one side of a branch. A block is control dependent on an arm when it runs after the
/// arm is taken but need not run otherwise (Ferrante, Ottenstein and Warren 1987, definition 3);
/// here the relation is closed transitively. Paths that never return count as leading to the exit.
package struct ControlDependence: Sendable {
  /// The arms: the block that branches and the position of the target.
  package struct Arm: Hashable, Sendable {
    package var block: Int
    package var side: Int
  }
  package let arms: [Arm]
  /// By block: the arms it depends on, as numbers of `arms`.
  package let dependences: [ValueSet]
  /// By block: the blocks whose branch decides over which edge it is entered, so that its
  /// parameters tell the branches apart. For the header of a loop, that includes the branches that
  /// leave the loop: how often its parameters changed depends on them.
  package let deciders: [[Int]]
  /// By block: the closest strict postdominator; nil when only the exit is.
  package let immediatePostdominator: [Int?]

  package init(_ function: Function, controlFlow flow: ControlFlow) {
    let count = function.blocks.count
    immediatePostdominator = Self.postdominators(flow)
    var arms: [Arm] = []
    var firstArm = [Int](repeating: -1, count: count)
    for block in flow.reversePostorder where flow.successors[block].count > 1 {
      firstArm[block] = arms.count
      for side in flow.successors[block].indices { arms.append(Arm(block: block, side: side)) }
    }
    self.arms = arms
    var direct = [ValueSet](repeating: ValueSet(capacity: arms.count), count: count)
    for (number, arm) in arms.enumerated() {
      let end = immediatePostdominator[arm.block]
      var current: Int? = flow.successors[arm.block][arm.side]
      while let block = current, block != end {
        direct[block].insert(number)
        current = immediatePostdominator[block]
      }
    }
    // Closing over the dependences of the branching blocks themselves.
    var closed = direct
    var changed = true
    while changed {
      changed = false
      for block in flow.reversePostorder {
        for number in closed[block].indices {
          let controlling = arms[number].block
          if closed[block].formUnion(closed[controlling]) { changed = true }
        }
      }
    }
    dependences = closed
    deciders = (0..<count).map { block in
      let edges = flow.predecessors[block].filter { flow.isReachable($0) }
      guard edges.count > 1 else { return [] }
      var union = ValueSet(capacity: arms.count)
      var common: ValueSet?
      var seen: [Int: Int] = [:]
      for source in edges {
        var reached = closed[source]
        if firstArm[source] >= 0 {
          // The n-th edge from a source is the n-th of its sides that leads here.
          let sides = flow.successors[source].indices.filter {
            flow.successors[source][$0] == block
          }
          let turn = seen[source, default: 0]
          seen[source] = turn + 1
          reached.insert(firstArm[source] + sides[min(turn, sides.count - 1)])
        }
        union.formUnion(reached)
        if common == nil { common = reached } else { common?.formIntersection(reached) }
      }
      if let common { union.subtract(common) }
      return Set(union.indices.map { arms[$0].block }).sorted()
    }
  }

  /// The blocks whose branches decide whether a block runs, ascending.
  package func controllers(of block: Int) -> [Int] {
    Set(dependences[block].indices.map { arms[$0].block }).sorted()
  }

  /// Immediate postdominators over the graph with an added exit, to which every returning block
  /// leads, and one block of each cycle without a way out.
  private static func postdominators(_ flow: ControlFlow) -> [Int?] {
    let count = flow.successors.count
    let exit = count
    var exits = flow.reversePostorder.filter { flow.successors[$0].isEmpty }
    var reaching = ValueSet(capacity: count)
    func mark(_ starts: [Int], into reaching: inout ValueSet) {
      var stack = starts
      while let block = stack.popLast() {
        guard reaching.insert(block) else { continue }
        stack += flow.predecessors[block].filter { flow.isReachable($0) }
      }
    }
    mark(exits, into: &reaching)
    for block in flow.reversePostorder.reversed() where !reaching.contains(block) {
      exits.append(block)
      mark([block], into: &reaching)
    }
    // The reversed graph: successors of a block are its predecessors, those of the exit `exits`.
    var reversed = flow.predecessors.map { $0.filter { flow.isReachable($0) } }
    reversed.append(exits)
    var back = [[Int]](repeating: [], count: count + 1)
    for block in reversed.indices {
      for successor in reversed[block] { back[successor].append(block) }
    }
    let order = ControlFlow.reversePostorder(from: exit, successors: reversed)
    var position = [Int](repeating: -1, count: count + 1)
    for (index, block) in order.enumerated() { position[block] = index }
    let dominators = ControlFlow.immediateDominators(
      order: order, position: position, predecessors: back)
    return (0..<count).map { block in
      dominators[block] < 0 || dominators[block] == exit ? nil : dominators[block]
    }
  }
}
