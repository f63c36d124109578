import BorelBase
import BorelIR
import BorelRuntime
import BorelTransforms

/// A short particle filter that tells whether values drawn once, before the first observation,
/// survive the resamplings.
struct ParameterPilot {
  static let particles = 1_000
  /// Fewer ancestors than this call for a method that moves parameters.
  static let leastAncestors = 20.0

  /// Latents that are drawn before the first checkpoint and kept.
  var parameters: [String]
  /// How many equally weighted first ancestors the particles are worth at the end.
  var ancestors: Double
  /// Whether states follow from the choices of their own step.
  var isChain: Bool

  /// Nil for a model without parameters, and for one that cannot be run.
  static func result(_ engine: Engine, _ model: ModelInfo, _ words: [UInt64]) throws -> Self? {
    let run = try engine.modelRun(
      model, words: words, under: [Sequential(), Weighted()], keepsReports: false)
    let structure = run.host.engine.smoothingStructure(run)
    guard !structure.parameterNames.isEmpty else { return nil }
    let settings = SequentialMonteCarlo.Settings(
      particles: particles, groups: 1, resampler: .systematic, threshold: 0.5)
    let outcome: SequentialMonteCarlo.Outcome
    do {
      outcome = try SequentialMonteCarlo(settings, run: run, key: 0).execute()
    } catch is Diagnostic {
      // The chosen method meets the same problem and reports it.
      return nil
    }
    let weights = Weights.normalized(outcome.logWeights, count: particles)
    return Self(
      parameters: structure.parameterNames,
      ancestors: outcome.eves.isEmpty
        ? Double(particles)
        : Weights.effectiveCount(ofDistinct: outcome.eves.map(Double.init), weights),
      isChain: structure.markov.obstacles.isEmpty && !structure.markov.checkpoints.isEmpty)
  }
}
