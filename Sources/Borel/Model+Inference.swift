import BorelBase
import BorelInference
import Dispatch
import Synchronization

extension Model {
  /// The posterior by a method. Blocks the thread; see the asynchronous variant.
  ///
  /// - Parameters:
  ///   - method: What to do.
  ///   - seed: Same seed, same bits, for any number of threads.
  ///   - threads: At least 1.
  ///   - limits: What the run may use.
  ///   - progress: Told the share that is done, from 0 to 1, on any thread.
  /// - Throws: E03xx for a failing program, E04xx for data, E05xx when there is no result, E06xx at
  ///   a limit.
  public func infer(
    _ method: Method = .auto, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits(),
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(Diagnostics) -> Posterior {
    try infer(
      method, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: progress))
  }

  /// The posterior by a method, computed beside the caller's tasks; cancelling the task stops it.
  ///
  /// - Throws: Like the blocking variant; E0699 when the task is cancelled.
  public func infer(
    _ method: Method = .auto, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits(),
    progress: (@Sendable (Double) -> Void)? = nil
  ) async throws -> Posterior {
    try await Self.besideTasks(limits, progress) { limits throws(Diagnostics) in
      try self.infer(method, seed: seed, threads: threads, limits: limits)
    }
  }

  /// Runs what takes long on a thread that no task waits for, until the caller's task is cancelled.
  private static func besideTasks(
    _ limits: Limits, _ progress: (@Sendable (Double) -> Void)? = nil,
    _ body: @escaping @Sendable (RunLimits) throws(Diagnostics) -> Posterior
  ) async throws -> Posterior {
    let flag = CancellationFlag()
    let runLimits = limits.runLimits(isCancelled: { flag.isSet }, progress: progress)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          do throws(Diagnostics) {
            continuation.resume(returning: try body(runLimits))
          } catch {
            continuation.resume(throwing: error)
          }
        }
      }
    } onCancel: {
      flag.set()
    }
  }

  /// Draws from the prior predictive distribution: observations draw instead of scoring.
  ///
  /// - Parameters:
  ///   - draws: At least 1.
  ///   - seed: Same seed, same bits.
  ///   - threads: At least 1.
  ///   - limits: What the run may use.
  /// - Throws: Like `infer`; E0505 for a program without a forward simulation.
  public func simulate(
    draws: Int = 1_000, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits()
  ) throws(Diagnostics) -> Posterior {
    try simulate(
      draws: draws, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: nil))
  }

  /// - Parameters:
  ///   - attributesEvidence: Whether the evidence is to be attributed to lines at any cost; see
  ///     `InferenceRequest`.
  ///   - variables: Names of those that are asked for; values of others need not be kept.
  ///   - keepsPointwise: Whether the log-likelihoods of single data are variables of the result.
  ///   - checkpoints: Where the run leaves its state and where it goes on from.
  package func infer(
    _ method: Method, seed: UInt64, threads: Int, limits: RunLimits,
    attributesEvidence: Bool = false, variables: [String]? = nil,
    keepsPointwise: Bool = false, checkpoints: CheckpointPlan? = nil
  ) throws(Diagnostics) -> Posterior {
    var (request, warnings) = try request(
      method.specification, seed: seed, threads: threads, limits: limits)
    request.attributesEvidence = attributesEvidence
    request.checkpoints = checkpoints
    request.keepsPointwise = keepsPointwise
    request.keptReports = variables.flatMap(keptReports(for:))
    return try posterior(after: warnings) { () throws(Diagnostics) in try Engine.infer(request) }
  }

  /// The reports behind variables such as `level`, `x[2]` and `p.mean`; nil for all, which also
  /// goes for names that the result may explain.
  private func keptReports(for variables: [String]) -> Set<String>? {
    let reports = Set(program.code.reports.map(\.name))
    var kept: Set<String> = []
    for variable in variables {
      let found = reports.filter { name in
        variable == name || variable.hasPrefix(name + "[") || variable.hasPrefix(name + ".")
          || name.hasPrefix(variable + ".") || name.hasPrefix(variable + "[")
      }
      if found.isEmpty, variable != "result" { return nil }
      kept.formUnion(found)
    }
    return kept
  }

  package func simulate(
    draws: Int, seed: UInt64, threads: Int, limits: RunLimits
  ) throws(Diagnostics) -> Posterior {
    try infer(.prior(draws: draws), seed: seed, threads: threads, limits: limits)
  }

  /// Draws data given the latents of a fit: the posterior predictive distribution of the model with
  /// the data given, of which observed ones only count by their lengths. Latents that the fit does
  /// not have, such as states after its last datum, are drawn given those that it has. Blocks the
  /// thread; see the asynchronous variant.
  ///
  /// - Parameters:
  ///   - fit: A posterior of the same model.
  ///   - seed: Same seed, same bits.
  ///   - threads: At least 1.
  ///   - limits: What the run may use.
  /// - Returns: A draw for each draw of the fit, with its weight.
  /// - Throws: E055x for a fit without the latents of the model; E0591, E0592 for a model without a
  ///   forward simulation.
  public func predict(
    from fit: Posterior, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits()
  ) throws(Diagnostics) -> Posterior {
    try predict(
      from: fit.result, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: nil))
  }

  /// The same beside the caller's tasks; cancelling the task stops it.
  ///
  /// - Throws: Like the blocking variant; E0699 when the task is cancelled.
  public func predict(
    from fit: Posterior, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits()
  ) async throws -> Posterior {
    try await Self.besideTasks(limits) { limits throws(Diagnostics) in
      try self.predict(from: fit.result, seed: seed, threads: threads, limits: limits)
    }
  }

  package func predict(
    from fit: BorelInference.Posterior, seed: UInt64, threads: Int, limits: RunLimits
  ) throws(Diagnostics) -> Posterior {
    let (request, warnings) = try request(
      Method.auto.specification, seed: seed, threads: threads, limits: limits)
    return try posterior(after: warnings) { () throws(Diagnostics) in
      try Engine.predict(request, from: fit)
    }
  }

  /// What the engine gives, with what is to be said about the data in front.
  func posterior(
    after warnings: [Diagnostic],
    _ run: () throws(Diagnostics) -> BorelInference.Posterior
  ) throws(Diagnostics) -> Posterior {
    var result = try locating(run)
    result.diagnostics.insert(contentsOf: warnings, at: 0)
    return Posterior(result, program: program, sources: sources)
  }

  /// What an inference would do and why, as lines `topic: text`.
  public func plan(_ method: Method = .auto) throws(Diagnostics) -> [String] {
    let (request, _) = try request(
      method.specification, seed: 1, threads: 1, limits: RunLimits())
    let report = try locating { () throws(Diagnostics) in try Engine.plan(request) }
    return report.lines.map { "\($0.topic): \($0.text)" }
  }
}

/// Set once from any thread.
private final class CancellationFlag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
