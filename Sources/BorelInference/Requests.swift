import BorelBase
import BorelIR
import BorelRuntime

/// One inference to be done.
package struct InferenceRequest: Sendable {
  package var program: Program
  /// Index into the models of the program.
  package var model: Int
  /// One per parameter of the model; nil takes the default, which the parameter must have.
  package var arguments: [Value?]
  package var method: MethodSpecification
  package var seed: UInt64
  /// At least 1.
  package var threads: Int
  package var limits: RunLimits
  /// Identifies the data in the manifest.
  package var dataHash: UInt64
  /// Whether values that the program reports on the way are kept; the result always is.
  package var keepsReports = true
  /// Learn the `param` arguments first, with gradients by the method; nil infers only.
  package var learning: LearnSettings?
  /// Names of the reported values that are kept; nil keeps all.
  package var keptReports: Set<String>?
  /// How inference is put to the test; the defaults in normal runs.
  package var probe = InferenceProbe()
  /// Whether methods that have no checkpoints get one after each score, so that the evidence can be
  /// attributed to lines; this changes the random numbers, not their law.
  package var attributesEvidence = false
  /// Whether the log-likelihoods of single data are reported, see `Pointwise`.
  package var keepsPointwise = false
  /// Where the run leaves checkpoints and which one it goes on from; nil for none.
  package var checkpoints: CheckpointPlan?

  package init(
    program: Program, model: Int, arguments: [Value?], method: MethodSpecification,
    seed: UInt64 = 0, threads: Int = 1, limits: RunLimits = RunLimits(), dataHash: UInt64 = 0
  ) {
    self.program = program
    self.model = model
    self.arguments = arguments
    self.method = method
    self.seed = seed
    self.threads = threads
    self.limits = limits
    self.dataHash = dataHash
  }
}

/// What a run may use; hitting a limit is a diagnostic that names it.
package struct RunLimits: Sendable {
  /// Frames of one lane.
  package var recursionDepth: Int
  /// Blocks entered, summed over lanes; nil is unlimited.
  package var laneSteps: Int?
  /// Bytes of columns and objects; nil is unlimited.
  package var memory: Int?
  /// Bytes of text that the program shows, by `print` and `debug`; nil is unlimited.
  package var output: Int?
  /// Bytes of objects from which on dead ones are collected.
  package var collectionThreshold = 64 << 20
  /// Whether an execution that fails gets weight zero instead of stopping the run; a NaN always
  /// stops it.
  package var rejectsFailures = false
  /// Wall-clock seconds; nil is unlimited.
  package var seconds: Double?
  /// Asked often while running; true stops the run. Called on any thread.
  package var isCancelled: @Sendable () -> Bool
  /// Called when a run that was asked to stop ends with the draws that it has made; nil when such a
  /// run is to end without a result.
  package var keepDone: (@Sendable () -> Void)?
  /// Told where the time goes; nil when nobody asks. Results do not depend on it.
  package var profile: RunProfile?
  /// Told how far the run is, a few times a second. Called on any thread.
  package var progress: (@Sendable (RunProgress) -> Void)?

  package init(
    recursionDepth: Int = 1_000_000, laneSteps: Int? = nil, memory: Int? = nil,
    seconds: Double? = nil, output: Int? = nil,
    isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: (@Sendable (RunProgress) -> Void)? = nil
  ) {
    self.recursionDepth = recursionDepth
    self.laneSteps = laneSteps
    self.memory = memory
    self.seconds = seconds
    self.output = output
    self.isCancelled = isCancelled
    self.progress = progress
  }
}

/// How far a run is.
package struct RunProgress: Sendable {
  /// What has been done, in `unit`.
  package var count: Double
  /// What is being counted: `lane-steps`, `draws`.
  package var unit: String
  /// The share of the whole, from 0 to 1; nil where the whole is not known.
  package var share: Double?
  /// Since the start of the run.
  package var seconds: Double
  /// What tells whether the run goes well; nil where the method has nothing of that kind.
  package var quality: Quality?

  package init(
    count: Double, unit: String, share: Double?, seconds: Double, quality: Quality? = nil
  ) {
    self.count = count
    self.unit = unit
    self.share = share
    self.seconds = seconds
    self.quality = quality
  }

  /// A share from 0 to 1 with what it is a share of.
  package enum Quality: Hashable, Sendable {
    /// The effective sample size over the number of particles, after the last checkpoint.
    case effectiveSampleSize(Double)
    /// Proposals that were accepted.
    case acceptance(Double)
    /// Steps of retained paths that a sweep changed.
    case renewal(Double)
  }
}

/// What top-level statements may do to the world outside.
package struct ScriptHost: Sendable {
  /// Writes one line of results.
  package var print: @Sendable (String) -> Void
  /// What followed the file on the command line.
  package var arguments: [String]
  /// Told what is to be said about each posterior that the statements infer.
  package var report: @Sendable ([Diagnostic]) -> Void

  package init(
    print: @escaping @Sendable (String) -> Void, arguments: [String] = [],
    report: @escaping @Sendable ([Diagnostic]) -> Void = { _ in }
  ) {
    self.print = print
    self.arguments = arguments
    self.report = report
  }
}

/// What an inference would do and why, as lines for the reader.
package struct PlanReport: Sendable {
  package struct Line: Hashable, Sendable {
    /// `method`, `state`, `checkpoints`.
    package var topic: String
    package var text: String
    /// The place in the program that it is about.
    package var span: Span
    package init(_ topic: String, _ text: String, at span: Span = .none) {
      self.topic = topic
      self.text = text
      self.span = span
    }
  }
  package var lines: [Line]
  package init(_ lines: [Line]) { self.lines = lines }
}
