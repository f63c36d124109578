import BorelBase

/// Which scores every lane runs the same number of times and in the same order, so that all lanes
/// stand at the same score when they wait there.
///
/// A score is aligned when no branch that varies between lanes decides whether it runs: neither in
/// its own function nor on the way there. Uniform control flow is fine.
package struct Alignment: Sendable, CustomStringConvertible {
  /// A place that scores, `observe` or `score`.
  package struct Score: Hashable, Sendable {
    package var function: Int
    package var block: Int
    /// Position of the instruction in the block.
    package var position: Int
    package var site: Site
    package var span: Span
    package var isAligned: Bool
    /// The branch that differs between lanes, of a score that is not aligned; `.none` when it has
    /// no place in the text, nil when the score is aligned.
    package var cause: Span?
    /// How often the score runs at most, statically: 1, or 2 for "several times". A plate counts
    /// as one.
    package var executions: Int
  }

  /// Observations, in program order.
  package let scores: [Score]
  /// Free factors, in program order: they are no steps of a chain, so that the automatic placement
  /// of checkpoints passes over them when there are enough observations.
  package let factors: [Score]

  package var aligned: [Score] { scores.filter(\.isAligned) }
  /// Static executions of aligned scores; a score that runs several times counts as two.
  package var alignedExecutions: Int { aligned.reduce(0) { $0 + $1.executions } }

  /// - Parameters:
  ///   - roots: The functions that a driver starts, with the levels of their parameters; nil for
  ///     all models with uniform arguments.
  package init(
    _ program: Program,
    roots: [(function: FunctionID, parameters: [UniformityLevel])]? = nil
  ) {
    let roots = roots ?? Uniformity.modelRoots(program)
    let graph = CallGraph(program)
    let uniformity = Uniformity(program, roots: roots, callGraph: graph)
    let counts = ExecutionCounts(program, graph: graph, roots: roots.map { $0.function })
    let causes = AlignmentCauses(program, graph: graph, uniformity: uniformity)
    var scores: [Score] = []
    var factors: [Score] = []
    for (index, function) in program.functions.enumerated()
    where uniformity.reached.contains(index) {
      for (number, block) in function.blocks.enumerated()
      where counts.flows[index].isReachable(number) {
        for (position, instruction) in block.instructions.enumerated() {
          let isFactor = instruction.operation == .factor
          guard
            let site = isFactor
              ? Site(number: -1, name: "factor") : instruction.operation.scoreSite
          else { continue }
          let isAligned = uniformity.absoluteControl(of: number, in: index) != .varying
          let score = Score(
            function: index, block: number, position: position, site: site,
            span: instruction.span, isAligned: isAligned,
            cause: isAligned ? nil : causes.cause(of: number, in: index),
            executions: counts.executions(of: number, in: index, isPlate: site.isPlate))
          if isFactor { factors.append(score) } else { scores.append(score) }
        }
      }
    }
    self.scores = scores
    self.factors = factors
  }

  package var description: String {
    scores.map { score in
      let times = score.executions > 1 ? "several times" : "once"
      return "\(score.site.label): "
        + (score.isAligned ? "aligned, \(times)" : "not aligned: under a branch that varies")
    }.joined(separator: "\n")
  }
}

extension Operation {
  /// The site of an `observe` or `score`.
  package var scoreSite: Site? {
    switch self {
    case .observe(_, let site, _, _, _), .score(_, let site, _, _, _): site
    default: nil
    }
  }
}

/// How often blocks run, statically: never, once, or several times (2).
struct ExecutionCounts {
  let flows: [ControlFlow]
  private let loops: [NaturalLoops]
  /// By function, the largest over the roots.
  private var calls: [Int]

  init(_ program: Program, graph: CallGraph, roots: [FunctionID]) {
    flows = program.functions.map { ControlFlow($0) }
    loops = flows.map { NaturalLoops($0) }
    let count = program.functions.count
    calls = [Int](repeating: 0, count: count)
    for root in roots {
      let own = Self.calls(
        from: Int(root.index), graph: graph, loops: loops, functionCount: count)
      calls = zip(calls, own).map { max($0, $1) }
    }
  }

  private static func calls(
    from root: Int, graph: CallGraph, loops: [NaturalLoops], functionCount: Int
  ) -> [Int] {
    let reached = graph.reachable(from: [root])
    var counts = [Int](repeating: 0, count: functionCount)
    // Counts are joined from below: every pass can only raise them, up to 2.
    var changed = true
    while changed {
      changed = false
      for function in reached.indices {
        var total = function == root ? 1 : 0
        for call in graph.callers[function] where reached.contains(call.function) {
          let inLoop = loops[call.function].innermost[call.block] != nil
          total += counts[call.function] * (inLoop ? 2 : 1)
        }
        let count = min(2, total)
        if count > counts[function] {
          counts[function] = count
          changed = true
        }
      }
    }
    return counts
  }

  func executions(of block: Int, in function: Int, isPlate: Bool) -> Int {
    let depth = loops[function].enclosing(block).count - (isPlate ? 1 : 0)
    return min(2, calls[function] * (depth > 0 ? 2 : 1))
  }
}

/// Finds the branch to blame for a score that is not aligned.
struct AlignmentCauses {
  let program: Program
  let graph: CallGraph
  let uniformity: Uniformity
  private let dependences: [ControlDependence]

  init(_ program: Program, graph: CallGraph, uniformity: Uniformity) {
    self.program = program
    self.graph = graph
    self.uniformity = uniformity
    dependences = program.functions.map { ControlDependence($0, controlFlow: ControlFlow($0)) }
  }

  func cause(of block: Int, in function: Int) -> Span {
    var visited: Set<Int> = []
    return cause(of: block, in: function, &visited) ?? .none
  }

  private func cause(of block: Int, in function: Int, _ visited: inout Set<Int>) -> Span? {
    for controller in dependences[function].controllers(of: block) {
      let code = program.functions[function].blocks[controller]
      if case .branch(let condition, _, _) = code.terminator,
        uniformity.level(of: condition, in: function) == .varying
      {
        return code.terminatorSpan
      }
    }
    guard visited.insert(function).inserted else { return nil }
    for call in graph.callers[function] where uniformity.reached.contains(call.function) {
      if call.callees.count > 1, let closure = call.closure,
        uniformity.level(of: closure, in: call.function) == .varying
      {
        return program.functions[call.function].blocks[call.block].terminatorSpan
      }
      if let span = cause(of: call.block, in: call.function, &visited) { return span }
    }
    return nil
  }
}
