import BorelKernels
import BorelRuntime

/// Particle filters side by side, one per group of lanes of one machine, whose choices are recorded:
/// parameters come from outside, all else is drawn.
final class InnerFilters {
  struct Settings {
    var resampler: Resampler
    /// Share of the lanes of a filter below which it is resampled; 1 resamples always.
    var threshold: Double
  }

  /// What a run of all filters up to some step has left.
  final class Pass {
    /// The choices of all lanes.
    let choices: ChoiceStore
    /// Checkpoints that the lanes have come to.
    fileprivate(set) var steps = 0
    /// Of all lanes, since the last resampling of their filter.
    fileprivate(set) var logWeights: [Double]
    /// Log of the evidence estimate of each filter, up to its last resampling and up to now.
    fileprivate var logResampled: [Double]
    fileprivate(set) var logEvidence: [Double]
    fileprivate var sums: [GroupWeights] = []
    fileprivate let particles: Int

    fileprivate init(groups: Int, particles: Int, schema: ChoiceSchema) {
      self.particles = particles
      choices = ChoiceStore(laneCount: groups * particles, schema: schema)
      logWeights = [Double](repeating: 0, count: groups * particles)
      logResampled = [Double](repeating: 0, count: groups)
      logEvidence = logResampled
    }

    /// Filter g goes on from filter `ancestors[g]`.
    func replaceFilters(by ancestors: [Int32]) {
      let lanes = ancestors.flatMap { ancestor in
        (0..<particles).map { ancestor * Int32(particles) + Int32($0) }
      }
      choices.replaceLanes(by: lanes)
      logWeights = lanes.map { logWeights[Int($0)] }
      logResampled = ancestors.map { logResampled[Int($0)] }
      logEvidence = ancestors.map { logEvidence[Int($0)] }
    }

    /// A filter goes on from one of another pass, whose objects are elsewhere.
    ///
    /// - Parameter clone: Brings an object over.
    func take(_ source: Int, of other: Pass, as filter: Int, clone: (UInt64) -> UInt64) {
      for k in 0..<particles {
        let (from, to) = (source * particles + k, filter * particles + k)
        choices.copy(lane: from, of: other.choices, to: to, clone: clone)
        logWeights[to] = other.logWeights[from]
      }
      logResampled[filter] = other.logResampled[source]
      logEvidence[filter] = other.logEvidence[source]
    }
  }

  let machine: Machine
  let particles: Int
  private let run: ModelRun
  private let settings: Settings
  private let tape: ChoiceTape
  private let schema: ChoiceSchema
  private var relative: [Double]
  /// Stores that the machine must keep the objects of.
  private var held: [ChoiceStore] = []

  /// - Parameters:
  ///   - keys: One stream key per filter.
  ///   - schema: Shared by filters that take over each other's choices.
  init(
    _ settings: Settings, run: ModelRun, keys: [UInt64], particles: Int, schema: ChoiceSchema
  ) {
    self.settings = settings
    self.run = run
    self.particles = particles
    self.schema = schema
    machine = run.makeMachine(groupKeys: keys, lanesPerGroup: particles)
    tape = ChoiceTape(laneCount: machine.laneCount)
    relative = [Double](repeating: 0, count: machine.laneCount)
    machine.tape = tape
    machine.keepsReports = false
    machine.visitDriverRoots = { [weak self] visit in
      for store in self?.held ?? [] { store.visitHandles(visit) }
    }
  }

  /// A pass that has not begun.
  func makePass() -> Pass {
    Pass(groups: machine.groupKeys.count, particles: particles, schema: schema)
  }

  /// Puts all lanes at the start.
  ///
  /// - Parameter parameters: By lane; the same for all lanes of a filter.
  func begin(_ pass: Pass, parameters: ChoiceStore) {
    machine.discardLanes()
    tape.source = parameters
    tape.sink = pass.choices
    pass.choices.removeAll()
    held = [parameters, pass.choices]
    pass.steps = 0
    for group in pass.logResampled.indices { pass.logResampled[group] = 0 }
  }

  /// Lets every lane go on to its next checkpoint.
  func advance(_ pass: Pass) throws {
    try step()
    pass.steps += 1
    machine.readLogWeights(into: &pass.logWeights)
    weigh(pass)
    for group in pass.logEvidence.indices {
      pass.logEvidence[group] = pass.logResampled[group] + pass.sums[group].logMean
    }
  }

