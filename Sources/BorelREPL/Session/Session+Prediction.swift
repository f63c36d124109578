import Borel
import BorelBase
import BorelInference

extension Session {
  /// Draws data given the latents of a posterior, for the model that it is of and the data of
  /// `:data`, of which observed ones count only by their lengths.
  ///
  /// - Returns: Data and result; the latents are those of the posterior.
  func predict(
    from fit: BorelInference.Posterior
  ) throws(SessionFailure) -> BorelInference.Posterior {
    // Specialised copies of a model have its name with a suffix.
    let name = String(fit.model.prefix { $0 != "#" && $0 != "<" })
    let (index, info) = try model(named: name)
    guard let program else { throw .usage("nothing is defined yet") }
    let arguments = try bind(info)
    host.clearInterrupt()
    defer { host.endProgress() }
    do {
      let request = InferenceRequest(
        program: program, model: index, arguments: arguments,
        method: try MethodSpecification(parsing: "auto"), seed: settings.seed,
        threads: settings.threads, limits: limits)
      var result = try Engine.predict(request, from: fit)
      host.report(
        result.diagnostics.filter { $0.severity != .note }, in: compiler.sources)
      result.removeLatents(parameters: info.parameters.map(\.name))
      prediction = result
      return result
    } catch {
      throw SessionFailure(error.list, in: compiler.sources)
    }
  }
}
