import BorelInference

/// What a run may use. Hitting a limit throws a diagnostic that names it.
public struct Limits: Sendable, Hashable {
  /// Nested calls of one execution.
  public var recursionDepth: Int
  /// Basic blocks entered, summed over executions; nil is unlimited.
  public var laneSteps: Int?
  /// Bytes; nil is unlimited.
  public var memory: Int?
  /// Wall-clock seconds; nil is unlimited.
  public var seconds: Double?
  /// Bytes of text that the program shows by `print` and `debug`; nil is unlimited.
  public var output: Int?
  /// Whether an execution that fails (a parameter outside its domain, a bad index, an overflow)
  /// gets weight zero instead of stopping the run; a warning counts them. A NaN always stops it.
  public var rejectsFailures: Bool

  /// - Parameters: See the properties.
  public init(
    recursionDepth: Int = 1_000_000, laneSteps: Int? = nil, memory: Int? = nil,
    seconds: Double? = nil, output: Int? = nil, rejectsFailures: Bool = false
  ) {
    self.recursionDepth = recursionDepth
    self.laneSteps = laneSteps
    self.memory = memory
    self.seconds = seconds
    self.output = output
    self.rejectsFailures = rejectsFailures
  }

  func runLimits(
    isCancelled: @escaping @Sendable () -> Bool, progress: (@Sendable (Double) -> Void)?
  ) -> RunLimits {
    var limits = RunLimits(
      recursionDepth: recursionDepth, laneSteps: laneSteps, memory: memory, seconds: seconds,
      output: output, isCancelled: isCancelled)
    limits.rejectsFailures = rejectsFailures
    if let progress {
      limits.progress = { state in
        if let share = state.share { progress(share) }
      }
    }
    return limits
  }
}
