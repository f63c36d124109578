import BorelDistributions
import BorelHeap
import BorelIR
import BorelKernels
import BorelRuntime

/// Moves the parameters of every chain given its retained path.
///
/// Each move proposes several points at once, in lanes of one machine, and evaluates them by
/// replaying the whole path: the time of a replay hardly depends on the number of lanes. Real
/// parameters move on an unconstrained scale: a centre is drawn around the current point, the
/// proposals around the centre, and the next point among all of them in proportion to their
/// density. The law of centre and proposals is symmetric in the points, so the density is left
/// invariant. Other parameters are drawn from their own conditional priors and chosen in proportion
/// to the rest of the density.
///
/// Source: Tjelmeland (2004), Using all Metropolis-Hastings proposals to estimate mean values,
/// section 2; Andrieu, Lee, Vihola (2018), Uniform ergodicity of the iterated conditional SMC and
/// geometric ergodicity of particle Gibbs samplers, section 1 (for the second kind).
struct ParameterMoves {
  /// Points per move, the current one included.
  private static let points = 16

  private let run: ModelRun
  private let machine: Machine
  private let key: UInt64
  private let chains: Int
  private let uses: Set<Int>
  private let groupOfLane: [Int32]
  private let identity: [Int32]
  private var scales: [ProposalScale?]
  private var moveCount: UInt64 = 0
  private var changed = 0.0
  private var tried = 0.0

  init(_ run: ModelRun, key: UInt64, chains: Int, uses: Set<Int>) {
    self.run = run
    self.key = borel_key_child(key, UInt32(BOREL_KEY_MOVE), 0)
    self.chains = chains
    self.uses = uses
    var silent = run
    silent.options.keepsReports = false
    machine = silent.makeMachine(key: self.key, groups: chains, lanesPerGroup: Self.points)
    machine.rejectsFailures = true
    machine.collectionThreshold = .max
    groupOfLane = (0..<chains * Self.points).map { Int32($0 / Self.points) }
    identity = (0..<Int32(chains * Self.points)).map { $0 }
    scales = [ProposalScale?](repeating: nil, count: chains)
  }

  /// Share of the moves after the warm-up that led elsewhere.
  var rate: Double? { tried > 0 ? changed / tried : nil }

  func write(to writer: inout StateWriter) {
    writer.write(UInt64(machine.generation))
    writer.write(moveCount)
    writer.write(changed)
    writer.write(tried)
    for scale in scales {
      writer.write(scale != nil)
      scale?.write(to: &writer)
    }
  }

  /// Takes over what moves of the same run have written.
  mutating func read(from reader: inout StateReader) throws {
    machine.goOn(fromGeneration: try reader.readGeneration())
    moveCount = try reader.readWord()
    changed = try reader.readDouble()
    tried = try reader.readDouble()
    for chain in scales.indices {
      scales[chain] = try reader.readBool() ? ProposalScale(from: &reader) : nil
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
      try moveReals(&moved, real, isAdapting)
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
      key: machine.groupKeys[chain], kind: Int(BOREL_KEY_MOVE), index: moveCount)
  }

  // MARK: Real parameters

  private mutating func moveReals(
    _ path: inout RetainedPath, _ parameters: [[RealParameter]], _ isAdapting: Bool
  ) throws {
    moveCount += 1
    let first = path.steps[0].expanded(groupOfLane)
    var jacobians = [Double](repeating: 0, count: chains * Self.points)
    var locations: [[[Double]]] = []
    var streams: [DriverStream] = []
    for chain in 0..<chains {
      let own = parameters[chain]
      var stream = stream(chain)
      let current = own.map { $0.location(path.steps[0].word($0.choice, row: chain)) }
      var scale = scales[chain] ?? ProposalScale(dimension: own.count)
      if scale.dimension != own.count { scale = ProposalScale(dimension: own.count) }
      scales[chain] = scale
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
    let densities = try logDensities(path, first, freshNumbers: [], isFresh: [])
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
      if isAdapting { scales[chain]?.learn(locations[chain][chosen], hasMoved: chosen != 0) }
    }
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
    let first = path.steps[0].expanded(groupOfLane)
    let isFresh = identity.map { Int($0) % Self.points != 0 }
    var record: StepRecord?
    let densities = try logDensities(
      path, first, freshNumbers: [number], isFresh: isFresh, record: &record)
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

  // MARK: Density of a path

  private func logDensities(
    _ path: RetainedPath, _ first: ChoiceTable, freshNumbers: Set<Int>, isFresh: [Bool]
  ) throws -> [Double] {
    var record: StepRecord?
    return try logDensities(
      path, first, freshNumbers: freshNumbers, isFresh: isFresh, record: &record)
  }

  /// The log-density of choices and scores along the path of each lane's chain, with the choices of
  /// the first step from a table of their own.
  private func logDensities(
    _ path: RetainedPath, _ first: ChoiceTable, freshNumbers: Set<Int>, isFresh: [Bool],
    record: inout StepRecord?
  ) throws -> [Double] {
    machine.discardLanes()
    machine.start(function: run.model.function, arguments: run.arguments)
    for (step, table) in path.steps.enumerated() {
      try (step == 0 ? identity : groupOfLane).withUnsafeBufferPointer { rows in
        let rows = rows.baseAddress.unsafelyUnwrapped
        let replay = ChoiceReplay(
          step == 0 ? first : table, rows: rows, dropsTallies: true,
          freshNumbers: step == 0 ? freshNumbers : [], isFresh: step == 0 ? isFresh : [])
        machine.replay = replay
        if step == 0, !freshNumbers.isEmpty { machine.recording = StepRecord(machine) }
        try machine.advance()
        machine.checkReplayEnd(replay, rows: rows, end: nil, targets: rows)
      }
      if step == 0, let recording = machine.recording {
        recording.finish(machine)
        record = recording
        machine.recording = nil
      }
      try machine.beginGeneration()
    }
    var densities = [Double](repeating: 0, count: identity.count)
    machine.readLogWeights(into: &densities)
    machine.replay = nil
    machine.discardLanes()
    if freshNumbers.isEmpty { machine.discardObjects() }
    return densities
  }
}

/// A real parameter with the scale on which it moves.
struct RealParameter {
  private enum Scale { case identity, log, logit }

