import BorelRuntime

/// Runs the program of all chains on changed traces.
///
/// `FullEvaluator` runs all of it. An evaluator that runs only what a change can affect must give the
/// same bits.
protocol TraceEvaluator: AnyObject {
  /// The machine that the chains are lanes of.
  var machine: Machine { get }

  /// Runs all chains under replay of their traces with the changes of a proposal. The traces are the
  /// same afterwards.
  func evaluate(_ proposal: Proposal, of trace: ChoiceStore) throws -> TraceEvaluation

  /// Runs all chains under replay alone, reports included.
  func replay(_ trace: ChoiceStore) throws
}

/// What running the chains on changed traces gave. Valid until the next run.
final class TraceEvaluation {
  /// The new traces.
  let candidate: ChoiceStore
  /// Log-likelihoods by chain: all scores and factors; `-infinity` for a rejection.
  var logLikelihoods: [Double]
  /// Sums by chain over the choices that both traces have, those with a changed value included:
  /// log-densities in the new trace and in the old one.
  var logKeptNew: [Double]
  var logKeptOld: [Double]
  /// Chains that stopped because of a parameter outside its domain, a bad index or an overflow.
  var failureCount = 0

  init(candidate: ChoiceStore) {
    self.candidate = candidate
    let zeros = [Double](repeating: 0, count: candidate.laneCount)
    (logLikelihoods, logKeptNew, logKeptOld) = (zeros, zeros, zeros)
  }

  /// The log of the ratio of the densities that do not cancel: likelihoods and kept choices. Choices
  /// that appear or vanish are drawn from their prior in one of the two directions, so that their
  /// densities and those of the proposals cancel.
  func logRatio(_ chain: Int, from logLikelihood: Double) -> Double {
    if logLikelihoods[chain] == -.infinity { return -.infinity }
    return (logLikelihoods[chain] - logLikelihood) + (logKeptNew[chain] - logKeptOld[chain])
  }
}

/// Runs the whole program: right for every program.
final class FullEvaluator: TraceEvaluator {
  private let run: ModelRun
  let machine: Machine
  private let tape: ChoiceTape
  private let evaluation: TraceEvaluation
  private var proposal: Proposal?

  init(run: ModelRun, machine: Machine, schema: ChoiceSchema, keepsParameters: Bool) {
    self.run = run
    self.machine = machine
    tape = ChoiceTape(laneCount: machine.laneCount)
    evaluation = TraceEvaluation(
      candidate: ChoiceStore(
        laneCount: machine.laneCount, keepsParameters: keepsParameters, schema: schema))
    machine.tape = tape
    machine.rejectsFailures = true
  }

  func evaluate(_ proposal: Proposal, of trace: ChoiceStore) throws -> TraceEvaluation {
    proposal.apply(to: trace)
    self.proposal = proposal
    evaluation.candidate.removeAll()
    tape.source = proposal.redrawsAll ? nil : trace
    tape.sink = evaluation.candidate
    machine.keepsReports = false
    try execute()
    self.proposal = nil
    proposal.undo(in: trace)
    machine.readLogWeights(into: &evaluation.logLikelihoods)
    for chain in 0..<machine.laneCount {
      evaluation.logKeptNew[chain] = tape.logReplayed[chain]
      evaluation.logKeptOld[chain] = tape.logSource[chain]
    }
    evaluation.failureCount = machine.takeRejections().reduce(0) { $0 + $1.count }
    return evaluation
  }

  func replay(_ trace: ChoiceStore) throws {
    tape.source = trace
    tape.sink = nil
    machine.keepsReports = run.options.keepsReports
    try execute()
  }

  /// Runs all chains under replay and turns what runs into a computation graph; nil where chains may
  /// differ in what they run.
  func makeGraph(_ trace: ChoiceStore) throws -> ComputationGraph? {
    let recorder = GraphRecorder(machine: machine)
    machine.recorder = recorder
    defer { machine.recorder = nil }
    tape.source = trace
    tape.sink = ChoiceStore(laneCount: machine.laneCount)
    machine.keepsReports = run.options.keepsReports
    try execute()
    let graph = try recorder.finish(machine)
    machine.removeLanes()
    return graph
  }

  private func execute() throws {
    machine.removeLanes()
    tape.resetSums()
    repeat {
      try machine.beginGeneration(keepingEmissions: true)
      if machine.isIdle { machine.start(function: run.model.function, arguments: run.arguments) }
      try machine.advance()
    } while !machine.isFinished
  }

  /// Handles of the candidate and of the change that is being tried.
  func visitHandles(_ trace: ChoiceStore, _ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    evaluation.candidate.visitHandles(visit)
    proposal?.visitHandles(trace, visit)
  }
}
