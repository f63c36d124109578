import BorelKernels
import BorelRuntime

/// Candidates for the parameters of several chains: the present ones of each chain, and proposals
/// beside them. Single real parameters are proposed around a family, others from their priors given
/// the parameters before them.
struct FamilyCandidates {
  struct Round {
    /// Row c (n + 1) holds what chain c has, the n rows after it what is proposed.
    let table: ChoiceTable
    /// Coordinates of the real parameters, by row.
    let points: [[Double]]
    /// Prior densities of the real parameters, by row.
    let logPriors: [Double]
    /// By row: derivatives of the values over the density of the candidates, as logs.
    let logRatios: [Double]
  }

  private let run: ModelRun
  private let prior: PriorReplay
  private let chains: Int
  private let proposals: Int
  private let uses: Set<Int>

  init(_ run: ModelRun, key: UInt64, chains: Int, proposals: Int, uses: Set<Int>) {
    self.run = run
    self.chains = chains
    self.proposals = proposals
    self.uses = uses
    prior = PriorReplay(run, key: key, chains: chains, candidates: proposals + 1)
  }

  /// The real parameters of a step.
  func parameters(of table: ChoiceTable) -> [RealParameter] {
    table.listChoices(of: 0, uses: uses).compactMap { RealParameter($0, run.compiled) }
  }

  static func point(
    _ parameters: [RealParameter], of table: ChoiceTable, row: Int
  ) -> [Double] {
    parameters.map { $0.location(table.word($0.choice, row: row)) }
  }

  /// - Parameter table: The present choices of the first step, one row per chain.
  func propose(
    from table: ChoiceTable, _ family: VariationalFamily, round: Int
  ) throws -> Round {
    let parameters = parameters(of: table)
    let known = Set(parameters.map(\.choice.number))
    let fresh = table.listChoices(of: 0, uses: uses).map(\.number).filter { !known.contains($0) }
    let size = proposals + 1
    let candidates = table.expanded((0..<Int32(size * chains)).map { $0 / Int32(size) })
    var points: [[Double]] = []
    for chain in 0..<chains {
      var stream = prior.stream(chain: chain, round: round)
      points.append(Self.point(parameters, of: table, row: chain))
      for row in (chain * size + 1)..<((chain + 1) * size) {
        let point = family.drawCandidate(using: &stream)
        for (parameter, location) in zip(parameters, point) {
          candidates.set(parameter.choice, row: row, to: parameter.word(location))
        }
        points.append(point)
      }
    }
    let (replayed, logPriors) = try prior.logDensities(
      of: candidates, fresh: Set(fresh), scored: Set(parameters.map(\.choice.use)))
    let logRatios = points.map { point in
      zip(parameters, point).reduce(-family.logCandidateDensity(point)) {
        $0 + $1.0.logJacobian($1.1)
      }
    }
    return Round(table: replayed, points: points, logPriors: logPriors, logRatios: logRatios)
  }
}
