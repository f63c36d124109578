import BorelDistributions
import BorelHeap
import BorelKernels
import BorelRuntime

/// The parameters of all filters, and proposals for them. Lane g of a machine of its own, which runs
/// the program up to the first checkpoint, stands for filter g.
final class ParameterParticles {
  /// A proposal for every filter.
  struct Proposal {
    var choices: ChoiceStore
    /// log q(new -> old) - log q(old -> new), Jacobian included.
    var logHastings: [Double]
    /// Densities of the parameters that were not drawn anew, there and here.
    var logKeptNew: [Double]
    var logKeptOld: [Double]
  }

  /// The static choices that parameters come from.
  let sites: Set<Int>
  private(set) var choices: ChoiceStore
  private let run: ModelRun
  private let machine: Machine
  private let tape: ChoiceTape
  private let recorded: ChoiceStore
  private let schema = ChoiceSchema()

  init(_ run: ModelRun, key: UInt64, count: Int, sites: Set<Int>) {
    self.run = run
    self.sites = sites
    machine = run.makeMachine(key: key, groups: count, lanesPerGroup: 1)
    machine.keepsReports = false
    choices = ChoiceStore(laneCount: count, schema: schema)
    recorded = ChoiceStore(laneCount: count)
    tape = ChoiceTape(laneCount: count)
    tape.sink = recorded
    machine.tape = tape
    machine.visitDriverRoots = { [weak self] visit in
      guard let self else { return }
      choices.visitHandles(visit)
      recorded.visitHandles(visit)
      tape.source?.visitHandles(visit)
    }
  }

  var count: Int { choices.laneCount }

  /// Random counters are a function of the step that the filters are in.
  func skip(to generation: UInt32) { machine.skipGenerations(to: generation) }

  /// Draws the parameters of all filters from their prior.
  func drawFromPrior() throws {
    machine.rejectsFailures = run.options.rejectsFailures
    choices = try firstStep(from: nil)
  }

  /// Filter g goes on with the parameters of filter `ancestors[g]`.
  func replaceFilters(by ancestors: [Int32]) { choices.replaceLanes(by: ancestors) }

  func take(_ isTaken: [Bool], from proposal: Proposal) {
    choices.take(isTaken, from: proposal.choices)
  }

  var all: [Int] { Array(0..<count) }

  /// Parameters of some filters, by lane.
  func expanded(
    _ choices: ChoiceStore, of numbers: [Int], for filters: InnerFilters
  ) -> ChoiceStore {
    let lanes = ChoiceStore(laneCount: filters.machine.laneCount)
    var cloner = Cloner(into: filters.machine.arena)
    for lane in 0..<lanes.laneCount {
      lanes.copy(lane: numbers[lane / filters.particles], of: choices, to: lane) {
        cloner.clone($0)
      }
    }
    return lanes
  }

  // MARK: Proposals

  /// Parameters that walk: those that every filter has, on a scale that is the same everywhere.
  func walkingParameters() -> [(instance: Int, chart: SupportChart)] {
    choices.instances.enumerated().compactMap { number, instance in
      guard let chart = run.compiled.family(ofSite: instance.site).flatMap(Self.chart) else {
        return nil
      }
      let present = choices.columns(number).present
      return (0..<count).allSatisfy { present[$0] } ? (number, chart) : nil
    }
  }

  /// A fixed chart of the support of a real family; points outside other supports have density zero.
  private static func chart(_ family: any Family.Type) -> SupportChart? {
    guard family.signature.value == .real, family.signature.baseMeasure == .lebesgue else {
      return nil
    }
    switch family.signature.support {
    case .positive, .nonNegative: return .above(0)
    case .unitInterval: return .between(0, 1)
    default: return .line
    }
  }

  /// The coordinates of the walking parameters of a filter.
  func location(
    _ walking: [(instance: Int, chart: SupportChart)], of filter: Int
  ) -> [Double] {
    walking.map {
      $0.chart.coordinate(Double(bitPattern: choices.value($0.instance, lane: filter)[0]))
    }
  }

  /// Whether there are parameters that are not among those that walk.
  func hasOthers(than walking: [(instance: Int, chart: SupportChart)]) -> Bool {
    choices.instances.count > walking.count
  }

  /// Moves the walking parameters of all filters.
  ///
  /// - Parameter steps: By filter and parameter, on the scale of the coordinates.
  func proposeWalk(
    _ walking: [(instance: Int, chart: SupportChart)], steps: [[Double]]
  ) throws -> Proposal {
    let source = copy()
    var logHastings = [Double](repeating: 0, count: count)
    for (k, parameter) in walking.enumerated() {
      let words = source.columns(parameter.instance).words
      for filter in 0..<count {
        let old = Double(bitPattern: words[filter])
        let new = parameter.chart.value(parameter.chart.coordinate(old) + steps[filter][k])
        words[filter] = new.bitPattern
        logHastings[filter] +=
          parameter.chart.logDerivative(new) - parameter.chart.logDerivative(old)
      }
    }
    return try proposal(from: source, logHastings, keeping: walking.map(\.instance))
  }

  /// Draws the other parameters of all filters anew.
  func proposeRedraw(
    keeping walking: [(instance: Int, chart: SupportChart)]
  ) throws -> Proposal {
    let source = copy()
    let kept = Set(walking.map(\.instance))
    for number in source.instances.indices where !kept.contains(number) {
      source.columns(number).present.update(repeating: false, count: count)
    }
    return try proposal(
      from: source, [Double](repeating: 0, count: count), keeping: walking.map(\.instance))
  }

  private func copy() -> ChoiceStore {
    let copy = ChoiceStore(laneCount: count, schema: schema)
    copy.take([Bool](repeating: true, count: count), from: choices)
    return copy
  }

  /// What a run with changed parameters makes of them. Where it stops at one of them the proposal
  /// has density zero.
  private func proposal(
    from source: ChoiceStore, _ logHastings: [Double], keeping kept: [Int]
  ) throws -> Proposal {
    machine.rejectsFailures = true
    let made = try firstStep(from: source)
    _ = machine.takeRejections()
    var logKeptNew = (0..<count).map { tape.logReplayed[$0] }
    let isImpossible = (0..<count).map { filter in
      logKeptNew[filter] == -.infinity
        || kept.contains { !made.columns($0).present[filter] }
    }
    made.take(isImpossible, from: choices)
    for filter in 0..<count where isImpossible[filter] { logKeptNew[filter] = -.infinity }
    return Proposal(
      choices: made, logHastings: logHastings, logKeptNew: logKeptNew,
      logKeptOld: (0..<count).map { tape.logSource[$0] })
  }

  /// Runs the program to the first checkpoint and takes the parameters that it made.
  private func firstStep(from source: ChoiceStore?) throws -> ChoiceStore {
    machine.discardLanes()
    tape.resetSums()
    tape.source = source
    recorded.removeAll()
    try machine.beginGeneration()
    machine.start(function: run.model.function, arguments: run.arguments)
    try machine.advance()
    let made = ChoiceStore(laneCount: count, schema: schema)
    for filter in 0..<count {
      made.copy(
        lane: filter, of: recorded, to: filter, where: { sites.contains($0.site) },
        clone: { $0 })
    }
    tape.source = nil
    return made
  }
}
