import BorelBase

/// How a run leaves checkpoints behind, and the one that it goes on from.
package struct CheckpointPlan: Sendable {
  /// A checkpoint file that was read.
  package struct Source: Sendable {
    /// For messages.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// Nil starts anew.
  package var source: Source?
  /// Seconds between two checkpoints, at least 0.
  package var interval: Double
  /// Keeps a checkpoint in place of the one before; nil makes none.
  package var keep: (@Sendable ([UInt8]) -> Void)?

  package init(
    source: Source? = nil, interval: Double = 60, keep: (@Sendable ([UInt8]) -> Void)? = nil
  ) {
    self.source = source
    self.interval = interval
    self.keep = keep
  }
}
