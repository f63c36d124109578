import BorelKernels
import BorelRuntime

/// Smooths the tallies of a particle filter on the way: keeps the states before and after the
/// current step, and nothing of the steps before.
struct OnlineSmoother {
  private let run: ModelRun
  private let population: LanePopulation
  private var smoother: TallySmoother
  private var step = 0
  private var before: [Double]?
  private var ancestors: [Int32]
  private let identity: [Int32]
  private var isMultinomial = false
  /// Log-weights with which the step began.
  private var initial: [Double] = []

  init(_ smoother: TallySmoother, run: ModelRun, machine: Machine) {
    self.run = run
    let reports = machine.visitDriverRoots
    population = LanePopulation(
      run, machine: machine, structure: run.host.engine.smoothingStructure(run), replaysSteps: true,
      keepsSteps: false)
    machine.visitDriverRoots = reports
    self.smoother = smoother
    identity = (0..<Int32(machine.laneCount)).map { $0 }
    ancestors = identity
    initial = [Double](repeating: 0, count: machine.laneCount)
  }

  /// `[tally][group]`.
  var estimates: [[Double]] { smoother.estimates }

  func beginStep() { population.beginStep() }

  mutating func endStep(_ logWeights: UnsafePointer<Double>) throws {
    try population.endStep()
    let current = Array(UnsafeBufferPointer(start: logWeights, count: identity.count))
    if population.isFinished, before != nil {
      smoother.finish(
        population, ancestors: ancestors, logWeights: current, isEmpty: current == initial)
      return
    }
    let known = before.map {
      BackwardDraws.Step(
        number: step, logWeights: $0, ancestors: ancestors, isMultinomial: isMultinomial)
    }
    var choices = run.driverChoices(
      key: population.machine.groupKeys[0], kind: Int(BOREL_KEY_BACKWARD),
      index: UInt64(population.machine.generation))
    try smoother.update(population, after: known, logWeights: current, using: &choices)
    before = current
    initial = current
    ancestors = identity
    isMultinomial = false
    step += 1
  }

  /// Lanes were replaced after the step.
  mutating func noteResampling(
    _ ancestors: [Int32], _ isResampled: [Bool], _ resampler: Resampler
  ) {
    self.ancestors = ancestors
    isMultinomial = resampler == .multinomial && !isResampled.contains(false)
    let particles = ancestors.count / isResampled.count
    for lane in ancestors.indices where isResampled[lane / particles] { initial[lane] = 0 }
  }
}