  private func weigh(_ pass: Pass) {
    pass.sums = pass.logWeights.withUnsafeBufferPointer { source in
      relative.withUnsafeMutableBufferPointer { target in
        pass.logResampled.indices.map { group in
          GroupWeights(
            source.baseAddress.unsafelyUnwrapped + group * particles, count: particles,
            into: target.baseAddress.unsafelyUnwrapped + group * particles)
        }
      }
    }
  }

  private func step() throws {
    try machine.beginGeneration()
    if machine.isIdle { machine.start(function: run.model.function, arguments: run.arguments) }
    try machine.advance()
  }

  /// Resamples the filters whose weights are uneven.
  func resample(_ pass: Pass) {
    let isResampled = pass.sums.map { $0.isDue(belowShare: settings.threshold) }
    if !isResampled.contains(true) { return }
    var ancestors = (0..<Int32(machine.laneCount)).map { $0 }
    for group in isResampled.indices where isResampled[group] {
      let first = group * particles
      var choices = run.driverChoices(
        key: machine.groupKeys[group], kind: Int(BOREL_KEY_RESAMPLING),
        index: UInt64(machine.generation))
      relative.withUnsafeBufferPointer { weights in
        ancestors.withUnsafeMutableBufferPointer { target in
          let start = target.baseAddress.unsafelyUnwrapped + first
          settings.resampler.draw(
            weights.baseAddress.unsafelyUnwrapped + first, total: pass.sums[group].sum,
            count: particles, into: start, using: &choices)
          for lane in 0..<particles { start[lane] += Int32(first) }
        }
      }
      pass.logResampled[group] += pass.sums[group].logMean
    }
    machine.replaceLanes(by: ancestors, count: machine.laneCount)
    machine.resetLogWeights(groups: isResampled)
    pass.choices.replaceLanes(by: ancestors)
  }

  /// Runs all filters from the start through some steps.
  ///
  /// - Parameter rejectsFailures: Whether what fails in a lane makes its weight zero.
  func runThrough(
    _ steps: Int, _ pass: Pass, parameters: ChoiceStore, rejectsFailures: Bool
  ) throws {
    begin(pass, parameters: parameters)
    machine.rejectsFailures = rejectsFailures
    for step in 1...steps {
      try advance(pass)
      if step < steps { resample(pass) }
    }
    machine.rejectsFailures = run.options.rejectsFailures
  }

  /// Rebuilds the states of all lanes from their choices.
  func replay(_ pass: Pass, afterStep: () -> Void = {}) throws {
    machine.discardLanes()
    held = [pass.choices]
    tape.source = pass.choices
    tape.sink = nil
    // Lanes that have failed do so again.
    machine.rejectsFailures = true
    for _ in 0..<pass.steps {
      try step()
      afterStep()
    }
    machine.rejectsFailures = run.options.rejectsFailures
    _ = machine.takeRejections()
    machine.setLogWeights(pass.logWeights)
    weigh(pass)
    tape.source = nil
    tape.sink = pass.choices
  }

  /// Random counters are a function of the step that the filters are in.
  func skip(to generation: UInt32) { machine.skipGenerations(to: generation) }

  /// Runs all filters once more to see what they report.
  func report(_ pass: Pass, into history: History) throws {
    let program = run.program
    machine.visitDriverRoots = { [weak self] visit in
      history.visitHandles(program, visit)
      for store in self?.held ?? [] { store.visitHandles(visit) }
    }
    machine.keepsReports = run.options.keepsReports
    try replay(pass) {
      if run.options.keepsReports { history.record(machine) }
    }
  }

  /// Whether some living lane has drawn a parameter for itself.
  func drawsParameters(_ pass: Pass, sites: Set<Int>, given parameters: ChoiceStore) -> Bool {
    for (number, instance) in pass.choices.instances.enumerated()
    where sites.contains(instance.site) {
      let present = pass.choices.columns(number).present
      let given = parameters.number(of: instance.address).map { parameters.columns($0).present }
      for lane in 0..<machine.laneCount
      where present[lane] && pass.logWeights[lane] > -.infinity && !(given?[lane] ?? false) {
        return true
      }
    }
    return false
  }
}
