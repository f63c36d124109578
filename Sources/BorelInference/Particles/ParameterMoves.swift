import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Moves the parameters of every chain given its retained path.
///
/// Each move proposes several points at once, in lanes of one machine, and evaluates them by
/// replaying the whole path. Real parameters move on an unconstrained scale: a centre is drawn
/// around the current point, the proposals around the centre, and the next point among all of them
/// in proportion to their density. The law of centre and proposals is symmetric in the points, so
/// the density is left invariant. Other parameters are drawn from their own conditional priors and
/// chosen in proportion to the rest of the density.
///
/// Given a path of many steps its law determines the parameters far better than the data do, and
/// such moves are small. So real parameters move a second time with the standard variates of the
/// path held fixed: the path goes along, its density cancels, and the data decide. The one kind of
/// move is large where the other is small.
///
/// Source: Tjelmeland (2004), Using all Metropolis-Hastings proposals to estimate mean values,
/// section 2; Yu, Meng (2011), To center or not to center: that is not the question (the two kinds
/// of moves); Andrieu, Lee, Vihola (2018), Uniform ergodicity of the iterated conditional SMC and
/// geometric ergodicity of particle Gibbs samplers, section 1 (other parameters).
struct ParameterMoves {
  /// What is held fixed while real parameters move.
  private enum Given: Int { case values, noise }

  /// Points per move, the current one included.
  private static let points = 16

  private let run: ModelRun
  private let chains: Int
  private let uses: Set<Int>
  private let evaluator: PathEvaluator
  /// One lane per chain, which turns values into variates and back.
  private let converter: PathEvaluator
  /// By kind of move and chain.
  private var scales: [[ProposalScale?]]
  private var moveCount: UInt64 = 0
  private var changed = 0.0
  private var tried = 0.0

  init(_ run: ModelRun, key: UInt64, chains: Int, uses: Set<Int>) {
    self.run = run
    self.chains = chains
    self.uses = uses
    let key = borel_key_child(key, UInt32(BOREL_KEY_MOVE), 0)
    evaluator = PathEvaluator(run, key: key, chains: chains, lanes: Self.points, uses: uses)
    converter = PathEvaluator(run, key: key, chains: chains, lanes: 1, uses: uses)
    scales = [[ProposalScale?]](
      repeating: [ProposalScale?](repeating: nil, count: chains), count: 2)
  }

  /// Share of the moves after the warm-up that led elsewhere.
  var rate: Double? { tried > 0 ? changed / tried : nil }

  func write(to writer: inout StateWriter) {
    writer.write(UInt64(evaluator.machine.generation))
    writer.write(moveCount)
    writer.write(changed)
    writer.write(tried)
    for scale in scales.joined() {
      writer.write(scale != nil)
      scale?.write(to: &writer)
    }
  }

  /// Takes over what moves of the same run have written.
  mutating func read(from reader: inout StateReader) throws {
    evaluator.machine.goOn(fromGeneration: try reader.readGeneration())
    moveCount = try reader.readWord()
    changed = try reader.readDouble()
    tried = try reader.readDouble()
    for kind in scales.indices {
      for chain in scales[kind].indices {
        scales[kind][chain] = try reader.readBool() ? ProposalScale(from: &reader) : nil
      }
    }
  }

  /// Moves the parameters of all chains.
  ///
  /// - Parameter isAdapting: The scale of the steps is tuned, and moves are not counted.
  mutating func move(_ path: inout RetainedPath?, adapting isAdapting: Bool) throws {
    guard var moved = path, let first = moved.steps.first else { return }
    let choices = (0..<chains).map { chain in
      first.listChoices(of: chain).filter { uses.contains($0.use) }
    }
    let real = choices.map { $0.compactMap { RealParameter($0, run.compiled) } }
    if real.contains(where: { !$0.isEmpty }) {
      try moveReals(&moved, real, given: .values, isAdapting)
      if hasNoise(moved) { try moveWithNoise(&moved, real, isAdapting) }
    }
    let others = choices.map { own in
      own.filter { RealParameter($0, run.compiled) == nil }.map(\.number)
    }
    if let numbers = others.first, !numbers.isEmpty {
      for number in numbers { try redraw(&moved, number, isAdapting) }
    }
    path = moved
  }

  private func stream(_ chain: Int) -> DriverStream {
    DriverStream(
      key: evaluator.machine.groupKeys[chain], kind: Int(BOREL_KEY_MOVE), index: moveCount)
  }

  // MARK: Real parameters

