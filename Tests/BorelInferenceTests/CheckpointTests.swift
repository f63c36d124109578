import BorelBase
import BorelIR
import BorelInference
import Synchronization
import Testing

/// A run that goes on from any of its checkpoints has the bits of one that was never stopped.
struct CheckpointTests {
  /// Receives checkpoints.
  private final class Shelf: Sendable {
    private let files = Mutex<[[UInt8]]>([])
    var all: [[UInt8]] { files.withLock { $0 } }
    func keep(_ bytes: [UInt8]) { files.withLock { $0.append(bytes) } }
  }

  private func run(
    _ program: Program, _ method: String, seed: UInt64 = 1, threads: Int = 1,
    from bytes: [UInt8]? = nil, keepingOn shelf: Shelf? = nil
  ) throws -> Posterior {
    let model = program.models.count - 1
    var request = InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method), seed: seed, threads: threads)
    var plan = CheckpointPlan(interval: 0)
    if let bytes { plan.source = CheckpointPlan.Source(name: "run.chk", bytes: bytes) }
    if let shelf { plan.keep = { shelf.keep($0) } }
    request.checkpoints = plan
    return try infer(request)
  }

  /// Goes on from checkpoints all over the run, with another number of threads.
  private func checkAll(
    _ source: String, _ method: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let program = try compiled(source)
    let shelf = Shelf()
    let whole = try run(program, method, keepingOn: shelf)
    let plain = try infer(program, method)
    let files = shelf.all
    #expect(files.count >= 10, sourceLocation: sourceLocation)
    check(plain, whole, sourceLocation)
    for number in stride(from: 0, to: files.count, by: max(1, files.count / 12)) {
      let resumed = try run(program, method, threads: 2, from: files[number])
      check(resumed, whole, sourceLocation)
    }
    check(try run(program, method, threads: 2, from: files.last), whole, sourceLocation)
  }

  private func check(_ found: Posterior, _ expected: Posterior, _ place: SourceLocation) {
    #expect(found.drawCount == expected.drawCount, sourceLocation: place)
    #expect(found.variables.map(\.name) == expected.variables.map(\.name), sourceLocation: place)
    for (a, b) in zip(found.variables, expected.variables) {
      #expect(
        a.values.map(\.bitPattern) == b.values.map(\.bitPattern), "\(a.name)",
        sourceLocation: place)
    }
    #expect(found.tallies == expected.tallies, sourceLocation: place)
    #expect(found.moves == expected.moves, sourceLocation: place)
    #expect(found.diagnostics == expected.diagnostics, sourceLocation: place)
  }

  /// A fixed graph: reals, a simplex, integers, booleans, and reports of arrays.
  private static let graph = """
    model m() {
      mu ~ Normal(0, 5)
      tau ~ HalfNormal(2)
      let p = sample Dirichlet([1.0, 2, 3])
      k ~ Poisson(3)
      b ~ Bernoulli(0.4)
      let shift = if b { 1.0 } else { 0.0 }
      for y in [1.2, -0.3, 0.8, 2.1] {
        theta ~ Normal(mu, tau)
        observe y ~ Normal(theta + shift * p[1] + 0.1 * Real(k), 1)
      }
      tally total += mu
      return p
    }
    """

  @Test(arguments: [
    "mh(chains: 3, draws: 20, warmup: 20)",
    "mh(kernel: singleSite, chains: 3, draws: 12, warmup: 5, thin: 2)",
    "mh(kernel: cycle(gibbs, randomWalk(steps: 3)), chains: 3, draws: 12, warmup: 12)",
    "mh(kernel: mixture(singleSite(steps: 2), randomWalk), chains: 3, draws: 12, warmup: 12)",
  ])
  func chainsOnAGraphGoOn(method: String) throws { try checkAll(Self.graph, method) }

  /// A varying number of choices, arrays that grow, strings, an enum with payload.
  private static let varying = """
    enum Shape { case none, round(Real, [Real]) }
    model m() {
      n ~ Poisson(2)
      var parts = [] as [Real]
      for i in 0..<n {
        x ~ Normal(0, 1)
        parts = appending(parts, x)
      }
      colour ~ Empirical(["red", "green", "blue"])
      w ~ Dirichlet([1.0, 1, 1])
      let shape = if n > 1 { Shape.round(w[0], parts) } else { Shape.none }
      observe 2.0 ~ Normal(sum(parts) + (if colour == "red" { w[0] } else { 0.5 }), 1)
      return shape
    }
    """

  @Test(arguments: [
    "mh(chains: 3, draws: 20, warmup: 20)",
    "mh(kernel: cycle(singleSite, randomWalk(scale: 0.5)), chains: 3, draws: 10, warmup: 10)",
    "mh(kernel: mixture(block, gibbs), chains: 3, draws: 10, warmup: 3)",
  ])
  func chainsWithVaryingChoicesGoOn(method: String) throws {
    try checkAll(Self.varying, method)
  }

  @Test func slicesOfNormalLatentsGoOn() throws {
    try checkAll(
      """
      model m() {
        n ~ Geometric(p: 0.5)
        x ~ Normal(0, 2)
        let y = if n > 2 { sample Normal(1, 1) } else { 0.0 }
        observe 1.5 ~ Normal(x + y, 1)
      }
      """,
      "mh(kernel: cycle(singleSite, ellipticalSlice(site: x)), chains: 3, draws: 10, warmup: 10)")
  }

  /// A state with a parameter, missing data, an array result and tallies.
  private static let series = """
    model m(y: [Real?] = [0.5, -0.3, nil, 0.8, 1.9, 0.4]) {
      rate ~ Beta(9, 1)
      name ~ Empirical(["low", "high"])
      var x ~ Normal(0, 1)
      for (t, v) in y.enumerated() {
        let last = x
        if t > 0 { x ~ Normal(rate * last, if name == "low" { 0.5 } else { 1.0 }) }
        observe v ~ Normal(x, 0.8)
        if t > 0 { tally products += x * last }
      }
      return [x, rate]
    }
    """

  @Test(arguments: [
    "pg(particles: 8, chains: 3, draws: 12, burnIn: 6)",
    "pg(particles: 8, chains: 3, draws: 12, burnIn: 6, backward: true)",
    "pgas(particles: 6, chains: 3, draws: 12, burnIn: 6, moves: 2)",
    "pgas(particles: 6, chains: 2, draws: 30, burnIn: 0)",
    "ppg(particles: 8, groups: 3, sweeps: 16, burnIn: 6)",
    "pmmh(particles: 10, chains: 3, draws: 20, burnIn: 30)",
  ])
  func particleGibbsGoesOn(method: String) throws { try checkAll(Self.series, method) }

  /// Executions of different lengths: the choices of a step differ from path to path.
  @Test func pathsOfDifferentLengthsGoOn() throws {
    try checkAll(
      """
      model m() {
        n ~ Poisson(3)
        var total = 0.0
        for i in 0...n {
          let p = sample Dirichlet([1.0, 1])
          total = total + p[0]
          observe 1.0 ~ Normal(total, 1)
        }
        return total
      }
      """, "pg(particles: 10, chains: 2, draws: 20)")
  }

  /// Parameters that are drawn afresh: a number, an array, and a real one that walks.
  @Test func parametersOfOtherKindsGoOn() throws {
    try checkAll(
      """
      model m(y: [Real] = [0.3, 1.1, 0.8, 2.0, 1.4]) {
        shift ~ Poisson(1)
        share ~ Dirichlet([1.0, 1])
        scale ~ LogNormal(mu: 0, sigma: 1)
        var x ~ Normal(0, 1)
        for v in y {
          x ~ Normal(x, scale)
          observe v ~ Normal(x + share[0] * shift, 1)
        }
        return share
      }
      """, "pmmh(particles: 10, chains: 3, draws: 20, burnIn: 12)")
  }

  // MARK: Refusals

  private func refusal(
    _ bytes: [UInt8], _ source: String = graph,
    _ method: String = "mh(chains: 3, draws: 20, warmup: 20)", seed: UInt64 = 1
  ) throws -> [Diagnostic] {
    do {
      _ = try run(compiled(source), method, seed: seed, from: bytes)
      return []
    } catch let diagnostics as Diagnostics {
      return diagnostics.list
    }
  }

  private func someCheckpoint() throws -> [UInt8] {
    let shelf = Shelf()
    _ = try run(
      compiled(Self.graph), "mh(chains: 3, draws: 20, warmup: 20)", keepingOn: shelf)
    return shelf.all[25]
  }

  @Test func checkpointsOfOtherRunsAreRefused() throws {
    let bytes = try someCheckpoint()
    #expect(try refusal(bytes).isEmpty)
    let seed = try refusal(bytes, seed: 7)
    #expect(
      seed.map(\.message) == [
        "the checkpoint 'run.chk' is of a run with another seed: found 1, expected 7"
      ])
    let method = try refusal(bytes, Self.graph, "mh(chains: 3, draws: 21, warmup: 20)")
    #expect(method.map(\.code) == ["E0433"])
    #expect(method.first?.message.contains("another method") == true)
    let program = try refusal(bytes, Self.graph.replacing("HalfNormal(2)", with: "HalfNormal(3)"))
    #expect(program.first?.message.contains("another program") == true)
  }

  /// Spaces and comments are not the program.
  @Test func commentsMayChange() throws {
    let bytes = try someCheckpoint()
    #expect(try refusal(bytes, "// A comment.\n\n" + Self.graph).isEmpty)
  }

  @Test func methodsWithoutCheckpointsSaySo() throws {
    let found = try refusal([], Self.graph, "smc(particles: 10)")
    #expect(found.map(\.code) == ["E0714"])
    #expect(found.first?.hints == ["runs of 'mh', 'pg', 'pgas', 'pmmh', 'ppg' have them"])
  }

  /// Every byte changed in turn, bits of it by a pattern, and every length: always a diagnostic.
  @Test func damagedCheckpointsAreRefused() throws {
    let bytes = try someCheckpoint()
    for position in stride(from: 0, to: bytes.count, by: 7) {
      var mutant = bytes
      mutant[position] ^= 1 << UInt8(position % 8)
      let found = try refusal(mutant)
      #expect(found.map(\.code) == ["E0432"], "byte \(position)")
    }
    for length in stride(from: 0, to: bytes.count, by: 61) {
      let found = try refusal(Array(bytes[..<length]))
      #expect(found.map(\.code) == ["E0432"], "length \(length)")
    }
    #expect(try refusal(Array("{\"model\": \"nile\"}".utf8)).map(\.code) == ["E0432"])
  }
}
