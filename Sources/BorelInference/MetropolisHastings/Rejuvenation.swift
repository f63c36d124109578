import BorelKernels
import BorelRuntime

/// Moves the lanes of a particle filter after a resampling: resample-move.
///
/// At checkpoint k the target is the program up to k checkpoints or its return (semantics, 5.8). A
/// proposal runs the lanes from the start to k under replay; afterwards the states of all lanes are
/// rebuilt from their traces, and the values that they have reported are those of the new traces. The
/// kernel leaves the target invariant, so that weights and evidence stay what they are.
///
/// Source: Gilks, Berzuini (2001), "Following a moving target: Monte Carlo inference for dynamic
/// Bayesian models".
final class Rejuvenation {
  private var kernel: any Kernel
  private let run: ModelRun
  private let machine: Machine
  private let evaluator: FullEvaluator
  private let chains: Chains
  private var steps = 0

  init(
    kernel: MethodSpecification, run: ModelRun, machine: Machine, key: UInt64, history: History
  ) {
    self.kernel = kernel.makeKernel()
    self.run = run
    self.machine = machine
    let schema = ChoiceSchema()
    let keepsParameters = self.kernel.needsParameters
    let current = ChoiceStore(
      laneCount: machine.laneCount, keepsParameters: keepsParameters, schema: schema)
    let evaluator = FullEvaluator(
      run: run, machine: machine, schema: schema, keepsParameters: keepsParameters)
    self.evaluator = evaluator
    chains = Chains(
      run: run, key: key, keys: machine.laneKeys, current: current, evaluator: evaluator)
    chains.isAdapting = false
    evaluator.draw(into: current)
    keepRoots(history)
  }

  private func keepRoots(_ history: History) {
    let (current, program) = (chains.current, run.program)
    machine.visitDriverRoots = { [weak evaluator] visit in
      history.visitHandles(program, visit)
      current.visitHandles(visit)
      evaluator?.visitHandles(current, visit)
    }
  }

  /// The lanes have advanced to their next checkpoints or returned.
  func noteStep() { steps += 1 }

  /// Moves the lanes once, after they were replaced.
  func move(_ outcome: inout SequentialMonteCarlo.Outcome, _ ancestors: [Int32]) throws {
    var logWeights = [Double](repeating: 0, count: machine.laneCount)
    machine.readLogWeights(into: &logWeights)
    chains.current.replaceLanes(by: ancestors)
    evaluator.checkpoints = steps
    try evaluator.replay(chains.current)
    machine.discardEmissions()
    var logLikelihoods = logWeights
    machine.readLogWeights(into: &logLikelihoods)
    chains.setLogLikelihoods(logLikelihoods)
    chains.countVisits()
    try kernel.step(chains)
    let history = History()
    keepRoots(history)
    try evaluator.replay(chains.current) {
      if run.options.keepsReports { history.record(machine) }
    }
    outcome.history = history
    machine.setLogWeights(logWeights)
    evaluator.draw(into: chains.current)
  }
}
