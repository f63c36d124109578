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
    let flag = CancellationFlag()
    let runLimits = limits.runLimits(isCancelled: { flag.isSet }, progress: progress)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          do {
            let posterior = try self.infer(
              method, seed: seed, threads: threads, limits: runLimits)
            continuation.resume(returning: posterior)
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
  /// - Throws: Like `infer`; E0505 for a program without a forward simulation.
  public func simulate(
    draws: Int = 1_000, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits()
  ) throws(Diagnostics) -> Posterior {
    try simulate(
      draws: draws, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: nil))
  }

  /// - Parameter variables: Names of those that are asked for; values of others need not be kept.
  package func infer(
    _ method: Method, seed: UInt64, threads: Int, limits: RunLimits, variables: [String]? = nil
  ) throws(Diagnostics) -> Posterior {
    var (request, warnings) = try request(
      method.specification, seed: seed, threads: threads, limits: limits)
    request.keptReports = variables.flatMap(keptReports(for:))
    var result = try Engine.infer(request)
    result.diagnostics.insert(contentsOf: warnings, at: 0)
    return Posterior(result, program: program, sources: sources)
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

  /// What an inference would do and why, as lines `topic: text`.
  public func plan(_ method: Method = .auto) throws(Diagnostics) -> [String] {
    let (request, _) = try request(
      method.specification, seed: 1, threads: 1, limits: RunLimits())
    return try Engine.plan(request).lines.map { "\($0.topic): \($0.text)" }
  }
}

/// Set once from any thread.
private final class CancellationFlag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}
