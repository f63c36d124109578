import BorelIR

extension ComputationGraph {
  /// Whether no branch was decided by what choices reach.
  package var hasFixedStructure: Bool { guards.isEmpty }

  /// Finds the nodes that no weight and no guard needs: they only serve outputs.
  ///
  /// - Parameter leavesOutGenerated: Whether a choice whose value nothing else needs is among them,
  ///   a generated quantity; where that would be all choices, none is.
  func markLazyNodes(leavesOutGenerated: Bool) {
    let choiceOfNode = Dictionary(
      uniqueKeysWithValues: choices.indices.map { (choices[$0].node, $0) })
    var isNeeded = [Bool](repeating: false, count: values.count)
    for guardValue in guards { isNeeded[Int(guardValue.index)] = true }
    generatedChoices = [:]
    for index in nodes.indices.reversed() {
      let isEager: Bool
      if leavesOutGenerated, let choice = choiceOfNode[index] {
        isEager = choices[choice].values.contains { isNeeded[Int($0.index)] }
        if !isEager { generatedChoices[index] = choice }
      } else {
        isEager =
          nodes[index].isTerm || results(of: nodes[index]).contains { isNeeded[Int($0.index)] }
      }
      nodes[index].isLazy = !isEager
      if isEager {
        for operand in operands(of: nodes[index]) { isNeeded[Int(operand.index)] = true }
      }
    }
    if leavesOutGenerated, generatedChoices.count == choices.count {
      markLazyNodes(leavesOutGenerated: false)
    }
  }

  /// The choices that kernels move, ascending: all but the generated quantities.
  package var movedChoices: [Int] {
    let generated = Set(generatedChoices.values)
    return choices.indices.filter { !generated.contains($0) }
  }

  /// The nodes that a change of some choices reaches, in order; their own densities included.
  func affected(by changed: [Int]) -> (nodes: [Int], changesStructure: Bool) {
    var pending: [GraphValueID] = changed.flatMap { choices[$0].values }
    var reached: Set<Int32> = []
    var seen = Set(pending)
    let guardSet = Set(guards)
    var changesStructure = false
    while let value = pending.popLast() {
      if guardSet.contains(value) { changesStructure = true }
      for user in users[Int(value.index)] where reached.insert(user).inserted {
        let node = nodes[Int(user)]
        if node.isLazy || node.isTerm { continue }
        for result in results(of: node) where seen.insert(result).inserted {
          pending.append(result)
        }
      }
    }
    return (reached.filter { !nodes[Int($0)].isLazy }.map { Int($0) }.sorted(), changesStructure)
  }
}
