import BorelBase
import BorelIR
import BorelInference
import Synchronization
import Testing

/// What is left of runs that the user stops.
struct StoppedRunTests {
  /// Stops a run after some of its questions whether to.
  ///
  /// - Parameter share: The share of the questions of the whole run.
  private func stopped(
    _ source: String, _ method: String, after share: Double
  ) throws -> Posterior {
    let all = Counter()
    _ = try run(source, method) {
      _ = all.next()
      return false
    }
    let last = Int(Double(all.count) * share)
    let asked = Counter()
    return try run(source, method) { asked.next() > last }
  }

  private func run(
    _ source: String, _ method: String, isCancelled: @escaping @Sendable () -> Bool
  ) throws -> Posterior {
    let program = try compiled(source)
    let model = program.models.count - 1
    var request = InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method), seed: 1)
    request.limits.isCancelled = isCancelled
    request.limits.keepDone = {}
    return try infer(request)
  }

  private final class Counter: Sendable {
    private let value = Atomic(0)
    var count: Int { value.load(ordering: .relaxed) }
    func next() -> Int { value.add(1, ordering: .relaxed).newValue }
  }

  private static let walk = """
    model walk() {
      var x ~ Normal(0, 1)
      for t in 0..<4_000 {
        if t > 0 { x ~ Normal(0.9 * x, 0.5) }
        observe 0.3 ~ Normal(x, 1)
      }
      return x
    }
    """

  /// The draws are given the data so far: every variable is one that the whole run has, with the
  /// bits that a run over as many steps gives.
  @Test func particlesBetweenCheckpointsAreAResult() throws {
    let method = "smc(particles: 200)"
    let partial = try stopped(Self.walk, method, after: 0.3)
    #expect(partial.diagnostics.first?.code == "W0507")
    #expect(partial.evidence == nil)
    #expect(partial.variables.allSatisfy { $0.name.hasPrefix("x") })
    let steps = partial.variables.count
    #expect(steps > 1 && steps < 4_000)
    let shorter = try infer(Self.walk.replacing("4_000", with: "\(steps)"), method)
    #expect(shorter.drawCount == partial.drawCount)
    // The shorter run stops after its last observation, this one may have been resampled there.
    let means = (partial.summaries, shorter.summaries)
    let found = means.0(partial.variables)
    let expected = means.1(shorter.variables)
    for (a, b) in zip(found.suffix(20), expected.dropLast().suffix(20)) {
      let (x, y) = (try #require(a.mean), try #require(b.mean))
      #expect(abs(x - y) < 0.25, "\(a.name): \(x), \(y)")
    }
  }

  @Test func aFilterThatIsStoppedAtOnceHasNoResult() throws {
    #expect(throws: Diagnostics.self) {
      try stopped(Self.walk, "smc(particles: 200)", after: 0)
    }
    #expect(throws: Diagnostics.self) {
      try stopped(Self.walk, "importance(particles: 200)", after: 0.5)
    }
  }

  /// The draws are the first ones of the whole run.
  @Test(arguments: [
    "mh(chains: 3, draws: 300, warmup: 5)",
    "pg(particles: 10, chains: 3, draws: 300)",
    "pgas(particles: 10, chains: 3, draws: 300, burnIn: 2)",
    "ppg(particles: 10, groups: 3, sweeps: 300, burnIn: 2)",
    "pmmh(particles: 10, chains: 3, draws: 300, burnIn: 2)",
  ])
  func drawsSoFarAreKept(method: String) throws {
    let source = """
      model m() {
        rate ~ Beta(9, 1)
        var x ~ Normal(0, 1)
        for (t, y) in [0.5, -0.3, 1.2, 0.4].enumerated() {
          if t > 0 { x ~ Normal(rate * x, 0.5) }
          observe y ~ Normal(x, 1)
        }
        return x
      }
      """
    let whole = try infer(source, method)
    let partial = try stopped(source, method, after: 0.5)
    let warning = try #require(partial.diagnostics.first)
    #expect(warning.code == "W0505")
    let (made, wanted) = (partial.drawCount / 3, whole.drawCount / 3)
    #expect(made >= 4 && made < wanted)
    #expect(warning.message.contains("after \(made) of \(wanted) draws"))
    for variable in partial.variables {
      let values = try #require(whole.variable(variable.name)).values
      for chain in 0..<3 {
        #expect(
          Array(variable.values[(chain * made)..<((chain + 1) * made)])
            == Array(values[(chain * wanted)..<(chain * wanted + made)]), "\(variable.name)")
      }
    }
  }
}
