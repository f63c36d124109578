import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelRuntime
import BorelTransforms
import BorelValidation
import Testing

/// No two draws of a run have the same random counter.
@Suite struct CounterTests {
  static let source = """
    func geometric(p: Real) -> Int { if sample Bernoulli(p) { 1 + geometric(p) } else { 0 } }
    model m() {
      let center = mem { (k: Int) in sample Normal(0, 1) }
      var level ~ Normal(0, 1)
      for y in [0.5, 1.5, -0.5] {
        level ~ Normal(level + center(geometric(0.3)), 1)
        if sample Bernoulli(0.5) { extra ~ Gamma(shape: 0.5, rate: 1); factor -extra }
        observe y ~ Normal(level, 1)
      }
      return level
    }
    """

  private func program() throws -> Program {
    try #require(compile(source: SourceFile(name: "counters.ppl", text: Self.source)).program)
  }

  @Test(arguments: [
    "importance(particles: 300)", "smc(particles: 100, groups: 3, threshold: 1)",
    "smc(particles: 300, resampler: multinomial, checkpoints: all)",
  ])
  func noCounterIsUsedTwice(method: String) throws {
    let log = CounterLog()
    var request = InferenceRequest(
      program: try program(), model: 0, arguments: [],
      method: try MethodSpecification(parsing: method))
    request.probe.counterLog = log
    _ = try infer(request)
    #expect(log.count > 1_000)
    #expect(log.repeated.isEmpty)
  }

  /// The mutant: two groups draw from the same stream.
  @Test func lanesThatShareCountersAreFound() throws {
    let log = CounterLog()
    let program = try Weighted().apply(try program())
    var options = MachineOptions()
    options.counterLog = log
    let machine = Machine(
      program: ProgramCompiler.compile(program), groupKeys: [5, 5], lanesPerGroup: 20,
      options: options)
    machine.start(function: program.models[0].function, arguments: [])
    try machine.advance()
    #expect(log.repeated.count >= 20)
  }
  private static let hierarchy = """
    model m() {
      m ~ Normal(0, 1)
      p ~ Dirichlet([1.0, 2.0, 3.0])
      k ~ Poisson(3)
      for y in [0.3, 1.2] { observe y ~ Normal(m + p[1] * k, 1) }
      return m
    }
    """

  /// Moves on a computation graph; the mutant gives all chains the streams of the first one.
  @Test(arguments: ["randomWalk", "singleSite", "cycle(randomWalk, mixture(singleSite, gibbs))"])
  func chainsOnAGraphHaveCountersOfTheirOwn(kernel: String) throws {
    func log(_ chainKeys: @escaping @Sendable ([UInt64]) -> [UInt64]) throws -> CounterLog {
      let log = CounterLog()
      var request = InferenceRequest(
        program: try #require(
          compile(source: SourceFile(name: "counters.ppl", text: Self.hierarchy)).program),
        model: 0, arguments: [],
        method: try MethodSpecification(
          parsing: "mh(kernel: \(kernel), chains: 7, draws: 10, warmup: 20)"))
      request.probe.counterLog = log
      request.probe.chainKeys = chainKeys
      _ = try infer(request)
      return log
    }
    let right = try log { $0 }
    // The starting states take 21.
    #expect(right.count > 300)
    #expect(right.repeated.isEmpty)
    #expect(try log { keys in keys.map { _ in keys[0] } }.repeated.count > 300)
  }
}
