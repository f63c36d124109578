import BorelBase
import BorelData
import BorelIR
import BorelRuntime

/// The share of the evidence that each line contributes: the sum over its executions of
/// `log(sum w after / sum w before)`. Shares add up to the log-evidence.
struct ObservationLedger {
  /// By checkpoint; nil for one that follows no score or was not met.
  private var shares: [ObservationShare?]
  private let siteOfCheckpoint: [(span: Span, name: String)?]
  private var previousTotal = 0.0
  private var previousShare = 1.0
  private var rest = 0.0
  private(set) var kills: [Kill] = []

  init(run: ModelRun, lanes: Int) {
    let sites = Self.sites(of: run.program)
    siteOfCheckpoint = (0..<((sites.keys.max() ?? -1) + 1)).map { sites[$0] }
    shares = Array(repeating: nil, count: siteOfCheckpoint.count)
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
            if case .score = instruction.operation { true } else { false }
          }
          if let score, case .score(_, let site, _, _, _) = score.operation {
            sites[number] = (score.span, site.name ?? "observe")
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
    let total = Self.logMean(sums, groupLogEvidence)
    var ess = 0.0
    var lanes = 0
    for group in sums {
      ess += group.effectiveSampleSize
      lanes += group.count
    }
    let increment = total - previousTotal
    previousTotal = total
    let share = ess / Double(lanes)
    let drop = max(0, previousShare - share)
    previousShare = share
    guard let checkpoint = machine.commonCheckpoint, checkpoint < siteOfCheckpoint.count,
      let site = siteOfCheckpoint[checkpoint]
    else {
      rest += increment
      return
    }
    if shares[checkpoint] == nil {
      shares[checkpoint] = ObservationShare(
        span: site.span, name: site.name, logEvidence: 0, executions: 0)
    }
    shares[checkpoint]?.logEvidence += increment
    shares[checkpoint]?.executions += 1
    shares[checkpoint]?.essDrop += drop
    if !found.isEmpty {
      shares[checkpoint]?.lanesKilled += found.reduce(0) {
        $0 + ($1.span == site.span ? $1.count : 0)
      }
    }
  }

  /// Log of the mean of the groups' evidence so far.
  private static func logMean(_ sums: [GroupWeights], _ logEvidence: [Double]) -> Double {
    if sums.count == 1 { return sums[0].logMean + logEvidence[0] }
    return EvidenceEstimate.logMeanExp(zip(sums, logEvidence).map { $0.logMean + $1 })
  }

  /// Shares in program order; what fell between checkpoints is not attributed to a line.
  var observations: [ObservationShare] {
    shares.compactMap { $0 }.sorted { $0.span.start < $1.span.start }
  }

  /// The error for a run in which every weight is zero, with the line that killed most lanes.
  func impossible(_ machine: Machine) -> Diagnostic {
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
        hints.append("the first value without support under '\(family)' is \(value.text)")
      }
    } else {
      message += ": this condition fails in every execution"
    }
    hints.append("it stopped \(worst.count) of \(machine.laneCount) executions in this step")
    return Diagnostic("E0502", .inference, message, at: worst.span, hints: hints)
  }
}
