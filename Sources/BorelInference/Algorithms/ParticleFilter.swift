import BorelBase
import BorelIR
import BorelKernels
import BorelRuntime

/// Sequential Monte Carlo: `(advance ; resample)* . spawn(N) . Sequential . Weighted`.
///
/// Lanes advance together from checkpoint to checkpoint. A group of lanes is resampled when its
/// effective sample size falls below the threshold; its evidence is the product of the mean
/// weights. The evidence of each group is unbiased; lanes that have returned keep their weight and
/// take part in everything (semantics of weights: `docs/architecture.md`).
///
/// Source: Del Moral (2004), Feynman-Kac Formulae, section 7.4; Ścibior et al. (2018), section 5.3.
struct SequentialMonteCarlo {
  struct Settings {
    var particles: Int
    var groups: Int
    var resampler: Resampler
    /// Share of the particles below which a group is resampled; 1 resamples always.
    var threshold: Double
    var rule: any ResamplingRule = StandardResampling()
    /// How tallies are smoothed on the way; nil when they are summed along the genealogy.
    var smoothing: TallySmoother?
    /// How lanes move after a resampling; nil when they stay.
    var rejuvenation: MethodSpecification?
    /// Whether particles between two checkpoints are a result when the user stops the run.
    var keepsPartial = false
  }

  /// What the run leaves behind.
  struct Outcome {
    var machine: Machine
    var history: History
    /// Log-weights of all lanes, the evidence of their group included.
    var logWeights: [Double]
    /// Log of the evidence estimate of each group.
    var groupLogEvidence: [Double]
    /// Resamplings done, by group.
    var resamplings: [Int]
    /// First-generation ancestor of each lane, within all lanes; empty without resampling.
    var eves: [Int32]
    /// Of the final weights, when there is one group.
    var effectiveSampleSize: Double?
    var shares: ObservationLedger
    var checkpoints: Int
    /// Smoothed tallies: `[tally][group]`; nil without a smoother.
    var smoothedTallies: [[Double]]?
    /// Whether the user stopped the run: the lanes stand after `checkpoints`.
    var isStopped = false
  }

  let settings: Settings
  private let run: ModelRun
  private let key: UInt64
  /// Ancestors come from random streams, by the standard rule.
  private let isStandard: Bool

  init(_ settings: Settings, run: ModelRun, key: UInt64) {
    self.settings = settings
    self.run = run
    self.key = key
    isStandard = settings.rule is StandardResampling && run.options.choices == nil
  }

  func execute() throws -> Outcome {
    let particles = settings.particles
    let groups = settings.groups
    let total = particles * groups
    let machine = run.startedMachine(key: key, groups: groups, lanesPerGroup: particles)
    var outcome = Outcome(
      machine: machine, history: History(), logWeights: [],
      groupLogEvidence: [Double](repeating: 0, count: groups),
      resamplings: [Int](repeating: 0, count: groups), eves: [],
      shares: ObservationLedger(run: run, lanes: total), checkpoints: 0)
    let (history, program) = (outcome.history, run.program)
    let (profile, keepsReports) = (run.options.profile, run.options.keepsReports)
    machine.visitDriverRoots = { history.visitHandles(program, $0) }
    let space = FilterSpace(lanes: total, tracksLineages: groups == 1)
    var sums: [GroupWeights] = []
    var isResampled = [Bool](repeating: false, count: groups)
    var smoother = settings.smoothing.map { OnlineSmoother($0, run: run, machine: machine) }
    let rejuvenation = settings.rejuvenation.map {
      Rejuvenation(kernel: $0, run: run, machine: machine, key: key, history: outcome.history)
    }
    while true {
      smoother?.beginStep()
      do {
        try machine.advance()
      } catch let interruption as Interruption {
        guard settings.keepsPartial, outcome.checkpoints > 0, smoother == nil,
          rejuvenation == nil, let keepDone = run.host.engine.limits.keepDone
        else { throw interruption }
        keepDone()
        stop(&outcome, sums, isResampled, space)
        return outcome
      }
      rejuvenation?.noteStep()
      if keepsReports {
        RunProfile.measure(profile, .histories) { outcome.history.record(machine) }
      }
      let current = space.logWeights(of: machine)
      sums.removeAll(keepingCapacity: true)
      for group in 0..<groups {
        sums.append(
          GroupWeights(
            current + group * particles, count: particles,
            into: space.weights + group * particles, threads: run.options.threads))
      }
      if let progress = run.host.engine.progress {
        let size = sums.reduce(0) { $0 + $1.effectiveSampleSize }
        progress.note(effectiveShare: size / Double(total), of: machine)
      }
      outcome.shares.record(machine, sums, outcome.groupLogEvidence)
      var areAllZero = true
      for sum in sums where !sum.areAllZero { areAllZero = false }
      if areAllZero { throw outcome.shares.impossible(machine) }
      try smoother?.endStep(current)
      outcome.checkpoints += 1
      if machine.isFinished {
        finish(&outcome, current, sums)
        outcome.eves = space.eves
        outcome.smoothedTallies = smoother?.estimates
        return outcome
      }
      var isAnyResampled = false
      for group in 0..<groups {
        isResampled[group] = sums[group].isDue(belowShare: settings.threshold)
        if isResampled[group] { isAnyResampled = true }
      }
      if isAnyResampled {
        RunProfile.measure(profile, .resampling) {
          resample(&outcome, sums, isResampled, space)
        }
        outcome.shares.noteResampling(of: isResampled)
        try rejuvenation?.move(&outcome, space.ancestors)
        smoother?.noteResampling(space.ancestors, isResampled, settings.resampler)
      }
      try machine.beginGeneration()
    }
  }

