import BorelRuntime

/// How an inference is put to the test: what answers its choices, what is noted, and which parts of
/// its algorithms are exchanged for wrong ones. Normal runs have the defaults.
package struct InferenceProbe: Sendable {
  /// Answers every choice of program and driver; all families drawn from must be finite, and there
  /// must be one thread.
  package var choices: (any FiniteChoices)?
  /// Notes the random counters of all draws.
  package var counterLog: CounterLog?
  /// Told the weights of the states from which chains and sweeps start.
  package var starts: StartLog?
  /// The resampling step of `smc`.
  package var resampling: any ResamplingRule = StandardResampling()

  /// Conditional sweeps and backward draws.
  package var sweep: any SweepRule = StandardSweep()

  /// The acceptance ratio of Markov kernels.
  package var acceptance: any AcceptanceRule = GreenRatio()

  /// What the exchange of filters of `smc2` does to weights.
  package var exchange: any ExchangeRule = StandardExchange()

  /// Levels and brackets of `ellipticalSlice`.
  package var slice: any SliceRule = StandardSlice()

  /// The steps of `learn`.
  package var learning: any LearningRule = StandardLearning()

  /// The streams of the chains of `mh`, made from their right ones.
  package var chainKeys: @Sendable ([UInt64]) -> [UInt64] = { $0 }

  package init() {}
}
