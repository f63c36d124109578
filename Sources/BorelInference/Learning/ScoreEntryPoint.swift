import BorelBase
import BorelIR
import BorelKernels

/// The derivative of the log evidence with respect to one learnable number.
package struct ScoreEntry: Hashable, Sendable {
  package var name: String
  package var value: Double
  /// From the spread over groups; 0 when exact, nil from fewer than 8 groups.
  package var standardError: Double?
}

/// The score of a model at the values of its `param` arguments, on their own scale, by Fisher's
/// identity.
///
/// - Throws: every error of the program, its data or the method as `Diagnostics`.
package func score(_ request: InferenceRequest) throws(Diagnostics) -> [ScoreEntry] {
  try reportingDiagnostics {
    let engine = Engine(
      program: request.program, limits: request.limits, threads: request.threads)
    let model = request.program.models[request.model]
    let parameters = try LearnableParameters(
      model, words: try engine.argumentWords(request.arguments, of: model),
      enumerations: request.program.enumerations)
    let estimator = ScoreEstimator(
      engine: engine, model: model, parameters: parameters, method: request.method)
    let estimate = try estimator.estimate(
      at: parameters.start, key: rootKey(request.seed))
    return parameters.coordinates.indices.map { k in
      ScoreEntry(
        name: parameters.coordinates[k].name, value: estimate.score[k],
        standardError: estimate.scoreError?[k])
    }
  }
}
