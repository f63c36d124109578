import BorelBase
import BorelDistributions
import BorelHeap
import BorelIR

/// The choices of a graph as the moves of a Markov chain see them.
extension ComputationGraph {
  /// The family of a choice; nil when its distribution is a value, which may differ by chain.
  package func family(of choice: Int) -> (any Family.Type)? { choices[choice].use.type }

  /// The parameters of a choice's distribution: words or columns of one word per chain.
  package func parameters(of choice: Int) -> [ColumnOperand] {
    choices[choice].parameters.map(view)
  }

  /// The value words of a choice: one column per word.
  package func columns(of choice: Int) -> [UnsafeMutablePointer<UInt64>] {
    choices[choice].values.map { self[$0].data }
  }

  /// The log-densities of a choice under its present parameters, by chain.
  package func logDensities(of choice: Int) -> UnsafeMutablePointer<Double> {
    let node = nodes[choices[choice].node]
    return reals(resultList[node.results.lowerBound])
  }

  /// Draws a choice of all chains from its distribution.
  ///
  /// - Parameter target: One column per value word.
  /// - Throws: E0320 when a sampler of the app fails.
  package func draw(
    _ choice: Int, streams: LaneStreams, into target: [UnsafeMutablePointer<UInt64>]
  ) throws {
    let choice = choices[choice]
    withUnsafeTemporaryAllocation(
      of: ColumnOperand.self, capacity: choice.parameters.count + 1
    ) { views in
      for (k, value) in choice.parameters.enumerated() { views[k] = view(value) }
      target.withUnsafeBufferPointer { columns in
        guard let into = columns.baseAddress else { return }
        choice.use.draw(
          count: chainCount, UnsafePointer(views.baseAddress.unsafelyUnwrapped), streams,
          arena: machine.arena, into: into)
      }
    }
    guard let problem = machine.arena.hostProblem else { return }
    machine.arena.hostProblem = nil
    throw Diagnostic("E0320", .runtime, problem, at: choice.span)
  }

  /// What the program reports for the present choices, after `computeOutputs`: number of the
  /// report, loop counters, and the words of the value as words or columns.
  package var reported: [(report: Int, loops: [Int64], values: [ColumnOperand])] {
    emissions.map { ($0.report, $0.loops, $0.values.map(view)) }
  }

  /// The words of the result, after `computeOutputs`.
  package var resultColumns: [ColumnOperand] { results.map(view) }

  /// The sums of the tallies, after `computeOutputs`.
  package var tallyColumns: [ColumnOperand] { tallies.map(view) }

  private func view(_ id: GraphValueID) -> ColumnOperand {
    ColumnOperand(base: self[id].data, stride: self[id].stride)
  }

  /// Objects that values of the graph refer to, for the collector.
  package func visitHandles(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for value in values where value.isHandle {
      for chain in 0..<(value.stride == 0 ? 1 : chainCount) { visit(value.data + chain) }
    }
  }

  /// Frees objects that nothing refers to any more, when there are many.
  ///
  /// Proposals of slices do not survive; call it between moves.
  package func collectGarbage() throws {
    if machine.arena.byteCount > machine.collectionThreshold { try machine.collectIdle() }
  }
}
