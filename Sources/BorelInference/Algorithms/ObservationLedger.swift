import BorelBase
import BorelData
import BorelIR
import BorelRuntime

/// The share of the evidence that each line contributes: the sum over its executions of
/// `log(sum w after / sum w before)`. Shares add up to the log-evidence.
struct ObservationLedger {
  private var shares: [Int: ObservationShare] = [:]
  private let siteOfCheckpoint: [Int: (span: Span, name: String)]
  private var previousTotal = 0.0
  private var previousShare = 1.0
  private var rest = 0.0
  private(set) var kills: [Kill] = []

  init(run: ModelRun, lanes: Int) {
    siteOfCheckpoint = Self.sites(of: run.program)
  }

  /// The score that each checkpoint follows.
  private static func sites(of program: Program) -> [Int: (span: Span, name: String)] {
    var sites: [Int: (span: Span, name: String)] = [:]
    for function in program.functions {
      let flow = ControlFlow(function)
      for (index, block) in function.blocks.enumerated() {
        guard case .checkpoint(let number, _) = block.terminator else { continue }
        var current = index
        var visited: Set<Int> = []
        while visited.insert(current).inserted {
          let score = function.blocks[current].instructions.last { instruction in
            instruction.operation == .factor || instruction.operation.scoreSite != nil
          }
          if let score {
            let name = score.operation.scoreSite.map { $0.name ?? "observe" } ?? "factor"
            sites[number] = (score.span, name)
            break
          }
          guard let previous = flow.predecessors[current].first else { break }
          current = previous
        }
      }
    }
    return sites
  }

  /// Books what the weights did since the last checkpoint.
  mutating func record(
    _ machine: Machine, _ sums: [GroupWeights], _ groupLogEvidence: [Double]
  ) {
    let found = machine.takeKills()
    if !found.isEmpty { kills = found }
    let total = EvidenceEstimate.logMeanExp(
      zip(sums, groupLogEvidence).map { $0.logMean + $1 })
    let ess = sums.reduce(0) { $0 + $1.effectiveSampleSize }
    let lanes = sums.reduce(0) { $0 + $1.count }
    let increment = total - previousTotal
    previousTotal = total
    let share = ess / Double(lanes)
    defer { previousShare = share }
    guard let checkpoint = machine.commonCheckpoint, let site = siteOfCheckpoint[checkpoint] else {
      rest += increment
      return
    }
    var entry =
      shares[checkpoint]
      ?? ObservationShare(
        span: site.span, name: site.name, logEvidence: 0, executions: 0)
    entry.logEvidence += increment
    entry.executions += 1
    entry.essDrop += max(0, previousShare - share)
    entry.lanesKilled += found.reduce(0) { $0 + ($1.span == site.span ? $1.count : 0) }
    shares[checkpoint] = entry
  }

  /// Shares in program order; what fell between checkpoints is not attributed to a line.
  var observations: [ObservationShare] {
    shares.values.sorted { $0.span.start < $1.span.start }
  }

  /// The error for a run in which every weight is zero, with the line that killed most lanes.
  func impossible(_ machine: Machine) -> Diagnostic {
    if kills.isEmpty, let failed = machine.takeRejections().first {
      return Diagnostic(
        "E0502", .inference, "all weights are zero: every execution failed, most of them here",
        at: failed.span, hints: ["`--on-error stop` tells what fails"])
    }
    guard let worst = kills.first else {
      return Diagnostic(
        "E0502", .inference, "all weights are zero: no execution is compatible with the data",
        at: .none)
    }
    var message = "all weights are zero"
    var hints: [String] = []
    if let family = worst.family {
      message += ": this observation is impossible in every execution"
      if let value = worst.value {
        let name = worst.name.map { ", of '\($0)'" } ?? ""
        hints.append("the first value without support under '\(family)' is \(value.text)\(name)")
      }
    } else {
      message += ": this condition fails in every execution"
    }
    hints.append("it stopped \(worst.count) of \(machine.laneCount) executions in this step")
    return Diagnostic("E0502", .inference, message, at: worst.span, hints: hints)
  }
}