  /// - Parameter path: Holds values or variates, as `given` says.
  private mutating func moveReals(
    _ path: inout RetainedPath, _ parameters: [[RealParameter]], given: Given, _ isAdapting: Bool
  ) throws {
    moveCount += 1
    let first = evaluator.first(of: path)
    var jacobians = [Double](repeating: 0, count: chains * Self.points)
    var locations: [[[Double]]] = []
    var streams: [DriverStream] = []
    for chain in 0..<chains {
      let own = parameters[chain]
      var stream = stream(chain)
      let current = own.map { $0.location(path.steps[0].word($0.choice, row: chain)) }
      var scale = scales[given.rawValue][chain] ?? ProposalScale(dimension: own.count)
      if scale.dimension != own.count { scale = ProposalScale(dimension: own.count) }
      scales[given.rawValue][chain] = scale
      let centre = scale.step(from: current, using: &stream)
      var points = [current]
      for point in 0..<Self.points {
        if point > 0 { points.append(scale.step(from: centre, using: &stream)) }
        let lane = chain * Self.points + point
        for (k, parameter) in own.enumerated() {
          if point > 0 {
            first.set(parameter.choice, row: lane, to: parameter.word(points[point][k]))
          }
          jacobians[lane] += parameter.logJacobian(points[point][k])
        }
      }
      locations.append(points)
      streams.append(stream)
    }
    let densities = try evaluator.logDensities(
      path, first: first, noise: given == .noise ? .given : .none)
    for chain in 0..<chains {
      let start = chain * Self.points
      let chosen = Self.choose(
        (0..<Self.points).map { densities[start + $0] + jacobians[start + $0] },
        &streams[chain])
      for parameter in parameters[chain] {
        path.steps[0].set(
          parameter.choice, row: chain, to: first.word(parameter.choice, row: start + chosen))
      }
      note(chosen != 0, isAdapting)
      if isAdapting {
        scales[given.rawValue][chain]?.learn(locations[chain][chosen], hasMoved: chosen != 0)
      }
    }
  }

  /// Whether a path has choices, beside the parameters, that are made from standard variates.
  private func hasNoise(_ path: RetainedPath) -> Bool {
    path.steps.prefix(2).contains { step in
      step.listChoices(of: 0).contains {
        !uses.contains($0.use) && run.compiled.hasNoise(ofUse: $0.use)
      }
    }
  }

  private mutating func moveWithNoise(
    _ path: inout RetainedPath, _ parameters: [[RealParameter]], _ isAdapting: Bool
  ) throws {
    let rows = (0..<Int32(chains)).map { $0 }
    var variates = RetainedPath(path.steps.map { $0.expanded(rows) })
    _ = try converter.logDensities(variates, first: variates.steps[0], noise: .taken)
    try moveReals(&variates, parameters, given: .noise, isAdapting)
    _ = try converter.logDensities(variates, first: variates.steps[0], noise: .returned)
    path = variates
  }

  private mutating func note(_ hasMoved: Bool, _ isAdapting: Bool) {
    if isAdapting { return }
    tried += 1
    if hasMoved { changed += 1 }
  }

  /// A point in proportion to its density; the current one when all densities are zero.
  private static func choose(_ logDensities: [Double], _ stream: inout DriverStream) -> Int {
    let logDensities = logDensities.map { $0.isNaN ? -.infinity : $0 }
    let maximum = logDensities.max() ?? -.infinity
    guard maximum > -.infinity else { return 0 }
    let weights = logDensities.map { borel_exp($0 - maximum) }
    return stream.categorical(weights)
  }

  // MARK: Other parameters

  private mutating func redraw(
    _ path: inout RetainedPath, _ number: Int, _ isAdapting: Bool
  ) throws {
    moveCount += 1
    let first = evaluator.first(of: path)
    let isFresh = (0..<chains * Self.points).map { $0 % Self.points != 0 }
    let (densities, record) = try evaluator.logDensities(
      path, first: first, fresh: .init(number: number, isFresh: isFresh))
    guard let record else { return }
    let chosen = (0..<chains).map { chain -> Int32 in
      var stream = stream(chain)
      let start = chain * Self.points
      let point = Self.choose(Array(densities[start..<(start + Self.points)]), &stream)
      note(point != 0, isAdapting)
      return Int32(start + point)
    }
    let table = ChoiceTable(copying: chosen, of: record, program: run.compiled)
    table.ownObjects(in: run.dataArena)
    path.steps[0] = table
  }
}