  let choice: TableChoice
  private let scale: Scale

  /// Nil when the choice is not one real number.
  init?(_ choice: TableChoice, _ program: CompiledProgram) {
    guard choice.width == 1, program.layout(ofUse: choice.use) == [.real],
      let family = program.family(ofUse: choice.use), family.signature.baseMeasure == .lebesgue
    else { return nil }
    self.choice = choice
    switch family.signature.support {
    case .positive, .nonNegative: scale = .log
    case .unitInterval: scale = .logit
    // Points outside other supports have density zero.
    default: scale = .identity
    }
  }

  func location(_ word: UInt64) -> Double {
    let value = Double(bitPattern: word)
    return switch scale {
    case .identity: value
    case .log: borel_log(value)
    case .logit: borel_log(value) - borel_log(1 - value)
    }
  }

  private func value(_ location: Double) -> Double {
    switch scale {
    case .identity: location
    case .log: borel_exp(location)
    case .logit: 1 / (1 + borel_exp(-location))
    }
  }

  func word(_ location: Double) -> UInt64 { value(location).bitPattern }

  /// Log of the derivative of the value with respect to the location.
  func logJacobian(_ location: Double) -> Double {
    switch scale {
    case .identity: return 0
    case .log: return location
    case .logit:
      let value = value(location)
      return borel_log(value) + borel_log(1 - value)
    }
  }
}

/// The shape of the steps, tuned while the chain warms up: a multiple of the covariance of the
/// points so far.
///
/// Source: Haario, Saksman, Tamminen (2001), An adaptive Metropolis algorithm; Andrieu, Thoms
/// (2008), A tutorial on adaptive MCMC, algorithm 4.
struct ProposalScale {
  let dimension: Int
  private var count = 0.0
  private var mean: [Double]
  private var covariance: [Double]
  private var logFactor = 0.0
  /// Lower triangle of the steps, row by row.
  private var factor: [Double]
  /// Share of moves that lead elsewhere, at which the scale aims.
  private let target: Double

  init(dimension: Int, target: Double = 0.6) {
    self.dimension = dimension
    self.target = target
    mean = [Double](repeating: 0, count: dimension)
    covariance = [Double](repeating: 0, count: dimension * dimension)
    factor = covariance
    for k in 0..<dimension { factor[k * dimension + k] = 0.2 }
  }

  func write(to writer: inout StateWriter) {
    writer.write(dimension)
    writer.write(target)
    writer.write(count)
    writer.write(logFactor)
    for values in [mean, covariance, factor] { writer.write(values) }
  }

  /// - Throws: `DamagedState`.
  init(from reader: inout StateReader) throws {
    dimension = try reader.readInt(in: 0..<(1 << 16))
    target = try reader.readDouble()
    count = try reader.readDouble()
    logFactor = try reader.readDouble()
    mean = try reader.readDoubles()
    covariance = try reader.readDoubles()
    factor = try reader.readDoubles()
    guard mean.count == dimension, covariance.count == dimension * dimension,
      factor.count == covariance.count
    else { throw DamagedState() }
  }

  func step(from point: [Double], using stream: inout DriverStream) -> [Double] {
    let noise = (0..<max(1, dimension)).map { _ in stream.normal() }
    let scale = borel_exp(logFactor)
    return point.indices.map { row in
      var sum = point[row]
      for column in 0...row { sum += scale * factor[row * dimension + column] * noise[column] }
      return sum
    }
  }

  mutating func learn(_ point: [Double], hasMoved: Bool) {
    count += 1
    let rate = 1 / (1 + count).squareRoot()
    logFactor += rate * ((hasMoved ? 1 : 0) - target)
    let weight = 1 / count
    let deviations = point.indices.map { point[$0] - mean[$0] }
    for k in point.indices { mean[k] += weight * deviations[k] }
    for row in 0..<dimension {
      for column in 0..<dimension {
        let product = deviations[row] * deviations[column] * (1 - weight)
        covariance[row * dimension + column] +=
          weight * (product - covariance[row * dimension + column])
      }
    }
    if count >= 20, Int(count) % 10 == 0 { refactor() }
  }

  /// Cholesky factor of the covariance; the old one stays where it is not positive definite.
  private mutating func refactor() {
    var lower = [Double](repeating: 0, count: dimension * dimension)
    for row in 0..<dimension {
      for column in 0...row {
        var sum = covariance[row * dimension + column] + (row == column ? 1e-8 : 0)
        for k in 0..<column { sum -= lower[row * dimension + k] * lower[column * dimension + k] }
        if row == column {
          guard sum > 0 else { return }
          lower[row * dimension + row] = sum.squareRoot()
        } else {
          lower[row * dimension + column] = sum / lower[column * dimension + column]
        }
      }
    }
    factor = lower
  }
}
