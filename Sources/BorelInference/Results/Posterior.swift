import BorelBase

/// What an inference gives back: weighted draws of every reported variable, the evidence and what
/// the reader has to know to trust them.
package struct Posterior: Sendable {
  /// How the draws depend on each other; the error bars follow from it.
  package enum Dependence: Hashable, Sendable {
    case independent
    /// Draws with the same number descend from the same initial particle (Eve index): one number
    /// per draw.
    case lineages([Int32])
    /// Independent populations side by side: one number per draw.
    case groups([Int32])
    /// Markov chains of equal length one after the other.
    case chains(count: Int)
  }

  /// Name of the model.
  package var model: String
  /// The method as text, normalised, with all its options.
  package var method: String
  package var seed: UInt64
  /// In the order in which they are shown.
  package var variables: [Variable]
  /// Unnormalised log-weights, one per draw, in nats; `-infinity` is a dead draw. Empty when all
  /// draws weigh the same.
  package var logWeights: [Double]
  package var drawCount: Int
  package var dependence: Dependence
  /// Whether the weights are probabilities computed by enumeration, without Monte Carlo error.
  package var isExact: Bool
  /// What an enumeration left out; nil when it left out nothing.
  package var truncation: Truncation?
  /// Nil when the method has none.
  package var evidence: Evidence?
  package var tallies: [Tally]
  /// Warnings and notes.
  package var diagnostics: [Diagnostic]
  package var observations: [ObservationShare]
  /// What happened to the weights from checkpoint to checkpoint; empty for other methods.
  package var steps: [WeightStep] = []
  /// What the kernels of Markov chains did; empty for other methods.
  package var moves: [MoveShare] = []
  package var timing: Timing
  package var manifest: Manifest
  /// What `learn` found out; nil after a plain inference.
  package var learned: Learned?
  /// The law that `msc` has fitted; nil for other methods.
  package var family: FittedFamily?

  package init(
    model: String, method: String, seed: UInt64, variables: [Variable], logWeights: [Double] = [],
    drawCount: Int, dependence: Dependence = .independent, isExact: Bool = false,
    evidence: Evidence? = nil, tallies: [Tally] = [], diagnostics: [Diagnostic] = [],
    observations: [ObservationShare] = [], timing: Timing = Timing(), manifest: Manifest
  ) {
    self.model = model
    self.method = method
    self.seed = seed
    self.variables = variables
    self.logWeights = logWeights
    self.drawCount = drawCount
    self.dependence = dependence
    self.isExact = isExact
    self.evidence = evidence
    self.tallies = tallies
    self.diagnostics = diagnostics
    self.observations = observations
    self.timing = timing
    self.manifest = manifest
  }

  /// What is not known of an enumeration that left out unlikely executions.
  package struct Truncation: Hashable, Sendable {
    /// The prior mass that was not explored, weighted by the scores up to there.
    package var leftOut: Double
    /// How far any probability, and relatively the evidence, can be off; nil when weights that
    /// come later have no bound.
    package var bound: Double?

    package init(leftOut: Double, bound: Double?) {
      self.leftOut = leftOut
      self.bound = bound
    }
  }

  /// The variable with a name.
  package func variable(_ name: String) -> Variable? {
    variables.first { $0.name == name }
  }

  /// Normalised weights, shape `[drawCount]`; all zero when every draw is dead.
  package var normalizedWeights: [Double] { Weights.normalized(logWeights, count: drawCount) }

  /// `1 / sum W^2`: how many independent equal-weight draws the weights are worth. This is not the
  /// effective sample size of a variable.
  package var essWeights: Double {
    if logWeights.isEmpty { return Double(drawCount) }
    let (_, sum, sumOfSquares) = Weights.relative(logWeights)
    return sumOfSquares > 0 ? sum * sum / sumOfSquares : 0
  }
}
