import BorelBase
import BorelIR
import BorelRuntime
import BorelTransforms

/// What a kept state does not decide failed, or what is reported of it.
struct FailedOutputs: Error {}

extension MetropolisHastings {
  /// Whether chains move without the generated quantities. Where errors count as weight zero, those
  /// of generated quantities belong to the posterior, and where draws are given from outside, all of
  /// them are.
  var leavesOutGenerated: Bool {
    !runsWhole && run.options.choices == nil && !run.options.rejectsFailures
  }

  /// Makes what is reported of the states of the chains.
  func noticingFailures(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let problem as Diagnostic {
      throw problem.category == .runtime && !runsWhole ? FailedOutputs() : problem
    }
  }

  /// The chains on the version of the model without its generated quantities; the same chains where
  /// it has none.
  func leavingOutGenerated(_ chains: Chains, _ recorder: DrawRecorder) throws -> Chains {
    guard chains.run.compiled === run.compiled, leavesOutGenerated,
      let weighed = run.program.reducedVersion(of: run.model.function)
    else { return chains }
    let machine = chains.machine
    let keepsParameters = chains.current.keepsParameters
    // The same draws on the way leave everything as it is.
    let isAllDrawn = run.sites(of: weighed) == chains.sites
    let schema = isAllDrawn ? chains.current.schema : ChoiceSchema()
    let current =
      isAllDrawn
      ? chains.current
      : ChoiceStore(laneCount: chains.count, keepsParameters: keepsParameters, schema: schema)
    let evaluator = FullEvaluator(
      run: run, machine: machine, schema: schema, keepsParameters: keepsParameters,
      weighed: weighed)
    let reduced = Chains(
      run: run, key: key, keys: run.host.engine.probe.chainKeys(machine.groupKeys),
      current: current, evaluator: evaluator, weighed: weighed)
    if isAllDrawn {
      reduced.setLogLikelihoods(chains.logLikelihoods)
    } else {
      protect(chains.current, evaluator, recorder)
      let evaluation = try evaluator.evaluate(Proposal(), of: chains.current)
      reduced.take([Bool](repeating: true, count: chains.count), from: evaluation)
    }
    protect(current, evaluator, recorder)
    return reduced
  }
}

extension Engine {
  /// What a model goes through before chains run it, the last one first.
  func transforms(
    ofChains method: MethodSpecification, _ model: ModelInfo
  ) -> [any Transform] {
    let kept = method.kernel("kernel")?.namedSites(program, model.function) ?? []
    return [
      Traced(models: [model.function]), Reduced(model: model.function, keeping: kept), Weighted(),
    ]
  }
}

extension MethodSpecification {
  /// The choices that a kernel speaks of by name, itself or in the move that it is.
  fileprivate func namedSites(_ program: Program, _ model: FunctionID) -> Set<Int> {
    let trace = program.moves.filter { $0.name == name && $0.model == model }.flatMap(\.trace)
    var sites = Set(trace.map(\.site))
    if let latent {
      for site in program.functions.flatMap(\.sites).map(\.site) where site.name == latent {
        sites.insert(site.number)
      }
    }
    return parts.reduce(into: sites) { $0.formUnion($1.namedSites(program, model)) }
  }
}
