import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms

/// One conditional sweep from a path that is drawn from the prior and weighted by its scores.
///
/// Averaged with these weights, the new path has the same law as the old one, and the smoothed
/// tallies the same mean as those of the old path, for every number of lanes from two on. With all
/// choices enumerated this can be compared exactly.
package struct SweepTrial {
  package struct Settings {
    package var particles = 2
    package var resampler = Resampler.multinomial
    package var threshold = 1.0
    package var samplesAncestors = false
    package var samplesBackward = false
    /// Backward draws of the smoother; 0 for none.
    package var backwardDraws = 0
    package var backwardMethod = "exact"
    package var rule: any SweepRule = StandardSweep()

    package init() {}
  }

  package struct Outcome {
    /// Log of the weight of the old path.
    package var logWeight: Double
    /// Words of all choices of the old and the new path, in order.
    package var before: [UInt64]
    package var after: [UInt64]
    /// Tallies of the old path, and smoothed ones of the sweep.
    package var tallies: [Double]
    package var smoothed: [Double]
  }

  private let settings: Settings
  private let run: ModelRun
  private let engine: Engine
  private let key: UInt64
  private let structure: SmoothingStructure

  package init(_ request: InferenceRequest, _ settings: Settings) throws {
    engine = Engine(
      program: request.program, limits: request.limits, threads: request.threads,
      probe: request.probe)
    let model = request.program.models[request.model]
    run = try engine.modelRun(
      model, words: try engine.argumentWords(request.arguments, of: model),
      under: [Sequential(), Weighted()], keepsReports: false)
    self.settings = settings
    key = rootKey(request.seed)
    structure = SmoothingStructure(run, rule: settings.rule)
  }

  /// - Parameter index: Number of the trial: each has its own random streams.
  package func callAsFunction(_ index: UInt64 = 0) throws -> Outcome {
    let own = borel_key_child(key, UInt32(BOREL_KEY_SWEEP), index)
    let start = population(key: own, particles: 1)
    var sum = 0.0
    try start.restart()
    var step = 0
    repeat {
      try start.advance(step: step, frozen: [])
      step += 1
    } while !start.isFinished
    start.readLogWeights(into: &sum)
    let old = RetainedPath(
      [[Int32]](repeating: [0], count: step), start.keptRecords, program: run.compiled)
    let tallies = start.stepTallies().map { $0[0] }
    let lanes = population(
      key: borel_key_child(own, UInt32(BOREL_KEY_GROUP), 1),
      particles: settings.particles)
    if settings.rule.keepsPath { lanes.retained = old }
    let machine = lanes.machine
    let sweep = ConditionalSweep(
      settings: .init(
        resampler: settings.resampler, threshold: settings.threshold,
        samplesAncestors: settings.samplesAncestors, samplesBackward: settings.samplesBackward,
        isAligned: true, rule: settings.rule)
    ) { purpose, group, step in
      run.driverChoices(
        key: machine.groupKeys[group], kind: Int(BOREL_KEY_SWEEP),
        index: UInt64(machine.generation) << 32 | UInt64(step) << 4 | UInt64(purpose.rawValue))
    }
    let smoother =
      settings.backwardDraws > 0
      ? TallySmoother(
        method: BackwardMethod(rawValue: settings.backwardMethod) ?? .exact,
        draws: settings.backwardDraws, keepsIndices: true, rule: settings.rule) : nil
    let outcome = try sweep.run(lanes, smoother: smoother)
    let new = RetainedPath(outcome.path, lanes.keptRecords, program: run.compiled)
    return Outcome(
      logWeight: sum, before: old.words(group: 0), after: new.words(group: 0), tallies: tallies,
      smoothed: outcome.smoother?.estimates.map { $0[0] } ?? [])
  }

  private func population(
    key: UInt64, particles: Int
  ) -> LanePopulation {
    LanePopulation(
      run, machine: run.makeMachine(key: key, groups: 1, lanesPerGroup: particles),
      structure: structure, replaysSteps: particles > 1, keepsSteps: true)
  }
}