  private func resample(
    _ outcome: inout Outcome, _ sums: [GroupWeights], _ isResampled: [Bool], _ space: FilterSpace
  ) {
    let particles = settings.particles
    let machine = outcome.machine
    space.ancestors.withUnsafeMutableBufferPointer { buffer in
      guard let ancestors = buffer.baseAddress else { return }
      for group in 0..<settings.groups {
        let first = group * particles
        guard isResampled[group] else {
          for lane in first..<(first + particles) { ancestors[lane] = Int32(lane) }
          continue
        }
        if isStandard {
          // Without a box around the stream.
          var stream = DriverStream(
            key: machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
            index: UInt64(machine.generation))
          settings.resampler.draw(
            space.weights + first, total: sums[group].sum, count: particles,
            into: ancestors + first, using: &stream, threads: run.options.threads)
          book(&outcome, sums[group], group, first, ancestors)
          continue
        }
        var choices = run.driverChoices(
          key: machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
          index: UInt64(machine.generation))
        settings.rule.drawAncestors(
          settings.resampler, sums[group], space.weights + first, into: ancestors + first,
          threads: run.options.threads, using: &choices)
        book(&outcome, sums[group], group, first, ancestors)
      }
    }
    settings.rule.replaceLanes(of: machine, by: space.ancestors, groups: isResampled)
    if run.options.keepsReports {
      space.ancestors.withUnsafeBufferPointer { outcome.history.replace(by: $0) }
    }
    space.replaceEves()
  }

  /// Takes over the ancestors of a group, which were numbered within it.
  private func book(
    _ outcome: inout Outcome, _ sums: GroupWeights, _ group: Int, _ first: Int,
    _ ancestors: UnsafeMutablePointer<Int32>
  ) {
    if first > 0 {
      for lane in first..<(first + settings.particles) { ancestors[lane] += Int32(first) }
    }
    outcome.groupLogEvidence[group] += settings.rule.logEvidenceIncrement(sums)
    outcome.resamplings[group] += 1
  }

  /// The weights after the last checkpoint, from what was computed there.
  private func stop(
    _ outcome: inout Outcome, _ sums: [GroupWeights], _ isResampled: [Bool], _ space: FilterSpace
  ) {
    let particles = settings.particles
    outcome.isStopped = true
    outcome.eves = space.eves
    outcome.logWeights = (0..<particles * settings.groups).map { lane in
      let group = lane / particles
      let offset = outcome.groupLogEvidence[group]
      if isResampled[group] { return offset }
      if sums[group].areAllZero { return -.infinity }
      return offset + sums[group].maximum + borel_log(space.weights[lane])
    }
  }

  private func finish(
    _ outcome: inout Outcome, _ current: UnsafePointer<Double>, _ sums: [GroupWeights]
  ) {
    let particles = settings.particles
    var logWeights = Array(UnsafeBufferPointer(start: current, count: particles * settings.groups))
    for group in 0..<settings.groups {
      let offset = outcome.groupLogEvidence[group]
      if offset != 0 {
        for lane in (group * particles)..<((group + 1) * particles) { logWeights[lane] += offset }
      }
      outcome.groupLogEvidence[group] += sums[group].logMean
    }
    outcome.logWeights = logWeights
    if settings.groups == 1 { outcome.effectiveSampleSize = sums[0].effectiveSampleSize }
  }
}
