import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// The score of a chain of steps from smoothed tallies. The derivatives of the log-densities of the
/// steps add up along a path, so that PaRIS and Parisian particle Gibbs smooth them like any tally:
/// their error grows with the number of steps, not with its square as along a genealogy.
///
/// Parisian particle Gibbs keeps its path from one estimate to the next, while the parameters move:
/// the bias of a conditional sweep is that of the chain of paths, which is nearly stationary.
///
/// Source: Cappé, Moulines, Rydén (2005), section 10.1.3 (Fisher's identity); Cardoso, Janati El
/// Idrissi, Le Corff, Moulines, Olsson (2023), State and parameter learning with PaRIS particle
/// Gibbs, algorithm 4.
final class SmoothedScore {
  /// Estimates of independent groups.
  struct Replicates {
    /// On the scale of the values, `[direction][group]`.
    var scores: [[Double]]
    /// Weights of the groups, which sum to one.
    var weights: [Double]
    var logEvidence: Evidence
    /// Weights of the complete data, `[input][group]`; empty when they were not asked for.
    var information: [[Double]] = []

    var means: [Double] { averages(scores) }

    var meanWeights: [Double] { averages(information) }

    private func averages(_ columns: [[Double]]) -> [Double] {
      columns.map { zip($0, weights).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.1 : 0) } }
    }

    /// Standard errors from the spread over groups; nil from few.
    var errors: [Double]? {
      let count = weights.count
      guard count >= EvidenceEstimate.groupsForSpread else { return nil }
      return zip(scores, means).map { values, mean in
        let squares = zip(values, weights).reduce(0.0) { sum, pair in
          let term = pair.1 > 0 ? pair.1 * (pair.0 - mean) : 0
          return sum + term * term
        }
        return (squares * Double(count) / Double(count - 1)).squareRoot()
      }
    }
  }

  private let engine: Engine
  private let model: ModelInfo
  private let differentiated: Differentiated
  /// What gives the tallies, the last one first.
  private let transforms: [any Transform]
  private let wantsWeights: Bool
  /// The paths of the replicates of Parisian particle Gibbs.
  private var retained: RetainedPath?

  init(
    _ engine: Engine, _ model: ModelInfo, _ differentiated: Differentiated,
    transforms: [any Transform], wantsWeights: Bool
  ) {
    self.engine = engine
    self.model = model
    self.differentiated = differentiated
    self.transforms = transforms
    self.wantsWeights = wantsWeights
  }

  private func modelRun(_ words: [UInt64]) throws -> ModelRun {
    try engine.modelRun(
      model, words: words, under: [Sequential()] + transforms, keepsReports: false)
  }

  /// The smoothed tallies with some names.
  private func columns(
    _ names: [String], of tallies: [[Double]], _ program: Program
  ) -> [[Double]] {
    names.map { name in
      guard let number = program.tallies.lastIndex(of: name), number < tallies.count else {
        internalError("a differentiated program has no tally '\(name)'")
      }
      return tallies[number]
    }
  }

  private func scores(_ tallies: [[Double]], _ program: Program) -> [[Double]] {
    columns(
      differentiated.directionNames.map { Differentiated.scoreName($0) }, of: tallies, program)
  }

  private func information(_ tallies: [[Double]], _ program: Program) -> [[Double]] {
    if !wantsWeights { return [] }
    return columns(
      differentiated.inputs.map { CompleteInformation.weightName($0.name) }, of: tallies, program)
  }

  /// Whether the steps form a chain without drawn parameters, as smoothing needs.
  func isPossible(_ words: [UInt64]) throws -> Bool {
    let structure = SmoothingStructure(try modelRun(words))
    return structure.markov.isMarkov && !structure.markov.checkpoints.isEmpty
      && structure.parameterUses.isEmpty
  }

  // MARK: PaRIS

  func paris(
    _ settings: SequentialMonteCarlo.Settings, _ words: [UInt64], key: UInt64
  ) throws -> Replicates {
    let run = try modelRun(words)
    let structure = SmoothingStructure(run)
    try structure.requireChain(for: "paris")
    try structure.requireNoParameters(for: "paris")
    let outcome = try SequentialMonteCarlo(settings, run: run, key: key).execute()
    return Replicates(
      scores: scores(outcome.smoothedTallies ?? [], run.program),
      weights: Weights.normalized(outcome.groupLogEvidence, count: settings.groups),
      logEvidence: EvidenceEstimate.make(
        groupLogEvidence: outcome.groupLogEvidence, logWeights: outcome.logWeights,
        eves: outcome.eves, resamplings: outcome.resamplings.max() ?? 0,
        resampler: settings.resampler),
      information: information(outcome.smoothedTallies ?? [], run.program))
  }

  // MARK: Parisian particle Gibbs

  /// The first estimate is preceded by an unconditional sweep.
  func parisianGibbs(
    _ settings: ParticleGibbs.Settings, _ words: [UInt64], key: UInt64
  ) throws -> Replicates {
    let run = try modelRun(words)
    var settings = settings
    if retained == nil { settings.burnIn += 1 }
    let outcome = try ParticleGibbs(
      settings: settings, run: run, key: key, start: retained, isPart: true
    ).execute(Arena())
    retained = engine.probe.sweep.keepsPath ? outcome.retained : nil
    for step in retained?.steps ?? [] { step.ownObjects(in: engine.arena) }
    let equal = [Double](repeating: 1 / Double(settings.chains), count: settings.chains)
    return Replicates(
      scores: scores(outcome.estimates, run.program), weights: equal,
      logEvidence: Evidence(
        logValue: EvidenceEstimate.logMeanExp(outcome.logEvidence), standardError: nil,
        reason: "conditional sweeps overestimate the evidence"),
      information: information(outcome.estimates, run.program))
  }
}
