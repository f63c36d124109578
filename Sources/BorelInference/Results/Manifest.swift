/// What is needed to get the same bits again.
package struct Manifest: Hashable, Sendable {
  package var version: String
  package var seed: UInt64
  /// The method with all its options.
  package var method: String
  /// A hash of the arguments of the model.
  package var dataHash: UInt64
  /// The instruction-set level of the kernels: `avx512`, `baseline`.
  package var instructionSet: String
  /// Results do not depend on it; times do.
  package var threadCount: Int

  package init(
    version: String = BorelVersion.text, seed: UInt64, method: String, dataHash: UInt64 = 0,
    instructionSet: String, threadCount: Int
  ) {
    self.version = version
    self.seed = seed
    self.method = method
    self.dataHash = dataHash
    self.instructionSet = instructionSet
    self.threadCount = threadCount
  }
}

/// The version of this package.
package enum BorelVersion {
  package static let text = "0.1.0"
}

/// Where the time of a run went, in seconds.
package struct Timing: Hashable, Sendable {
  /// Wall-clock time of the inference.
  package var seconds: Double
  /// Processor time of all threads; nil when it was not measured.
  package var processorSeconds: Double?

  package init(seconds: Double = 0, processorSeconds: Double? = nil) {
    self.seconds = seconds
    self.processorSeconds = processorSeconds
  }
}
