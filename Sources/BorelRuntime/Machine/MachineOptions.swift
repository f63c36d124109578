import BorelBase
import BorelIR

/// Limits of a run; hitting one is an error that names it.
package struct MachineLimits: Sendable {
  /// Nested calls of one lane.
  package var recursionDepth = 1_000_000
  /// Lanes times blocks entered.
  package var laneSteps = UInt64.max
  /// Bytes of columns and objects.
  package var memory = Int.max
  /// When the run stops; nil for never.
  package var deadline: ContinuousClock.Instant?

  package init() {}
}

/// How a machine runs; but for `choices` none of it changes a result.
package struct MachineOptions: Sendable {
  package var threads = 1
  /// Lanes per block.
  package var blockWidth = 1024
  package var limits = MachineLimits()
  /// Bytes of objects from which on dead ones are collected.
  package var collectionThreshold = 64 << 20
  /// Whether a failure makes the weight of its lane zero instead of stopping the run.
  package var rejectsFailures = false
  /// Whether emitted values are kept.
  package var keepsReports = true
  /// By report, whether its values are kept; nil for all.
  package var keptReports: [Bool]?
  /// Answers the draws of live lanes from outside, one after the other, in place of the random
  /// streams. Every family that is drawn from must be finite, and there must be one thread.
  package var choices: (any FiniteChoices)?
  /// Told where the time goes; nil when nobody asks.
  package var profile: RunProfile?
  /// Notes the random counters of every draw.
  package var counterLog: CounterLog?
  /// Whether work between checkpoints is resolved once and replayed.
  package var usesPlans = true
  /// Whether random choices have addresses, so that they can be replayed and recorded.
  package var tracksAddresses = false

  package init() {}
}

/// What the machine asks of its host: printing, functions of the host, nested inference.
package protocol MachineHost: AnyObject {
  func print(_ words: [UInt64], _ shape: Shape, at span: Span) throws
  func debug(_ words: [UInt64], _ shape: Shape, at span: Span) throws
  /// The text of a value as `print` shows it.
  func text(_ words: [UInt64], _ shape: Shape) -> String
  /// A function of the host, for one lane.
  func call(
    _ name: String, arguments: [UInt64], types: [IRType], results: [IRType], machine: Machine,
    at span: Span
  ) throws -> [UInt64]
  /// The contents of a document of the host as words of a shape.
  func decode(document: Int64, as shape: Shape, machine: Machine) throws -> [UInt64]
  /// Infers a model (a box: function and arguments) and returns a posterior.
  func infer(
    model: UInt64, method: String, layout: [IRType], machine: Machine, key: UInt64, at span: Span
  ) throws -> UInt64
  /// Whether the run was asked to stop.
  var isCancelled: Bool { get }
  /// Told now and then how many lane-steps a machine has taken.
  func note(laneSteps: UInt64, of machine: Machine)
}
