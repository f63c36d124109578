import BorelRuntime

extension MetropolisHastings {
  /// The computation graph of the chains, where every move is one of a single choice and no choice
  /// can change which choices there are.
  func makeGraph(_ chains: Chains) throws -> ComputationGraph? {
    guard run.options.choices == nil, settings.kernel.hasGraphKernel,
      let evaluator = chains.evaluator as? FullEvaluator,
      let graph = try evaluator.makeGraph(
        chains.current, leavesOutGenerated: leavesOutGenerated)
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
    var position = ChainPosition()
    try checkpoints?.resume { reader in
      position = try ChainPosition(from: &reader, settings)
      try moving.read(from: &reader)
      try kernel.read(from: &reader, chainCount: moving.count)
      try recorder.read(from: &reader, into: graph.arena)
    }
    func save() {
      checkpoints?.save { writer in
        position.write(to: &writer)
        moving.write(to: &writer)
        kernel.write(to: &writer)
        recorder.write(to: &writer)
      }
    }
    let total = settings.warmup + settings.draws * settings.thin
    if !position.isDrawing {
      while position.warmup < settings.warmup {
        try moving.beginIteration()
        try kernel.step(moving)
        try machine.checkTime()
        position.warmup += 1
        tell(position.warmup, of: total, moving.statistics)
        save()
      }
      moving.statistics = MoveStatistics()
      position.isDrawing = true
    }
    moving.isAdapting = false
    try keepingDraws(recorder) {
      while position.draws < settings.draws {
        for _ in 0..<settings.thin {
          try moving.beginIteration()
          try kernel.step(moving)
        }
        try noticingFailures { try recorder.record(graph, moving.nextStreams) }
        try machine.checkTime()
        position.draws += 1
        tell(
          settings.warmup + position.draws * settings.thin, of: total, moving.statistics)
        save()
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
