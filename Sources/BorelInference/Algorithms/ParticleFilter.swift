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
  }

  /// What the run leaves behind.
  struct Outcome {
    var machine: Machine
    let history: History
    /// Log-weights of all lanes, the evidence of their group included.
    var logWeights: [Double]
    /// Log of the evidence estimate of each group.
    var groupLogEvidence: [Double]
    /// Resamplings done, by group.
    var resamplings: [Int]
    /// First-generation ancestor of each lane, within all lanes.
    var eves: [Int32]
    var shares: ObservationLedger
    var checkpoints: Int
    /// Smoothed tallies: `[tally][group]`; nil without a smoother.
    var smoothedTallies: [[Double]]?
  }

  let settings: Settings
  private let run: ModelRun
  private let key: UInt64

  init(_ settings: Settings, run: ModelRun, key: UInt64) {
    self.settings = settings
    self.run = run
    self.key = key
  }

  func execute() throws -> Outcome {
    let particles = settings.particles
    let groups = settings.groups
    let total = particles * groups
    let machine = run.startedMachine(key: key, groups: groups, lanesPerGroup: particles)
    var outcome = Outcome(
      machine: machine, history: History(), logWeights: [],
      groupLogEvidence: [Double](repeating: 0, count: groups),
      resamplings: [Int](repeating: 0, count: groups),
      eves: (0..<Int32(total)).map { $0 }, shares: ObservationLedger(run: run, lanes: total),
      checkpoints: 0)
    let (history, program) = (outcome.history, run.program)
    machine.visitDriverRoots = { history.visitHandles(program, $0) }
    let logWeights = UnsafeMutablePointer<Double>.allocate(capacity: total + 64)
    let weights = UnsafeMutablePointer<Double>.allocate(capacity: total + 64)
    defer {
      logWeights.deallocate()
      weights.deallocate()
    }
    var ancestors = [Int32](repeating: 0, count: total)
    var smoother = settings.smoothing.map { OnlineSmoother($0, run: run, machine: machine) }
    while true {
      smoother?.beginStep()
      try machine.advance()
      if run.options.keepsReports { outcome.history.record(machine) }
      let current = Self.logWeights(of: machine, scratch: logWeights)
      let sums = (0..<groups).map { group in
        GroupWeights(
          current + group * particles, count: particles, into: weights + group * particles)
      }
      outcome.shares.record(machine, sums, outcome.groupLogEvidence)
      if sums.allSatisfy(\.areAllZero) { throw outcome.shares.impossible(machine) }
      try smoother?.endStep(current)
      outcome.checkpoints += 1
      if machine.isFinished {
        finish(&outcome, current, sums)
        outcome.smoothedTallies = smoother?.estimates
        return outcome
      }
      let isResampled = sums.map {
        !$0.areAllZero
          && (settings.threshold >= 1
            || $0.effectiveSampleSize < settings.threshold * Double(particles))
      }
      if isResampled.contains(true) {
        resample(&outcome, sums, isResampled, weights, &ancestors)
        smoother?.noteResampling(ancestors, isResampled, settings.resampler)
      }
      try machine.beginGeneration()
    }
  }

  private static func logWeights(
    of machine: Machine, scratch: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<Double> {
    if let direct = machine.contiguousLogWeights { return direct }
    machine.readLogWeights(into: scratch)
    return UnsafePointer(scratch)
  }

  private func resample(
    _ outcome: inout Outcome, _ sums: [GroupWeights], _ isResampled: [Bool],
    _ weights: UnsafeMutablePointer<Double>, _ ancestors: inout [Int32]
  ) {
    let particles = settings.particles
    let machine = outcome.machine
    ancestors.withUnsafeMutableBufferPointer { buffer in
      let start = buffer.baseAddress.unsafelyUnwrapped
      for group in 0..<settings.groups {
        let first = group * particles
        guard isResampled[group] else {
          for lane in first..<(first + particles) { start[lane] = Int32(lane) }
          continue
        }
        var choices = run.driverChoices(
          key: machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
          index: UInt64(machine.generation))
        settings.rule.drawAncestors(
          settings.resampler, sums[group], weights + first, into: start + first, using: &choices)
        if first > 0 { for lane in first..<(first + particles) { start[lane] += Int32(first) } }
        outcome.groupLogEvidence[group] += settings.rule.logEvidenceIncrement(sums[group])
        outcome.resamplings[group] += 1
      }
    }
    settings.rule.replaceLanes(of: machine, by: ancestors, groups: isResampled)
    if run.options.keepsReports {
      outcome.history.replace(by: ancestors)
      let eves = outcome.eves
      outcome.eves = ancestors.map { eves[Int($0)] }
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
  }
}
