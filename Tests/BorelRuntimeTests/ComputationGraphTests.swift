import BorelBase
import BorelCompiler
import BorelIR
import BorelKernels
import BorelRuntime
import BorelTransforms
import Testing

/// A move on the graph computes what running the program again would.
struct ComputationGraphTests {
  private static let chains = 37

  /// Programs whose structure no choice can change.
  static let fixed: [(name: String, source: String)] = [
    (
      "plate by broadcasting",
      """
      model m() {
        mu ~ Normal(0, 5)
        tau ~ HalfCauchy(5)
        theta ~ Normal([mu, mu, mu, mu], tau)
        observe [28.0, 8.0, -3.0, 7.0] ~ Normal(theta, [15.0, 10.0, 16.0, 11.0])
        return theta[2] + mu
      }
      """
    ),
    (
      "arrays that grow, and a call",
      """
      func link(x: Real, b: Real) -> Real { x * b + exp(-b) }
      model m() {
        b ~ Normal(0, 1)
        var all = [] as [Real]
        for i in 0..<5 {
          e ~ Normal(b, 1 + i)
          all = all.appending(link(e, b))
        }
        for (i, v) in all.enumerated() { observe 1.0 + i ~ Normal(v + all[0], 2) }
        factor -square(all[3])
        return sum(all)
      }
      """
    ),
    (
      "a mixture by index",
      """
      model m() {
        centre ~ Normal([-2.0, 0.0, 2.0], 1)
        for (i, y) in [0.5, -1.5, 2.5, 2.0].enumerated() {
          k ~ Categorical([0.2, 0.3, 0.5])
          observe y ~ Normal(centre[k], 1)
        }
        return centre[0]
      }
      """
    ),
    (
      "closures with random captures and distributions as values",
      """
      model m() {
        a ~ Normal(0, 1)
        s ~ Exponential(rate: 1)
        let f = { (x: Real) in a + x * s }
        let noise = Normal(f(1.0), s + 0.5)
        observe 0.3 ~ noise
        x ~ noise
        require x < 100
        observe 2.0 ~ Normal(f(x), 1)
        return f(2.0)
      }
      """
    ),
    (
      "vectors",
      """
      model m() {
        w ~ Dirichlet([1.0, 2.0, 3.0])
        z ~ MultivariateNormal(mean: [0.0, 1.0], covariance: matrix([[1.0, 0.3], [0.3, 2.0]]))
        observe 1.0 ~ Normal(w[1] + z[0] * z[1], 1)
        return w[0]
      }
      """
    ),
  ]

  private final class Run {
    let machine: Machine
    let model: ModelInfo
    let tape: ChoiceTape
    var store: ChoiceStore

    init(_ source: String, key: UInt64 = 11) throws {
      let compilation = compile(source: SourceFile(name: "graph.ppl", text: source))
      let program = try #require(
        compilation.program, "\(compilation.diagnostics.map(\.message))")
      let weighted = try Weighted().apply(program)
      var options = MachineOptions()
      options.tracksAddresses = true
      machine = Machine(
        program: ProgramCompiler.compile(weighted), groupKeys: [key],
        lanesPerGroup: ComputationGraphTests.chains, options: options)
      model = try #require(weighted.models.last)
      tape = ChoiceTape(laneCount: ComputationGraphTests.chains)
      store = ChoiceStore(laneCount: ComputationGraphTests.chains)
      machine.tape = tape
    }

    /// Runs the program from the choices in a store; the log-density of each chain.
    func logDensities(from source: ChoiceStore?) throws -> [Double] {
      let recorded = ChoiceStore(laneCount: ComputationGraphTests.chains)
      tape.source = source
      tape.sink = recorded
      tape.resetSums()
      machine.removeLanes()
      machine.start(function: model.function, arguments: [])
      try machine.advance()
      store = recorded
      var weights = [Double](repeating: 0, count: ComputationGraphTests.chains)
      machine.readLogWeights(into: &weights)
      return weights.indices.map { weights[$0] + tape.logReplayed[$0] + tape.logFresh[$0] }
    }

