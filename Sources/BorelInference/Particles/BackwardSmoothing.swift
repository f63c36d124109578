import BorelHeap
import BorelKernels
import BorelRuntime

/// Forward filtering, backward simulation: a particle filter, and then whole paths drawn backward
/// from its final lanes, each step from all lanes of the step before. Or fixed-lag smoothing: each
/// step from the lines of the lanes some steps later, for any program.
///
/// Source: Godsill, Doucet, West (2004), Monte Carlo smoothing for nonlinear time series, algorithm
/// 1; Olsson, Cappé, Douc, Moulines (2008), Sequential Monte Carlo smoothing with application to
/// parameter estimation in nonlinear state space models, section 3.1 (fixed lag).
struct BackwardSmoothing {
  struct Settings {
    var particles: Int
    var groups: Int
    /// Paths drawn from each group.
    var draws: Int
    var resampler: Resampler
    var threshold: Double
    var backward = BackwardMethod.automatic
    /// Steps after which the past is drawn; nil for whole paths.
    var lag: Int?
  }

  let settings: Settings
  let run: ModelRun
  let key: UInt64

  /// - Returns: The paths, those of a group one after the other, and the machine that ran them.
  func execute(_ arena: Arena) throws -> (draws: PathDraws, machine: Machine) {
    let structure = run.host.engine.smoothingStructure(run)
    let isBackward = settings.lag == nil
    if isBackward {
      try structure.requireChain(for: "ffbsi")
      try structure.requireNoParameters(for: "ffbsi")
    }
    let machine = run.makeMachine(
      key: key, groups: settings.groups, lanesPerGroup: settings.particles)
    let population = LanePopulation(
      run, machine: machine, structure: structure, replaysSteps: isBackward, keepsSteps: true,
      keepsTallies: true)
    let kinds = [
      BOREL_KEY_RESAMPLING, BOREL_KEY_MOVE, BOREL_KEY_BACKWARD, BOREL_KEY_SWEEP,
    ]
    let sweep = ConditionalSweep(
      settings: .init(
        resampler: settings.resampler, threshold: settings.threshold, samplesBackward: isBackward,
        backward: settings.backward, pathsPerGroup: settings.draws, lag: settings.lag,
        rule: run.host.engine.probe.sweep)
    ) { purpose, group, step in
      run.driverChoices(
        key: machine.groupKeys[group], kind: Int(kinds[purpose.rawValue]), index: UInt64(step))
    }
    let outcome = try sweep.run(population) { throw ObservationLedger.impossible(machine) }
    var draws = PathDraws(
      run, chains: settings.groups * settings.draws, draws: 1, arena: arena)
    draws.add(
      0, records: population.keptRecords, path: outcome.path, machine: machine,
      tallies: isBackward
        ? try population.tallies(along: outcome.path)
        : population.tallies(ofSteps: outcome.path, arrivals: outcome.arrivals))
    return (draws, machine)
  }
}
