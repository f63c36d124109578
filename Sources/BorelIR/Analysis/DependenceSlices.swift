import BorelBase

/// What a change of the value drawn at a site can affect: all that must run again when a proposal
/// changes one choice.
package struct DependenceSlices: Sendable {
  /// How a site is affected.
  package struct AffectedSite: Hashable, Sendable {
    package var site: Site
    package var function: Int
    package var span: Span
    /// It is a score, not a choice.
    package var isScore: Bool
    /// Its density may change: its parameters, or the value that is scored.
    package var changesDensity: Bool
    /// Whether or how often it runs may change.
    package var changesExistence: Bool
  }

  package struct Slice: Hashable, Sendable, CustomStringConvertible {
    package var site: Site
    /// By function: the values that may change.
    package var values: [ValueSet]
    /// By function: the blocks that may run or not, or another number of times.
    package var blocks: [ValueSet]
    /// The affected choices and scores in program order, the site itself excluded.
    package var sites: [AffectedSite]
    /// What instructions in the slice do; draws only where the choice may come or go.
    package var effects: EffectSet
    /// Whether a result of a model may change.
    package var affectsResult: Bool

    /// Whether choices may come or go.
    package var changesStructure: Bool {
      sites.contains { !$0.isScore && $0.changesExistence }
    }

    package var description: String {
      func uniqued(_ labels: [String]) -> [String] {
        labels.indices.filter { labels.firstIndex(of: labels[$0]) == $0 }.map { labels[$0] }
      }
      func list(_ kept: (AffectedSite) -> Bool) -> String {
        uniqued(sites.filter(kept).map(\.site.label)).joined(separator: ", ")
      }
      var parts: [String] = []
      let scores = list { $0.isScore && $0.changesDensity }
      if !scores.isEmpty { parts.append("scores of \(scores)") }
      let choices = list { !$0.isScore && $0.changesDensity }
      if !choices.isEmpty { parts.append("densities of \(choices)") }
      let structure = list { $0.changesExistence }
      if !structure.isEmpty { parts.append("whether \(structure) run") }
      if !effects.isDisjoint(with: [.factors, .requires]) { parts.append("factors") }
      if effects.contains(.tallies) { parts.append("tallies") }
      if affectsResult { parts.append("the result") }
      return "\(site.label) affects " + (parts.isEmpty ? "nothing" : parts.joined(separator: "; "))
    }
  }

  private let program: Program
  private let graph: DependenceGraph
  private let reached: ValueSet

  /// - Parameter roots: The functions that a driver starts; nil for all models.
  package init(_ program: Program, roots: [FunctionID]? = nil) {
    self.program = program
    let calls = CallGraph(program)
    graph = DependenceGraph(program, graph: calls)
    let roots = roots ?? program.models.map(\.function)
    reached = calls.reachable(from: roots.map { Int($0.index) })
  }

  /// The slice of the choice with a site number; nil when there is no such choice.
  package func slice(of number: Int) -> Slice? {
    for (index, function) in program.functions.enumerated() {
      for block in function.blocks {
        for instruction in block.instructions {
          if let site = instruction.operation.site, site.number == number {
            return slice(of: site, results: instruction.results, in: index)
          }
        }
        if case .fork(_, let site, _, _, let types, let continuation) = block.terminator,
          site.number == number
        {
          let parameters = function.blocks[Int(continuation.block.index)].parameters
          return slice(of: site, results: Array(parameters.prefix(types.count)), in: index)
        }
      }
    }
    return nil
  }

  private func slice(of site: Site, results: [ValueID], in function: Int) -> Slice {
    let nodes = graph.reachable(from: results.map { graph.node($0, in: function) })
    var slice = Slice(
      site: site, values: [], blocks: [], sites: [], effects: [], affectsResult: false)
    for (index, function) in program.functions.enumerated() {
      let isReached = reached.contains(index)
      var values = ValueSet(capacity: function.valueTypes.count)
      var blocks = ValueSet(capacity: function.blocks.count)
      if isReached {
        for value in function.valueTypes.indices
        where nodes.contains(graph.node(ValueID(value), in: index)) {
          values.insert(value)
        }
        for block in function.blocks.indices
        where nodes.contains(graph.node(block: block, in: index)) {
          blocks.insert(block)
        }
      }
      slice.values.append(values)
      slice.blocks.append(blocks)
      if isReached { collect(index, into: &slice) }
    }
    slice.affectsResult = program.models.contains { model in
      let index = Int(model.function.index)
      return reached.contains(index)
        && program.functions[index].results.indices.contains {
          nodes.contains(graph.node(result: $0, in: index))
        }
    }
    return slice
  }

  private func collect(_ index: Int, into slice: inout Slice) {
    for (number, block) in program.functions[index].blocks.enumerated() {
      let exists = slice.blocks[index].contains(number)
      for instruction in block.instructions {
        let isRead = instruction.operands.contains { slice.values[index].contains($0) }
        guard exists || isRead, !instruction.operation.isPure else { continue }
        guard let site = instruction.operation.site else {
          slice.effects.formUnion(instruction.operation.effects)
          continue
        }
        let isScore = instruction.operation.scoreSite != nil
        if isScore { slice.effects.insert(.scores) }
        if exists { slice.effects.formUnion(instruction.operation.effects) }
        guard site.number != slice.site.number || exists else { continue }
        slice.sites.append(
          AffectedSite(
            site: site, function: index, span: instruction.span, isScore: isScore,
            changesDensity: isRead, changesExistence: exists))
      }
      if case .fork(_, let site, let operands, _, _, _) = block.terminator {
        let isRead = operands.contains { slice.values[index].contains($0) }
        if exists || isRead {
          slice.sites.append(
            AffectedSite(
              site: site, function: index, span: block.terminatorSpan, isScore: false,
              changesDensity: isRead, changesExistence: exists))
        }
      }
    }
  }
}
