import BorelBase
import BorelInference

/// How the ascent of `Model.learn` is done.
public struct Learning: Sendable, Hashable {
  /// How long steps are.
  public enum Schedule: String, Sendable {
    /// Divided by the running size of the gradient.
    case adam
    /// The rate times the gradient, decreasing.
    case robbinsMonro
    /// Expectation-maximisation: to the maximum of the expected complete log-density, which must
    /// have a closed form (E0579). `rate` does not count.
    case em
  }

  /// Most steps, at least 1.
  public var steps: Int
  /// Length of the first steps on the unconstrained scale, positive.
  public var rate: Double
  public var schedule: Schedule
  /// The ascent ends when its error on the unconstrained scale is below this.
  public var tolerance: Double

  /// - Parameters: See the properties.
  public init(
    steps: Int = 300, rate: Double = 0.1, schedule: Schedule = .adam, tolerance: Double = 0.02
  ) {
    precondition(steps >= 1, "steps must be at least 1")
    precondition(rate > 0, "rate must be positive")
    self.steps = steps
    self.rate = rate
    self.schedule = schedule
    self.tolerance = tolerance
  }

  var settings: LearnSettings {
    LearnSettings(
      steps: steps, rate: rate,
      schedule: LearnSettings.Schedule(rawValue: schedule.rawValue) ?? .adam,
      tolerance: tolerance)
  }
}

/// What was learnt about a `param` argument.
public struct LearnedParameter: Sendable, Hashable {
  public let name: String
  /// The maximum likelihood.
  public let value: Double
  /// From the observed information; nil where it is not valid, with a `reason`.
  public let standardError: Double?
  public let reason: String?
  /// What the ascent leaves; 0 with exact gradients, nil when unknown.
  public let monteCarloError: Double?
  /// Values by step, the start first.
  public let trajectory: [Double]
}

extension Posterior {
  /// The learnt parameters; empty after `infer`.
  public var learned: [LearnedParameter] {
    (result.learned?.parameters ?? []).map {
      LearnedParameter(
        name: $0.name, value: $0.value, standardError: $0.standardError, reason: $0.reason,
        monteCarloError: $0.monteCarloError, trajectory: $0.trajectory)
    }
  }
}

extension Model {
  /// The posterior with the `param` arguments at their maximum likelihood. Blocks the thread.
  ///
  /// - Parameters:
  ///   - method: What gives the gradients, and the posterior at the end.
  ///   - learning: How the ascent is done.
  ///   - seed: Same seed, same bits, for any number of threads.
  ///   - threads: At least 1.
  ///   - limits: What the run may use.
  ///   - progress: Told the share that is done, from 0 to 1, on any thread.
  /// - Throws: E0570 to E0578 when there is nothing to learn or no gradient, otherwise like `infer`.
  public func learn(
    _ method: Method = .auto, _ learning: Learning = Learning(), seed: UInt64 = 1,
    threads: Int = 1, limits: Limits = Limits(), progress: (@Sendable (Double) -> Void)? = nil
  ) throws(Diagnostics) -> Posterior {
    try learn(
      method, learning.settings, seed: seed, threads: threads,
      limits: limits.runLimits(isCancelled: { false }, progress: progress))
  }

  package func learn(
    _ method: Method, _ settings: LearnSettings, seed: UInt64, threads: Int, limits: RunLimits
  ) throws(Diagnostics) -> Posterior {
    let (bound, warnings) = try request(
      method.specification, seed: seed, threads: threads, limits: limits)
    var request = bound
    request.learning = settings
    return try posterior(after: warnings) { () throws(Diagnostics) in try Engine.infer(request) }
  }
}
