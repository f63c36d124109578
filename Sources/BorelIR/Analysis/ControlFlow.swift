/// The control-flow graph of a function: edges, orders, dominators.
///
/// Blocks are numbers, block 0 is the entry. Blocks that cannot be reached have no place in
/// `reversePostorder` and no dominator.
package struct ControlFlow: Sendable {
  /// Successors by block, in the order of the terminator's targets; a branch with both targets
  /// equal lists the block twice.
  package let successors: [[Int]]
  /// Predecessors by block, one entry per edge; unreachable predecessors included.
  package let predecessors: [[Int]]
  /// The reachable blocks: every block before its successors, back edges excepted.
  package let reversePostorder: [Int]
  /// Position in `reversePostorder`; -1 for unreachable blocks.
  package let order: [Int]
  /// The closest strict dominator; -1 for the entry and for unreachable blocks.
  package let immediateDominator: [Int]

  package init(_ function: Function) {
    let count = function.blocks.count
    successors = function.blocks.map { block in
      block.terminator.targets.map { Int($0.block.index) }.filter { $0 >= 0 && $0 < count }
    }
    var predecessors = [[Int]](repeating: [], count: count)
    for block in 0..<count {
      for successor in successors[block] { predecessors[successor].append(block) }
    }
    self.predecessors = predecessors
    reversePostorder = Self.reversePostorder(from: 0, successors: successors)
    var order = [Int](repeating: -1, count: count)
    for (position, block) in reversePostorder.enumerated() { order[block] = position }
    self.order = order
    immediateDominator = Self.immediateDominators(
      order: reversePostorder, position: order, predecessors: predecessors)
  }

  package func isReachable(_ block: Int) -> Bool { order[block] >= 0 }

  /// Whether every path from the entry to `block` passes `dominator`; true when they are equal.
  package func dominates(_ dominator: Int, _ block: Int) -> Bool {
    guard isReachable(dominator), isReachable(block) else { return false }
    var current = block
    while current >= 0 && order[current] >= order[dominator] {
      if current == dominator { return true }
      current = immediateDominator[current]
    }
    return false
  }

  /// Whether the edge closes a loop: its target dominates its source.
  package func isBackEdge(from source: Int, to target: Int) -> Bool { dominates(target, source) }

  /// Depth-first from `start` without recursion, so that the size of a function is no limit.
  static func reversePostorder(from start: Int, successors: [[Int]]) -> [Int] {
    guard start < successors.count else { return [] }
    var visited = [Bool](repeating: false, count: successors.count)
    var postorder: [Int] = []
    var stack: [(block: Int, next: Int)] = [(start, 0)]
    visited[start] = true
    while let top = stack.last {
      if top.next < successors[top.block].count {
        stack[stack.count - 1].next += 1
        let successor = successors[top.block][top.next]
        if !visited[successor] {
          visited[successor] = true
          stack.append((successor, 0))
        }
      } else {
        postorder.append(top.block)
        stack.removeLast()
      }
    }
    return postorder.reversed()
  }

  /// Cooper, Harvey and Kennedy (2001), "A simple, fast dominance algorithm", figure 3.
  static func immediateDominators(
    order: [Int], position: [Int], predecessors: [[Int]]
  ) -> [Int] {
    var dominator = [Int](repeating: -1, count: predecessors.count)
    guard let entry = order.first else { return dominator }
    dominator[entry] = entry
    var changed = true
    while changed {
      changed = false
      for block in order.dropFirst() {
        var candidate = -1
        for predecessor in predecessors[block] where dominator[predecessor] >= 0 {
          if candidate < 0 {
            candidate = predecessor
            continue
          }
          var other = predecessor
          while candidate != other {
            while position[candidate] > position[other] { candidate = dominator[candidate] }
            while position[other] > position[candidate] { other = dominator[other] }
          }
        }
        if dominator[block] != candidate {
          dominator[block] = candidate
          changed = true
        }
      }
    }
    dominator[entry] = -1
    return dominator
  }
}
