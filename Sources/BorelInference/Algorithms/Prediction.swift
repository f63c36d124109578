import BorelBase
import BorelHeap
import BorelIR
import BorelRuntime
import BorelTransforms

/// Posterior predictive draws: `run . replay(draws of the fit) . Simulated`. Lane i takes the latents
/// of draw i of a posterior and draws the data; the draws keep their weights and dependence.
///
/// The addresses of the latents are found by running: a first run draws everything, and its choices
/// with the names of latents of the fit are replaced by the values that the fit has for them. Where
/// that leads other ways to choices that were not met before, it is done again. Latents that the
/// fit does not have, such as states after its last datum, are drawn given those that it has.
struct Prediction {
  let posterior: Posterior
  let engine: Engine
  let model: ModelInfo
  let words: [UInt64]
  let key: UInt64
  /// Runs until all addresses are known; each one goes at least one choice further.
  private static let roundLimit = 64

  func execute() throws -> Posterior {
    if let table = posterior.variables.first(where: { $0.probabilities != nil }) {
      throw Diagnostic(
        "E0550", .inference,
        "the fit has a table of probabilities for '\(table.name)' instead of draws", at: .none,
        hints: ["predict from a fit by importance or smc"])
    }
    var run = try engine.modelRun(
      model, words: words, under: [Simulated(model: model.function)])
    run.options.tracksAddresses = true
    let source = PredictionSource(posterior, program: engine.program)
    let store = ChoiceStore(laneCount: posterior.drawCount)
    let data = Set(model.parameters.map(\.name))
    let shapes = self.shapes
    for _ in 0..<Self.roundLimit {
      let (machine, history, sink) = try advance(run, replaying: store)
      var isComplete = true
      for instance in sink.instances where store.number(of: instance.address) == nil {
        let site = run.compiled.site(instance.site)
        // Data without a name are marked as reported, other draws without a name are not.
        if site.name.map({ data.contains($0) }) ?? site.isReported { continue }
        try check(site, source)
        guard let name = site.name, let shape = shape(of: site, name, shapes) else { continue }
        if fill(store, instance, name, shape, from: source) { isComplete = false }
      }
      if isComplete { return outcome(run, machine, history) }
    }
    throw Diagnostic(
      "E0551", .inference,
      "after \(Self.roundLimit) runs there are still latents that were not met before", at: .none)
  }

  /// The shapes of latents by name.
  private var shapes: [String: Shape] {
    Dictionary(
      engine.program.reports.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of what one draw at a site gives: of an array that is drawn element by element, that
  /// of an element.
  private func shape(of site: Site, _ name: String, _ shapes: [String: Shape]) -> Shape? {
    guard let shape = shapes[name] else { return nil }
    if site.isPlate, case .array(let element) = shape { return element }
    return shape
  }

  private func advance(
    _ run: ModelRun, replaying store: ChoiceStore
  ) throws -> (Machine, History, ChoiceStore) {
    let count = posterior.drawCount
    let machine = run.startedMachine(key: key, groups: 1, lanesPerGroup: count)
    let (tape, sink, history) = (
      ChoiceTape(laneCount: count), ChoiceStore(laneCount: count), History()
    )
    tape.source = store
    tape.sink = sink
    machine.tape = tape
    let program = run.program
    machine.visitDriverRoots = { visit in
      store.visitHandles(visit)
      sink.visitHandles(visit)
      history.visitHandles(program, visit)
    }
    try machine.advance()
    history.record(machine)
    return (machine, history, sink)
  }

  /// A draw of the model whose value the fit cannot have makes predictions wrong.
  private func check(_ site: Site, _ source: PredictionSource) throws {
    if let name = site.name, source.has(name) { return }
    let span = span(of: site)
    throw Diagnostic(
      "E0552", .inference,
      site.name.map { "the fit has no values of '\($0)'" }
        ?? "the fit has no values of this draw, which has no name", at: span,
      hints: [
        site.name == nil
          ? "give it a name: `x ~ D` instead of `sample D`"
          : "fit the same model, and keep the result with all its variables"
      ])
  }

  private func span(of site: Site) -> Span {
    for function in engine.program.functions {
      for instruction in function.blocks.flatMap(\.instructions) {
        if case .sample(_, let found, _, _) = instruction.operation, found.number == site.number {
          return instruction.span
        }
      }
    }
    return .none
  }

  /// Gives an address the values of the fit.
  ///
  /// - Returns: Whether any draw of the fit has it.
  private func fill(
    _ store: ChoiceStore, _ instance: ChoiceSchema.Instance, _ name: String, _ shape: Shape,
    from source: PredictionSource
  ) -> Bool {
    let coding = ValueCoding(enumerations: engine.program.enumerations)
    let columns = store.columns(store.add(instance))
    let count = posterior.drawCount
    var isFilled = false
    for draw in 0..<count {
      guard let value = source.value(name, loops: instance.loops, shape, draw: draw) else {
        continue
      }
      let words = coding.encode(value, shape, in: engine.arena)
      guard words.count == instance.layout.count else { continue }
      for (k, word) in words.enumerated() {
        if instance.layout[k].isHandle { Collector.pin(word) }
        columns.words[k * count + draw] = word
      }
      columns.present[draw] = true
      isFilled = true
    }
    return isFilled
  }

  private func outcome(_ run: ModelRun, _ machine: Machine, _ history: History) -> Posterior {
    let count = posterior.drawCount
    let (columns, present) = machine.results(width: run.resultWidth)
    var logWeights = [Double](repeating: 0, count: count)
    machine.readLogWeights(into: &logWeights)
    var result = posterior
    result.variables = Variable.withoutRepeatedNames(
      PathReader.variables(history, program: run.program, laneCount: count)
        + PathReader.resultVariables(
          model.result, columns, present: present, program: run.program))
    result.evidence = nil
    result.tallies = []
    result.observations = []
    result.steps = []
    result.moves = []
    result.diagnostics = []
    let stopped = logWeights.count { $0 == -.infinity }
    if stopped > 0 {
      let old = posterior.logWeights
      result.logWeights = logWeights.indices.map {
        logWeights[$0] == -.infinity ? -.infinity : old.isEmpty ? 0 : old[$0]
      }
      result.diagnostics = [
        Diagnostic(
          "W0514", .inference,
          "\(stopped) of \(count) draws of the fit are impossible here and are left out", at: .none,
          severity: .warning,
          hints: ["a latent lies outside its support, or a `require` fails, with these data"])
      ]
    }
    result.method = "predict(\(posterior.method))"
    return result
  }
}
