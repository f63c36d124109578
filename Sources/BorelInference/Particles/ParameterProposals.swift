import BorelBase
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Proposes parameters for the chains of particle marginal Metropolis-Hastings.
///
/// Single real parameters make a random walk together on an unconstrained scale; others are drawn
/// from their priors given the parameters before them. The first step of the model is replayed
/// with the current and the proposed parameters of each chain side by side, for their densities.
struct ParameterProposals {
  struct Proposal {
    /// Row 2c holds the current choices of the first step of chain c, row 2c + 1 the proposed ones.
    let pairs: ChoiceTable
    /// Prior densities of the real parameters by row: `-infinity` for parameters outside the prior.
    let logPriors: [Double]
    /// Ratios of the proposal densities, by chain.
    let logHastings: [Double]
    /// Locations of the real parameters.
    let current: [[Double]]
    let proposed: [[Double]]

    /// Whether the parameters proposed to a chain have a density.
    func isPossible(chain: Int) -> Bool {
      logPriors[2 * chain + 1] > -.infinity && logHastings[chain].isFinite
    }

    /// One row per chain: the proposal, or what the chain has.
    func table(proposed isProposed: [Bool]) -> ChoiceTable {
      pairs.expanded(isProposed.enumerated().map { Int32(2 * $0.offset + ($0.element ? 1 : 0)) })
    }
  }

  /// Acceptance rate at which the scale of the steps aims.
  ///
  /// Source: Sherlock, Thiery, Roberts, Rosenthal (2015), On the efficiency of pseudo-marginal
  /// random walk Metropolis algorithms: 0.07 in many dimensions, more in few.
  private static let target = 0.15
  private let run: ModelRun
  private let prior: PriorReplay
  private let chains: Int
  private let uses: Set<Int>
  private var scales: [ProposalScale?]

  init(_ run: ModelRun, key: UInt64, chains: Int, uses: Set<Int>) {
    prior = PriorReplay(run, key: key, chains: chains, candidates: 2)
    self.run = run
    self.chains = chains
    self.uses = uses
    scales = [ProposalScale?](repeating: nil, count: chains)
  }

  var isEmpty: Bool { uses.isEmpty }

  /// Refuses parameters that only some executions draw: no move leads from the ones to the others.
  ///
  /// - Parameter table: The first step of executions with parameters of their own.
  func requireCommonParameters(_ table: ChoiceTable, for method: String) throws {
    try table.requireCommonChoices(of: uses, for: method)
  }

  // MARK: Proposals

  /// - Parameter table: The current choices of the first step, one row per chain.
  mutating func propose(from table: ChoiceTable, round: Int) throws -> Proposal {
    let choices = table.listChoices(of: 0, uses: uses)
    let real = choices.compactMap { RealParameter($0, run.compiled) }
    let fresh = choices.filter { RealParameter($0, run.compiled) == nil }
    let pairs = table.expanded((0..<Int32(2 * chains)).map { $0 / 2 })
    var jacobians = [Double](repeating: 0, count: chains)
    var (current, proposed) = ([[Double]](), [[Double]]())
    for chain in 0..<chains where !real.isEmpty {
      let from = real.map { $0.location(table.word($0.choice, row: chain)) }
      let scale =
        scales[chain] ?? ProposalScale(dimension: real.count, target: Self.target)
      scales[chain] = scale
      var stream = prior.stream(chain: chain, round: round)
      let to = scale.step(from: from, using: &stream)
      for (k, parameter) in real.enumerated() {
        pairs.set(parameter.choice, row: 2 * chain + 1, to: parameter.word(to[k]))
        jacobians[chain] += parameter.logJacobian(to[k]) - parameter.logJacobian(from[k])
      }
      current.append(from)
      proposed.append(to)
    }
    let (table, densities) =
      isEmpty
      ? (pairs, [Double](repeating: 0, count: 2 * chains))
      : try prior.logDensities(
        of: pairs, fresh: Set(fresh.map(\.number)), scored: Set(real.map(\.choice.use)))
    return Proposal(
      pairs: table, logPriors: densities, logHastings: jacobians, current: current,
      proposed: proposed)
  }

  func write(to writer: inout StateWriter) {
    writer.write(UInt64(prior.machine.generation))
    for scale in scales {
      writer.write(scale != nil)
      scale?.write(to: &writer)
    }
  }

  /// - Throws: `DamagedState`.
  mutating func read(from reader: inout StateReader) throws {
    prior.machine.goOn(fromGeneration: try reader.readGeneration())
    for chain in scales.indices {
      scales[chain] = try reader.readBool() ? ProposalScale(from: &reader) : nil
    }
  }

  /// Tunes the steps of a chain.
  mutating func learn(_ proposal: Proposal, chain: Int, isAccepted: Bool) {
    guard chain < proposal.current.count else { return }
    scales[chain]?.learn(
      isAccepted ? proposal.proposed[chain] : proposal.current[chain], hasMoved: isAccepted)
  }
}

extension ChoiceTable {
  /// The choices of a row that certain instructions have drawn.
  func listChoices(of row: Int, uses: Set<Int>) -> [TableChoice] {
    listChoices(of: row).filter { uses.contains($0.use) }
  }

  /// - Throws: E0596 where rows have different parameters.
  func requireCommonChoices(of uses: Set<Int>, for method: String) throws {
    guard rowCount > 1 else { return }
    let first = listChoices(of: 0, uses: uses)
    for row in 1..<rowCount
    where !listChoices(of: row, uses: uses).elementsEqual(
      first, by: { $0.use == $1.use && $0.number == $1.number })
    {
      throw Diagnostic(
        "E0596", .inference, "'\(method)' cannot run: executions draw different parameters",
        at: .none, hints: ["draw all parameters in every execution, or use 'pg' or 'mh'"])
    }
  }
}
