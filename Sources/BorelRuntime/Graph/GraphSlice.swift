import BorelBase
import BorelHeap
import BorelIR

/// What a change of some choices of a graph makes necessary, ready to run.
///
/// The proposed values and all that is computed from them live in memory of the slice until a move
/// is accepted.
package final class GraphSlice {
  package let choices: [Int]
  /// Whether a branch was decided by something that the choices reach: the structure may change,
  /// and the slice must not be used.
  package let changesStructure: Bool
  /// Operations of the slice, terms of the log-density included.
  package var operationCount: Int { steps.count }
  /// Where the proposed words of each choice are written: one column per word.
  package let proposals: [[UnsafeMutablePointer<UInt64>]]
  /// One byte per chain: not 0 where an operation failed in the last evaluation.
  package let failed: UnsafeMutablePointer<UInt8>
  private let graph: ComputationGraph
  private let steps: [GraphStep]
  /// Current and proposed columns of all values that change.
  private let changes:
    [(current: UnsafeMutablePointer<UInt64>, proposed: UnsafeMutablePointer<UInt64>)]
  /// Current and proposed terms of the log-density, in program order.
  private let terms:
    [(current: UnsafeMutablePointer<Double>, proposed: UnsafeMutablePointer<Double>)]
  /// Whether each term is the density of a choice.
  private let isOfChoice: [Bool]
  /// The log-density of the first choice itself, now and as proposed; the latter after
  /// `evaluateOwnTerm` or `evaluate`.
  package let ownTerm:
    (current: UnsafeMutablePointer<Double>, proposed: UnsafeMutablePointer<Double>)
  private let ownStep: GraphStep?
  /// Nil when nobody asks where the time goes.
  private let timer: GraphTimer?
  private let memory: UnsafeMutablePointer<UInt64>
  private static let blockWidth = 2048

  init(_ graph: ComputationGraph, choices changed: [Int]) {
    let (nodes, changesStructure) = graph.affected(by: changed)
    self.graph = graph
    choices = changed
    self.changesStructure = changesStructure
    let stride = (graph.chainCount + 15) & ~15 + 16
    let seeds = changed.flatMap { graph.choices[$0].values }
    let columnCount =
      Set(seeds).count + nodes.reduce(0) { $0 + graph.nodes[$1].results.count }
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(columnCount, 1) * stride * 8, alignment: 64
    ).bindMemory(to: UInt64.self, capacity: max(columnCount, 1) * stride)
    memory.initialize(repeating: 0, count: max(columnCount, 1) * stride)
    self.memory = memory
    failed = .allocate(capacity: graph.chainCount + 1)
    failed.initialize(repeating: 0, count: graph.chainCount + 1)
    var next = 0
    var proposed: [GraphValueID: UnsafeMutablePointer<UInt64>] = [:]
    func shadow(_ value: GraphValueID) -> UnsafeMutablePointer<UInt64> {
      if let known = proposed[value] { return known }
      let column = memory + next * stride
      next += 1
      proposed[value] = column
      return column
    }
    proposals = changed.map { graph.choices[$0].values.map(shadow) }
    var changes = Set(seeds).sorted { $0.index < $1.index }.map {
      (current: graph[$0].data, proposed: shadow($0))
    }
    var steps: [GraphStep] = []
    var terms: [(UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>)] = []
    var isOfChoice: [Bool] = []
    let ownNode = changed.first.map { graph.choices[$0].node }
    var ownStep: GraphStep?
    var ownTerm = (graph.noTerm, graph.noTerm)
    for index in nodes {
      let node = graph.nodes[index]
      let operands = graph.operands(of: node).map { id in
        if let column = proposed[id] { return ColumnOperand(base: column, stride: 1) }
        return ColumnOperand(base: graph[id].data, stride: graph[id].stride)
      }
      let results = graph.results(of: node).map { id in
        let column = shadow(id)
        changes.append((graph[id].data, column))
        return column
      }
      steps.append(
        GraphStep(kind: node.kind, operands: operands, results: results, place: node.place))
      if index == ownNode, let id = graph.results(of: node).first {
        ownStep = steps.last
        ownTerm = (
          graph.reals(id),
          UnsafeMutableRawPointer(shadow(id)).assumingMemoryBound(to: Double.self)
        )
      }
      if node.isTerm, let id = graph.results(of: node).first {
        isOfChoice.append(graph.choiceNodes.contains(index))
        terms.append(
          (
            graph.reals(id),
            UnsafeMutableRawPointer(shadow(id)).assumingMemoryBound(
              to: Double.self)
          ))
      }
    }
    self.changes = changes
    self.steps = steps
    self.terms = terms
    self.isOfChoice = isOfChoice
    self.ownStep = ownStep
    timer = graph.machine.options.profile.map { profile in
      GraphTimer(profile, sites: steps.map { GraphTimer.site(of: $0, in: graph.machine) })
    }
    self.ownTerm = ownTerm
  }

  deinit {
    memory.deallocate()
    failed.deallocate()
  }

  /// Computes the slice for the proposed words.
  ///
  /// - Parameter ratios: Receives, by chain, the log-density after the change minus that before, over
  ///   the terms of the slice; `-infinity` where an operation failed.
  /// - Throws: `Diagnostic` when a term is NaN.
  package func evaluate(ratios: UnsafeMutablePointer<Double>) throws {
    let count = graph.chainCount
    failed.update(repeating: 0, count: count)
    var start = 0
    while start < count {
      let run = GraphRun(
        start: start, count: min(Self.blockWidth, count - start), arena: graph.machine.arena,
        failed: failed)
      if let timer {
        try timer.run(steps, in: run, of: graph)
      } else {
        for step in steps {
          if let chain = run.run(step) { throw graph.notANumber(step, chain: chain) }
        }
      }
      start += run.count
    }
    ratios.update(repeating: 0, count: count)
    for term in terms {
      for chain in 0..<count {
        // Two impossible states are equally impossible: the chain does not move from one.
        ratios[chain] += term.proposed[chain] - term.current[chain]
      }
    }
    for chain in 0..<count where failed[chain] != 0 || ratios[chain].isNaN {
      ratios[chain] = -.infinity
    }
  }

  /// What a change does to the terms of the slice in one chain, after `evaluate`.
  package struct Sums {
    /// Over the densities of choices, the first one included.
    package var logChoicesOld = 0.0
    package var logChoicesNew = 0.0
    /// Over all that weighs the chain.
    package var logScoresOld = 0.0
    package var logScoresNew = 0.0
  }

  package func sums(_ chain: Int) -> Sums {
    var sums = Sums()
    for (term, isOfChoice) in zip(terms, isOfChoice) {
      if isOfChoice {
        sums.logChoicesOld += term.current[chain]
        sums.logChoicesNew += term.proposed[chain]
      } else {
        sums.logScoresOld += term.current[chain]
        sums.logScoresNew += term.proposed[chain]
      }
    }
    return sums
  }

  /// Computes only the log-density of the first choice for the proposed words.
  package func evaluateOwnTerm() throws {
    guard let ownStep else { return }
    failed.update(repeating: 0, count: graph.chainCount)
    let run = GraphRun(
      start: 0, count: graph.chainCount, arena: graph.machine.arena, failed: failed)
    if let chain = run.run(ownStep) { throw graph.notANumber(ownStep, chain: chain) }
  }

  /// Takes over the proposed values of the chains where `isAccepted` is not 0.
  package func commit(_ isAccepted: UnsafePointer<UInt8>) {
    let count = graph.chainCount
    var accepted: [Int32] = []
    for chain in 0..<count where isAccepted[chain] != 0 { accepted.append(Int32(chain)) }
    if accepted.isEmpty { return }
    if accepted.count == count {
      for change in changes { change.current.update(from: change.proposed, count: count) }
      return
    }
    for change in changes {
      for chain in accepted { change.current[Int(chain)] = change.proposed[Int(chain)] }
    }
  }
}
