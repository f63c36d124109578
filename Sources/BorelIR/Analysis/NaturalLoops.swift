/// A natural loop: a header and the blocks from which a back edge to it can be reached.
package struct NaturalLoop: Hashable, Sendable {
  package var header: Int
  /// The blocks of the loop, ascending, header included.
  package var blocks: [Int]
  /// Index of the smallest enclosing loop in `NaturalLoops.loops`.
  package var parent: Int?
}

/// The natural loops of a function; loops with the same header are one.
package struct NaturalLoops: Sendable {
  /// Outer loops before the loops inside them.
  package let loops: [NaturalLoop]
  /// By block: index of the innermost loop that contains it.
  package let innermost: [Int?]
  private let memberships: [ValueSet]

  package init(_ flow: ControlFlow) {
    let blockCount = flow.successors.count
    var members: [(header: Int, blocks: ValueSet)] = []
    for header in flow.reversePostorder {
      let latches = flow.predecessors[header].filter { flow.isBackEdge(from: $0, to: header) }
      guard !latches.isEmpty else { continue }
      var blocks = ValueSet(capacity: blockCount)
      blocks.insert(header)
      var stack = latches
      while let block = stack.popLast() {
        guard blocks.insert(block) else { continue }
        stack += flow.predecessors[block].filter { flow.isReachable($0) }
      }
      members.append((header, blocks))
    }
    members.sort { $0.blocks.count > $1.blocks.count }
    var innermost = [Int?](repeating: nil, count: blockCount)
    var loops: [NaturalLoop] = []
    for (index, member) in members.enumerated() {
      let blocks = member.blocks.indices
      loops.append(
        NaturalLoop(header: member.header, blocks: blocks, parent: innermost[member.header]))
      for block in blocks { innermost[block] = index }
    }
    self.loops = loops
    self.innermost = innermost
    memberships = members.map(\.blocks)
  }

  package func contains(_ loop: Int, block: Int) -> Bool { memberships[loop].contains(block) }

  /// The loops that contain a block, innermost first.
  package func enclosing(_ block: Int) -> [Int] {
    var list: [Int] = []
    var current = innermost[block]
    while let loop = current {
      list.append(loop)
      current = loops[loop].parent
    }
    return list
  }
}
