import BorelBase

/// An inference that has been started and goes on beside the caller's tasks.
///
/// ```swift
/// let task = nile.start(.smc(particles: 100_000, groups: 8))
/// for await share in task.progress { bar.update(share) }
/// let fit = try await task.value
/// ```
public struct InferenceTask: Sendable {
  /// The share that is done, from 0 to 1, told now and then; ends with the inference. Only the
  /// newest value waits for a slow reader.
  public let progress: AsyncStream<Double>
  private let task: Task<Posterior, any Error>

  init(_ body: @escaping @Sendable (@escaping @Sendable (Double) -> Void) async throws -> Posterior)
  {
    let (progress, continuation) = AsyncStream.makeStream(
      of: Double.self, bufferingPolicy: .bufferingNewest(1))
    self.progress = progress
    task = Task {
      defer { continuation.finish() }
      return try await body { continuation.yield($0) }
    }
  }

  /// The posterior.
  ///
  /// - Throws: Like `Model.infer`; E0699 when the inference was cancelled.
  public var value: Posterior {
    get async throws { try await task.value }
  }

  /// Stops the inference, within a tenth of a second as a rule.
  public func cancel() { task.cancel() }
}

extension Model {
  /// Starts an inference whose progress can be followed.
  ///
  /// - Parameters: As of `infer`.
  public func start(
    _ method: Method = .auto, seed: UInt64 = 1, threads: Int = 1, limits: Limits = Limits()
  ) -> InferenceTask {
    InferenceTask { tell in
      try await infer(method, seed: seed, threads: threads, limits: limits, progress: tell)
    }
  }
}
