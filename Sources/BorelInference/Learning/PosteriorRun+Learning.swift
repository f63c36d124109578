import BorelBase
import BorelIR
import BorelRuntime

extension PosteriorRun {
  /// Learns the `param` arguments, then infers the model with what was learnt.
  ///
  /// - Throws: E0575 without `param` arguments, E0570 to E0574 for a model that is not
  ///   differentiable in them, otherwise what the inferences throw.
  func learn(_ settings: LearnSettings) throws -> Result {
    let start = ContinuousClock.now
    let parameters = try LearnableParameters(
      model, words: words, enumerations: engine.program.enumerations, rule: engine.probe.learning)
    var notes: [Diagnostic] = []
    var gradient = method
    var final = method
    if method.name == "auto" {
      let choice = try MethodChoice.choose(
        engine: engine, model: model, words: words, wantsReports: wantsReports)
      final = choice.method
      let isChain =
        try choice.method.name == "smc"
        && ScoreEstimator(
          engine: engine, model: model, parameters: parameters, method: final
        ).canSmooth
      gradient = try MethodSpecification(
        parsing: isChain
          ? Self.chainMethod : Self.gradientMethods[choice.method.name] ?? choice.method.text)
      notes.append(
        Diagnostic(
          "N0501", .inference, "method: \(gradient.text) (\(choice.reason))", at: .none,
          severity: .note))
    }
    let estimator = ScoreEstimator(
      engine: engine, model: model, parameters: parameters, method: gradient,
      wantsWeights: settings.schedule == .em)
    let outcome = try Learning(estimator: estimator, settings: settings, key: key).execute()
    let run = PosteriorRun(
      engine: engine, model: model, words: outcome.words, method: final, key: key,
      wantsReports: wantsReports, seed: seed, dataHash: dataHash)
    var result = try run.execute()
    result.posterior.learned = outcome.learned
    result.posterior.diagnostics =
      notes + outcome.diagnostics + result.posterior.diagnostics
    result.posterior.timing.seconds = Double((ContinuousClock.now - start).nanoseconds) * 1e-9
    return result
  }

  /// What gives the gradients under `auto` where steps form a chain.
  private static let chainMethod = "ppg(particles: 50, sweeps: 4, burnIn: 1, groups: 8)"

  /// What gives the gradients under `auto`: less work per step than for an answer.
  private static let gradientMethods = [
    "smc": "smc(particles: 500, groups: 8)", "importance": "importance(particles: 5_000)",
  ]
}
