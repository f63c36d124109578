import BorelBase
import BorelData
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Exact enumeration: `run . Enumerated . Weighted`.
///
/// Every choice forks its lane, once per value; lanes that meet in the same state are merged, so
/// that a hidden Markov model becomes the forward algorithm. The merged lanes form a directed
/// graph; a backward pass over it gives the exact probability of every reported value without
/// carrying it in the state.
struct Enumeration {
  struct Settings {
    /// Prior mass that may stay unexplored.
    var tolerance: Double
    /// Most lanes alive at once, and most lane-steps overall.
    var executions: Int
  }

  struct Outcome {
    var variables: [Variable]
    /// Results with their probabilities: words by lane.
    var resultColumns: [[UInt64]]
    var probabilities: [Double]
    var logEvidence: Double
    /// Prior mass that was left out.
    var unexplored: Double
    var lanes: Int
    var tallies: [Double]
    var machine: Machine
  }

  private let settings: Settings
  private let run: ModelRun
  private let graph = EnumerationGraph()
  private var unexplored = 0.0
  private var explored = 0

  init(_ settings: Settings, run: ModelRun) {
    self.settings = settings
    self.run = run
  }

  /// - Parameter wantsReports: Whether values reported on the way are needed; nested inference
  ///   needs the result only.
  static func execute(
    _ settings: Settings, run: ModelRun, wantsReports: Bool = true
  ) throws -> Outcome {
    var enumeration = Enumeration(settings, run: run)
    return try enumeration.execute(wantsReports)
  }

  private mutating func execute(_ wantsReports: Bool) throws -> Outcome {
    let machine = run.startedMachine(key: 0, groups: 1, lanesPerGroup: 1)
    let (graph, program) = (graph, run.program)
    machine.visitDriverRoots = { graph.visitHandles(program, $0) }
    var kills: [Kill] = []
    while true {
      try machine.advance()
      try machine.checkTime()
      let found = machine.takeKills()
      if !found.isEmpty { kills = found }
      if wantsReports { graph.addReports(machine) } else { machine.discardEmissions() }
      if machine.isFinished { break }
      explored += machine.laneCount
      if machine.isAtFork {
        let laneCount = machine.laneCount
        var parents = try machine.expandForks()
        try checkSize(machine)
        try dropSmall(machine, &parents)
        let merged = machine.mergeEqualLanes()
        graph.addGeneration(parents: parents, merged: merged, laneCount: laneCount)
      }
      try machine.beginGeneration()
    }
    return try finish(machine, kills)
  }

  private func checkSize(_ machine: Machine) throws {
    if machine.laneCount > settings.executions || explored > 100 * settings.executions {
      throw Diagnostic(
        "E0503", .inference,
        "'enumerate' has more than \(settings.executions) executions to explore", at: .none,
        hints: [
          "use 'smc(...)' or 'importance(...)', or raise 'executions' if there is memory for it"
        ])
    }
  }

  /// Leaves out lanes that together hold less prior mass than the tolerance.
  private mutating func dropSmall(_ machine: Machine, _ parents: inout [Int32]) throws {
    guard settings.tolerance > 0 else { return }
    let weights = machine.logWeightsAfterFork()
    let budget = settings.tolerance - unexplored
    let order = weights.indices.sorted { weights[$0] < weights[$1] }
    var dropped = 0.0
    var isDropped = [Bool](repeating: false, count: weights.count)
    for lane in order {
      let mass = borel_exp(weights[lane])
      // A tenth of what is left per step, so that later steps have room too.
      if dropped + mass > budget * 0.1 { break }
      dropped += mass
      isDropped[lane] = true
    }
    if dropped == 0 { return }
    unexplored += dropped
    let kept = isDropped.indices.filter { !isDropped[$0] }.map { Int32($0) }
    machine.keepLanes(kept)
    parents = kept.map { parents[Int($0)] }
  }

  private func finish(_ machine: Machine, _ kills: [Kill]) throws -> Outcome {
    var logWeights = [Double](repeating: 0, count: max(machine.laneCount, 1))
    if machine.laneCount > 0 { machine.readLogWeights(into: &logWeights) } else { logWeights = [] }
    let maximum = logWeights.max() ?? -.infinity
    guard maximum > -.infinity else {
      throw impossible(kills)
    }
    var sum = 0.0
    for weight in logWeights { sum += borel_exp(weight - maximum) }
    let logEvidence = maximum + borel_log(sum)
    let probabilities = logWeights.map { borel_exp($0 - logEvidence) }
    let (columns, _) = machine.results(width: run.resultWidth)
    let tallies = run.program.tallies.indices.map { number in
      zip(machine.tally(number), probabilities).reduce(0) { $0 + ($1.1 > 0 ? $1.0 * $1.1 : 0) }
    }
    return Outcome(
      variables: graph.marginals(
        finalMasses: probabilities, program: run.program),
      resultColumns: columns, probabilities: probabilities, logEvidence: logEvidence,
      unexplored: unexplored, lanes: explored + machine.laneCount, tallies: tallies,
      machine: machine)
  }

  private func impossible(_ kills: [Kill]) -> Diagnostic {
    var diagnostic = Diagnostic(
      "E0502", .inference, "the evidence is zero: no execution is compatible with the data",
      at: kills.first?.span ?? .none)
    if let value = kills.first?.value, let family = kills.first?.family {
      diagnostic.hints.append(
        "the first value without support under '\(family)' is \(value.text)"
          + (kills.first?.name.map { ", of '\($0)'" } ?? ""))
    }
    return diagnostic
  }
}
