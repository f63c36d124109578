import BorelBase
import BorelData
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// Infers a model.
///
/// - Throws: every error of the program, its data or the method as `Diagnostics`.
package func infer(_ request: InferenceRequest) throws(Diagnostics) -> Posterior {
  try reportingDiagnostics {
    let engine = Engine(
      program: request.program, limits: request.limits, threads: request.threads,
      probe: request.probe)
    engine.keptReports = request.keptReports
    let model = request.program.models[request.model]
    if request.keepsPointwise { engine.pointwiseModel = model.function }
    let run = PosteriorRun(
      engine: engine, model: model,
      words: try engine.argumentWords(request.arguments, of: model), method: request.method,
      key: rootKey(request.seed), wantsReports: request.keepsReports, seed: request.seed,
      dataHash: request.dataHash, attributesEvidence: request.attributesEvidence,
      isOutermost: true, checkpoints: request.checkpoints)
    if let settings = request.learning { return try run.learn(settings).posterior }
    return try run.execute().posterior
  }
}

/// Infers a model once per way in which the choices of program and algorithm can fall.
///
/// - Parameters:
///   - request: All families drawn from are finite.
///   - limit: Most ways.
///   - body: Gets the probability of the way and what the method gives; nil for evidence zero.
/// - Returns: Whether all ways were taken within the limit; false when something else than finite
///   choices was drawn.
/// - Throws: Any other error of the program or the method, on any way.
package func inferEveryPath(
  _ request: InferenceRequest, limit: Int, _ body: (Double, Posterior?) -> Void
) throws(Diagnostics) -> Bool {
  try reportingDiagnostics {
    let tree = ChoiceTree()
    var probe = request.probe
    probe.choices = tree
    let engine = Engine(
      program: request.program, limits: request.limits, threads: 1, probe: probe)
    let model = request.program.models[request.model]
    let words = try engine.argumentWords(request.arguments, of: model)
    let run = PosteriorRun(
      engine: engine, model: model, words: words, method: request.method,
      key: rootKey(request.seed), wantsReports: request.keepsReports, seed: request.seed,
      dataHash: request.dataHash)
    repeat {
      if tree.pathCount >= limit { return false }
      do {
        let posterior = try run.execute().posterior
        body(tree.probability, posterior)
      } catch let diagnostic as Diagnostic where diagnostic.code == "E0502" {
        body(tree.probability, nil)
      }
      if tree.hasContinuousDraws { return false }
    } while tree.next()
    return true
  }
}

/// Draws from the prior, observations included.
package func simulate(
  program: Program, model: Int, arguments: [Value?], count: Int, seed: UInt64, threads: Int,
  limits: RunLimits = RunLimits()
) throws(Diagnostics) -> Posterior {
  try infer(
    InferenceRequest(
      program: program, model: model, arguments: arguments,
      method: try MethodSpecification(parsing: "prior(draws: \(max(1, count)))"), seed: seed,
      threads: threads, limits: limits))
}

/// Draws data given the latents of a fit of the same model: the posterior predictive distribution.
///
/// - Parameters:
///   - request: Model and arguments, of which observed ones only count by their lengths. The method
///     is not used.
///   - fit: Draws of the latents.
/// - Returns: One draw for each draw of the fit, with its weight.
package func predict(
  _ request: InferenceRequest, from fit: Posterior
) throws(Diagnostics) -> Posterior {
  try reportingDiagnostics {
    let engine = Engine(
      program: request.program, limits: request.limits, threads: request.threads)
    let model = request.program.models[request.model]
    let start = ContinuousClock.now
    var result = try Prediction(
      posterior: fit, engine: engine, model: model,
      words: try engine.argumentWords(request.arguments, of: model), key: rootKey(request.seed)
    ).execute()
    result.seed = request.seed
    result.manifest = Manifest(
      seed: request.seed, method: result.method, dataHash: request.dataHash,
      instructionSet: fit.manifest.instructionSet, threadCount: request.threads)
    result.timing = Timing(seconds: Double((ContinuousClock.now - start).nanoseconds) * 1e-9)
    return result
  }
}

/// Runs the top-level statements of a program.
package func runScript(
  program: Program, host: ScriptHost, documents: Documents?, seed: UInt64, threads: Int,
  limits: RunLimits
) throws(Diagnostics) {
  try reportingDiagnostics {
    guard let script = program.script else { return }
    let engine = Engine(
      program: program, limits: limits, threads: threads, script: host, documents: documents,
      seed: seed)
    let form = try engine.form([Weighted()])
    let inferenceHost = InferenceHost(engine: engine)
    let machine = Machine(
      program: form.compiled,
      groupKeys: [borel_key_child(rootKey(seed), UInt32(BOREL_KEY_GROUP), 0)], lanesPerGroup: 1,
      options: engine.machineOptions(keepsReports: false), host: inferenceHost)
    machine.start(function: script, arguments: [])
    try machine.advance()
  }
}

/// What an inference would do and why.
package func plan(_ request: InferenceRequest) throws(Diagnostics) -> PlanReport {
  try reportingDiagnostics {
    let engine = Engine(
      program: request.program, limits: request.limits, threads: request.threads)
    let model = request.program.models[request.model]
    let words = try engine.argumentWords(request.arguments, of: model)
    return try InferencePlan(
      engine: engine, model: model, words: words, method: request.method
    ).report()
  }
}

/// The key at the root of the tree of random streams.
func rootKey(_ seed: UInt64) -> UInt64 {
  borel_key_child(seed, UInt32(BOREL_KEY_INFER), 0)
}

/// Runs a body that may throw single diagnostics or interruptions.
func reportingDiagnostics<Result>(
  _ body: () throws -> Result
) throws(Diagnostics) -> Result {
  do {
    return try body()
  } catch let list as Diagnostics {
    throw list
  } catch let diagnostic as Diagnostic {
    throw Diagnostics([diagnostic])
  } catch is Interruption {
    throw Diagnostics([
      Diagnostic("E0699", .limit, "the run was interrupted", at: .none)
    ])
  } catch {
    throw Diagnostics([
      Diagnostic("E0399", .runtime, "\(error)", at: .none)
    ])
  }
}
