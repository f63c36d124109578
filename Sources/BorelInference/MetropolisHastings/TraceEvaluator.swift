import BorelIR
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

  /// Runs all chains under replay alone, generated quantities and reports included.
  func replay(_ trace: ChoiceStore) throws

  /// An evaluator that runs the same on a machine of its own, to find out which choices traces have:
  /// what it draws is of no account. For one evaluation.
  func scout() -> any TraceEvaluator
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
}

/// Runs the whole program, or the version of it that only weighs: right for every program.
final class FullEvaluator: TraceEvaluator {
  private let run: ModelRun
  let machine: Machine
  /// What proposals are evaluated by: the model, or its version without generated quantities.
  private let weighed: FunctionID
  private let tape: ChoiceTape
  private let evaluation: TraceEvaluation
  private var proposal: Proposal?
  /// How many checkpoints the chains run through; nil runs the program to its end.
  var checkpoints: Int?

  init(
    run: ModelRun, machine: Machine, schema: ChoiceSchema, keepsParameters: Bool,
    weighed: FunctionID? = nil
  ) {
    self.run = run
    self.machine = machine
    self.weighed = weighed ?? run.model.function
    tape = ChoiceTape(laneCount: machine.laneCount)
    evaluation = TraceEvaluation(
      candidate: ChoiceStore(
        laneCount: machine.laneCount, keepsParameters: keepsParameters, schema: schema))
    machine.tape = tape
  }

  func evaluate(_ proposal: Proposal, of trace: ChoiceStore) throws -> TraceEvaluation {
    proposal.apply(to: trace)
    self.proposal = proposal
    evaluation.candidate.removeAll()
    tape.source = proposal.redrawsAll ? nil : trace
    tape.sink = evaluation.candidate
    machine.keepsReports = false
    machine.rejectsFailures = proposal.rejectsFailures
    try execute(weighed)
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

  func replay(_ trace: ChoiceStore) throws { try replay(trace) {} }

  func scout() -> any TraceEvaluator {
    var options = run.options
    options.choices = nil
    options.counterLog = nil
    let scout = Machine(
      program: run.compiled, groupKeys: machine.groupKeys, lanesPerGroup: machine.lanesPerGroup,
      options: options, host: run.host)
    // Objects in the traces belong to the other machine, and must stay where they are.
    scout.collectionThreshold = .max
    let evaluator = FullEvaluator(
      run: run, machine: scout, schema: evaluation.candidate.schema,
      keepsParameters: evaluation.candidate.keepsParameters, weighed: weighed)
    evaluator.checkpoints = checkpoints
    return evaluator
  }

  /// Replays step by step.
  ///
  /// - Parameter afterStep: Called whenever all lanes wait or have returned.
  func replay(_ trace: ChoiceStore, afterStep: () -> Void) throws {
    tape.source = trace
    tape.sink = nil
    machine.keepsReports = run.options.keepsReports
    machine.rejectsFailures = run.options.rejectsFailures
    try execute(run.model.function, afterStep)
  }

  /// Runs all chains under replay and turns what runs into a computation graph; nil where chains may
  /// differ in what they run.
  func makeGraph(
    _ trace: ChoiceStore, leavesOutGenerated: Bool
  ) throws -> ComputationGraph? {
    let recorder = GraphRecorder(machine: machine)
    machine.recorder = recorder
    defer { machine.recorder = nil }
    tape.source = trace
    tape.sink = ChoiceStore(laneCount: machine.laneCount)
    machine.keepsReports = run.options.keepsReports
    try execute(run.model.function)
    let graph = try recorder.finish(machine, leavesOutGenerated: leavesOutGenerated)
    machine.removeLanes()
    return graph
  }

  /// Lets the machine go on by itself, drawing choices and recording them.
  func draw(into trace: ChoiceStore) {
    tape.source = nil
    tape.sink = trace
    machine.keepsReports = run.options.keepsReports
    machine.rejectsFailures = run.options.rejectsFailures
  }

  private func execute(_ function: FunctionID, _ afterStep: () -> Void = {}) throws {
    machine.removeLanes()
    tape.resetSums()
    var done = 0
    repeat {
      try machine.beginGeneration(keepingEmissions: true)
      if machine.isIdle { machine.start(function: function, arguments: run.arguments) }
      try machine.advance()
      afterStep()
      done += 1
    } while !machine.isFinished && done < checkpoints ?? .max
  }

  /// Handles of the candidate and of the change that is being tried.
  func visitHandles(_ trace: ChoiceStore, _ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    evaluation.candidate.visitHandles(visit)
    proposal?.visitHandles(trace, visit)
  }
}
