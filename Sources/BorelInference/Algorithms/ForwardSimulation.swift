import BorelBase
import BorelIR
import BorelRuntime

/// Prior simulation: `run . spawn(N) . Simulated`. `require` is met by rejection: lanes in which it
/// fails are drawn again in a later round, with a cap.
struct ForwardSimulation {
  struct Outcome {
    var variables: [Variable]
    var columns: [[UInt64]]
    var machine: Machine
  }

  let draws: Int
  let run: ModelRun
  let key: UInt64
  /// Attempts per wanted draw before the run gives up.
  private static let attemptsPerDraw = 1_000

  func execute() throws -> Outcome {
    var lanes = draws
    while true {
      let machine = run.startedMachine(key: key, groups: 1, lanesPerGroup: lanes)
      let history = History()
      try machine.advance()
      history.record(machine)
      var weights = [Double](repeating: 0, count: lanes)
      machine.readLogWeights(into: &weights)
      let accepted = weights.indices.filter { weights[$0] > -.infinity }
      if accepted.count >= draws { return finish(machine, history, accepted) }
      if lanes >= draws * Self.attemptsPerDraw {
        let kill = machine.takeKills().first
        throw Diagnostic(
          "E0504", .inference,
          "only \(accepted.count) of \(lanes) prior draws meet this condition",
          at: kill?.span ?? .none,
          hints: ["simulation meets 'require' by rejection: make it more likely under the prior"])
      }
      let rate = max(Double(accepted.count) / Double(lanes), 1.0 / Double(lanes))
      lanes = min(Int(Double(draws) / rate * 1.5) + 16, draws * Self.attemptsPerDraw)
    }
  }

  /// The first accepted lanes, in order: what they are does not depend on how many were tried.
  private func finish(_ machine: Machine, _ history: History, _ accepted: [Int]) -> Outcome {
    let chosen = accepted.prefix(draws).map { Int32($0) }
    let (columns, present) = machine.results(width: run.resultWidth)
    chosen.withUnsafeBufferPointer { history.replace(by: $0) }
    let kept = columns.map { column in chosen.map { column[Int($0)] } }
    let reports = PathReader.variables(history, program: run.program, laneCount: draws)
    let results = PathReader.resultVariables(
      run.model.result, kept, present: chosen.map { present[Int($0)] }, program: run.program)
    return Outcome(variables: reports + results, columns: kept, machine: machine)
  }
}
