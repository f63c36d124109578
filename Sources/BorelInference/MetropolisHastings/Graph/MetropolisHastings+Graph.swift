import BorelRuntime

extension MetropolisHastings {
  /// The computation graph of the chains, where every move is one of a single choice and no choice
  /// can change which choices there are.
  func makeGraph(_ chains: Chains) throws -> ComputationGraph? {
    guard run.options.choices == nil, settings.kernel.hasGraphKernel,
      let evaluator = chains.evaluator as? FullEvaluator,
      let graph = try evaluator.makeGraph(chains.current)
    else { return nil }
    return graph.hasFixedStructure ? graph : nil
  }

  /// Runs the chains on the graph.
  func execute(
    on graph: ComputationGraph, _ chains: Chains, _ recorder: DrawRecorder
  ) throws -> Outcome {
    let machine = chains.machine
    // The graph holds the machine.
    machine.visitDriverRoots = { [weak graph] visit in
      graph?.visitHandles(visit)
      recorder.visitHandles(visit)
    }
    let probe = run.host.engine.probe
    let moving = GraphChains(
      graph: graph, key: key, chainKeys: probe.chainKeys(machine.groupKeys), probe: probe)
    var kernel = settings.kernel.makeGraphKernel(chainCount: settings.chains)
    let total = settings.warmup + settings.draws * settings.thin
    for iteration in 0..<settings.warmup {
      try moving.beginIteration()
      try kernel.step(moving)
      try machine.checkTime()
      tell(iteration, of: total)
    }
    moving.isAdapting = false
    moving.statistics = MoveStatistics()
    try keepingDraws(recorder) {
      for draw in 0..<settings.draws {
        for _ in 0..<settings.thin {
          try moving.beginIteration()
          try kernel.step(moving)
        }
        try recorder.record(graph)
        try machine.checkTime()
        tell(settings.warmup + (draw + 1) * settings.thin, of: total)
      }
    }
    return outcome(recorder, moving.statistics, machine)
  }
}

extension MethodSpecification {
  /// Whether the kernel moves one choice at a time in all its parts.
  var hasGraphKernel: Bool {
    switch name {
    case "singleSite", "randomWalk", "gibbs": true
    case "cycle", "mixture": parts.allSatisfy(\.hasGraphKernel)
    default: false
    }
  }

  /// The kernel on a computation graph.
  ///
  /// - Precondition: `hasGraphKernel`.
  func makeGraphKernel(chainCount: Int) -> any GraphKernel {
    switch name {
    case "randomWalk":
      GraphSweep(
        move: GraphRandomWalk(scale: real("scale"), chainCount: chainCount), steps: int("steps"))
    case "gibbs": GraphSweep(move: GraphGibbs(chainCount: chainCount), steps: int("steps"))
    case "cycle": GraphCycle(parts: parts.map { $0.makeGraphKernel(chainCount: chainCount) })
    case "mixture": GraphMixture(parts: parts.map { $0.makeGraphKernel(chainCount: chainCount) })
    default:
      GraphSweep(move: GraphResimulation(chainCount: chainCount), steps: int("steps"))
    }
  }
}
