import BorelBase
import BorelData
import BorelIR
import BorelRuntime

/// The share of the evidence that each line contributes: the sum over its executions of
/// `log(sum w after / sum w before)`. Shares add up to the log-evidence.
struct ObservationLedger {
  /// What a checkpoint has contributed so far.
  private struct Booking {
    var logEvidence = 0.0
    var executions = 0
    var essDrop = 0.0
    var lanesKilled = 0
  }

  /// By checkpoint.
  private var booked: [Booking]
  private let siteOfCheckpoint: [(span: Span, name: String)?]
  private var previousTotal = 0.0
  private var previousShare = 1.0
  private var rest = 0.0
  private(set) var kills: [Kill] = []

  init(run: ModelRun, lanes: Int) {
    let sites = Self.sites(of: run.program)
    siteOfCheckpoint = (0..<((sites.keys.max() ?? -1) + 1)).map { sites[$0] }
    booked = Array(repeating: Booking(), count: siteOfCheckpoint.count)
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
    guard let checkpoint = machine.commonCheckpoint, checkpoint < booked.count else {
      rest += increment
      return
    }
    booked[checkpoint].logEvidence += increment
    booked[checkpoint].executions += 1
    booked[checkpoint].essDrop += drop
    if !found.isEmpty, let site = siteOfCheckpoint[checkpoint] {
      booked[checkpoint].lanesKilled += found.reduce(0) {
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
    zip(siteOfCheckpoint, booked).compactMap { site, booking -> ObservationShare? in
      guard let site, booking.executions > 0 else { return nil }
      var share = ObservationShare(
        span: site.span, name: site.name, logEvidence: booking.logEvidence,
        executions: booking.executions)
      share.essDrop = booking.essDrop
      share.lanesKilled = booking.lanesKilled
      return share
    }.sorted { $0.span.start < $1.span.start }
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
