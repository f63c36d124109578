import BorelBase
import BorelData
import BorelIR
import BorelRuntime

/// The share of the evidence that each line contributes: the sum over its executions of
/// `log(sum w after / sum w before)`. Shares add up to the log-evidence.
struct ObservationLedger {
  /// Shares by the checkpoint that follows the line.
  private var shares: [(checkpoint: Int, share: ObservationShare)] = []
  private var positions: [Int: Int] = [:]
  /// Position of the checkpoint that was met last.
  private var last = 0
  /// What happened since the start, with the checkpoint instead of the observation.
  private var steps: [WeightStep] = []
  /// Lanes stopped at lines, by place.
  private var killShares: [Span: ObservationShare] = [:]
  private let siteOfCheckpoint: [Int: (span: Span, name: String)]
  private var previousTotal = 0.0
  private var previousShare = 1.0
  /// Shares of the groups at the last checkpoint, for the resampling after it.
  private var groupShares: [Double] = []
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
    if !found.isEmpty {
      kills = found
      book(found)
    }
    let total =
      sums.count == 1
      ? sums[0].logMean + groupLogEvidence[0]
      : EvidenceEstimate.logMeanExp(zip(sums, groupLogEvidence).map { $0.logMean + $1 })
    let increment = total - previousTotal
    previousTotal = total
    groupShares.removeAll(keepingCapacity: true)
    for group in sums { groupShares.append(group.effectiveSampleSize / Double(group.count)) }
    let share = groupShares.reduce(0, +) / Double(groupShares.count)
    let step = WeightStep(
      observation: machine.commonCheckpoint, logEvidence: increment, essShare: share,
      essShareBefore: previousShare, lanesKilled: found.reduce(0) { $0 + $1.count })
    steps.append(step)
    previousShare = share
    let checkpoint = step.observation ?? -1
    if last >= shares.count || shares[last].checkpoint != checkpoint {
      last = position(of: checkpoint)
    }
    shares[last].share.add(step)
  }

  private mutating func position(of checkpoint: Int) -> Int {
    if let known = positions[checkpoint] { return known }
    let site = siteOfCheckpoint[checkpoint] ?? (.none, "the rest")
    let share = ObservationShare(
      span: site.span, name: site.name, logEvidence: 0, executions: 0)
    shares.append((checkpoint, share))
    positions[checkpoint] = shares.count - 1
    return shares.count - 1
  }

  /// Lanes of these groups were resampled after the last checkpoint.
  mutating func noteResampling(of groups: [Bool]) {
    for group in groups.indices where groups[group] { groupShares[group] = 1 }
    previousShare = groupShares.reduce(0, +) / Double(groupShares.count)
    if !steps.isEmpty { steps[steps.count - 1].isResampled = true }
  }

  private mutating func book(_ found: [Kill]) {
    for kill in found {
      let name = kill.name ?? (kill.family == nil ? "require" : "observe")
      var share =
        killShares[kill.span]
        ?? ObservationShare(span: kill.span, name: name, logEvidence: 0, executions: 0)
      share.lanesKilled += kill.count
      if share.killingValue == nil { share.killingValue = kill.value?.text }
      killShares[kill.span] = share
    }
  }

  /// Shares in program order, and the steps that they sum up. What fell between checkpoints, or on
  /// lanes that stood at different lines, comes last, without a place.
  func outcome() -> (observations: [ObservationShare], steps: [WeightStep]) {
    // A share without increments is one line to nothing: the end of a program without scores.
    let kept = shares.filter { $0.checkpoint >= 0 || abs($0.share.logEvidence) > 1e-12 }
    var entries = kept.map { (checkpoint: $0.checkpoint as Int?, share: $0.share) }
    var rest = killShares
    for index in entries.indices {
      guard let killed = rest.removeValue(forKey: entries[index].share.span) else { continue }
      entries[index].share.lanesKilled = killed.lanesKilled
      entries[index].share.killingValue = killed.killingValue
    }
    entries += rest.values.map { (nil, $0) }
    entries.sort { a, b in
      if a.share.span.isNone != b.share.span.isNone { return b.share.span.isNone }
      return (a.share.span.file, a.share.span.start) < (b.share.span.file, b.share.span.start)
    }
    var indices: [Int: Int] = [:]
    for (index, entry) in entries.enumerated() {
      if let checkpoint = entry.checkpoint { indices[checkpoint] = index }
    }
    let numbered = steps.map { step in
      var step = step
      step.observation = indices[step.observation ?? -1]
      return step
    }
    return (entries.map(\.share), numbered)
  }

  /// The error for a run in which every weight is zero, with the line that killed most lanes.
  func impossible(_ machine: Machine) -> Diagnostic { Self.impossible(machine, kills) }

  /// The error for a machine in which every weight of a group is zero.
  static func impossible(_ machine: Machine) -> Diagnostic {
    impossible(machine, machine.takeKills())
  }

  private static func impossible(_ machine: Machine, _ kills: [Kill]) -> Diagnostic {
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

extension ObservationShare {
  fileprivate mutating func add(_ step: WeightStep) {
    logEvidence += step.logEvidence
    executions += 1
    essDrop = max(essDrop, step.essDrop)
  }
}
