import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels

extension ComputationGraph {
  func reals(_ id: GraphValueID) -> UnsafeMutablePointer<Double> {
    UnsafeMutableRawPointer(self[id].data).assumingMemoryBound(to: Double.self)
  }

  /// Runs all nodes that densities need, for the present choices.
  ///
  /// - Throws: `Diagnostic` when a term is NaN.
  package func computeAll() throws {
    try run { !$0.isLazy }
  }

  /// Runs the nodes that only serve outputs, and draws the generated quantities on the way.
  ///
  /// - Parameter nextStreams: The random streams of a draw, one per chain.
  /// - Throws: `Diagnostic` when an operation fails in a chain; which one, a run of the program tells.
  package func computeOutputs(_ nextStreams: () -> LaneStreams) throws {
    try run(\.isLazy) { index, step, failed in
      if (0..<chainCount).contains(where: { failed[$0] != 0 }) {
        throw Diagnostic("E0313", .runtime, "the operation failed", at: machine.span(step.place))
      }
      // The density of the old value has told whether the parameters are in their domains.
      if let choice = generatedChoices[index] {
        try draw(choice, streams: nextStreams(), into: columns(of: choice))
      }
    }
  }

  private func run(
    _ isIncluded: (GraphNode) -> Bool,
    afterwards: (Int, GraphStep, UnsafePointer<UInt8>) throws -> Void = { _, _, _ in }
  ) throws {
    let failed = UnsafeMutablePointer<UInt8>.allocate(capacity: chainCount + 1)
    failed.initialize(repeating: 0, count: chainCount + 1)
    defer { failed.deallocate() }
    let run = GraphRun(start: 0, count: chainCount, arena: machine.arena, failed: failed)
    for (index, node) in nodes.enumerated() where isIncluded(node) {
      let step = GraphStep(
        kind: node.kind,
        operands: operands(of: node).map {
          ColumnOperand(base: self[$0].data, stride: self[$0].stride)
        },
        results: results(of: node).map { self[$0].data }, place: node.place)
      if let chain = run.run(step) { throw notANumber(step, chain: chain) }
      try afterwards(index, step, failed)
    }
  }

  func notANumber(_ step: GraphStep, chain: Int) -> Diagnostic {
    let place = step.place
    let span = place.instruction < 0 ? Span.none : machine.span(place)
    if let problem = hostProblem(step, chain: chain) {
      return Diagnostic(
        "E0320", .runtime, problem, at: span, hints: ["found in chain \(chain)"])
    }
    return Diagnostic(
      "E0310", .runtime, "a log-density is NaN in chain \(chain)", at: span,
      hints: ["NaN comes from operations such as 0 / 0, log of a negative number, inf - inf"])
  }

  /// What code of the app has to do with a NaN; nil when it has not.
  private func hostProblem(_ step: GraphStep, chain: Int) -> String? {
    let words = step.operands.map { $0.word(chain) }
    if case .density(let use) = step.kind { return use.hostProblem(words, skipsFlag: true) }
    guard case .column = step.kind, step.place.instruction >= 0 else { return nil }
    let source = machine.program.source
    let block = source.functions[step.place.function].blocks[step.place.block]
    guard case .primitive(let name) = block.instructions[step.place.instruction].operation else {
      return nil
    }
    return source.primitive(named: name)?.explain?(words)
  }

  /// The log-density of each chain: the sum of all terms in program order.
  package func logDensities(into sums: UnsafeMutablePointer<Double>) {
    sums.update(repeating: 0, count: chainCount)
    for node in nodes where node.isTerm {
      guard let id = results(of: node).first else { continue }
      let terms = reals(id)
      for chain in 0..<chainCount { sums[chain] += terms[chain] }
    }
  }

  /// What a change of some choices reaches.
  package func slice(of choices: [Int]) -> GraphSlice { GraphSlice(self, choices: choices) }
}