    func graph() throws -> ComputationGraph? {
      let recorder = GraphRecorder(machine: machine)
      machine.recorder = recorder
      defer { machine.recorder = nil }
      _ = try logDensities(from: nil)
      return try recorder.finish(machine, leavesOutGenerated: false)
    }
  }

  private static func isClose(_ a: Double, _ b: Double) -> Bool {
    a == b || abs(a - b) <= 1e-10 * max(1, abs(a), abs(b))
  }

  @Test(arguments: fixed.map(\.source))
  func graphHasTheLogDensityOfTheProgram(source: String) throws {
    let run = try Run(source)
    let graph = try #require(try run.graph())
    var sums = [Double](repeating: 0, count: Self.chains)
    graph.logDensities(into: &sums)
    let expected = try run.logDensities(from: run.store)
    for chain in 0..<Self.chains { #expect(Self.isClose(sums[chain], expected[chain])) }
  }

  /// Every choice gets the value of the next chain, accepted in every other chain.
  @Test(arguments: fixed.map(\.source))
  func movesEqualExecution(source: String) throws {
    let run = try Run(source)
    let graph = try #require(try run.graph())
    let store = run.store
    var ratios = [Double](repeating: 0, count: Self.chains)
    var before = try run.logDensities(from: store)
    let isAccepted = (0..<Self.chains).map { UInt8($0 % 2) }
    for number in graph.choices.indices {
      let slice = graph.slice(of: [number])
      #expect(!slice.changesStructure)
      let columns = store.columns(Int(graph.choices[number].instance))
      let width = graph.choices[number].layout.count
      for k in 0..<width {
        for chain in 0..<Self.chains {
          slice.proposals[0][k][chain] = columns.words[k * Self.chains + (chain + 1) % Self.chains]
        }
      }
      try slice.evaluate(ratios: &ratios)
      slice.commit(isAccepted)
      for k in 0..<width {
        for chain in 0..<Self.chains where isAccepted[chain] != 0 {
          columns.words[k * Self.chains + chain] = slice.proposals[0][k][chain]
        }
      }
      let after = try run.logDensities(from: store)
      for chain in 0..<Self.chains where isAccepted[chain] != 0 {
        #expect(Self.isClose(before[chain] + ratios[chain], after[chain]))
      }
      before = after
    }
    var sums = [Double](repeating: 0, count: Self.chains)
    graph.logDensities(into: &sums)
    for chain in 0..<Self.chains { #expect(Self.isClose(sums[chain], before[chain])) }
    // Slices leave the bits that running everything again gives.
    var anew = sums
    try graph.computeAll()
    graph.logDensities(into: &anew)
    #expect(anew.map(\.bitPattern) == sums.map(\.bitPattern))
  }

  /// The slice of an element does not grow with the plate.
  @Test func slicesAreThoseOfSingleElements() throws {
    func sizes(_ count: Int) throws -> [Int] {
      let run = try Run(
        """
        model m() {
          mu ~ Normal(0, 1)
          theta ~ Normal([mu] * \(count), 1)
          observe [1.0] * \(count) ~ Normal(theta, 2)
          return mu
        }
        """.replacing(
          "[mu] * \(count)",
          with: "[\(Array(repeating: "mu", count: count).joined(separator: ", "))]"
        )
        .replacing(
          "[1.0] * \(count)",
          with: "[\(Array(repeating: "1.0", count: count).joined(separator: ", "))]"))
      let graph = try #require(try run.graph())
      return graph.choices.indices.map { graph.slice(of: [$0]).operationCount }
    }
    let small = try sizes(4)
    let large = try sizes(40)
    #expect(small.dropFirst().allSatisfy { $0 == small.last })
    #expect(large.dropFirst().allSatisfy { $0 == small.last })
    #expect(large[0] > small[0])
  }

  @Test func structureThatChoicesChangeIsNoGraph() throws {
    let run = try Run(
      """
      model m() {
        x ~ Normal(0, 1)
        if x > 0 { y ~ Normal(0, 1) }
        return x
      }
      """)
    #expect(try run.graph() == nil)
  }
}
