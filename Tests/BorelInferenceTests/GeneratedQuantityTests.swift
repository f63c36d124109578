import BorelInference
import Testing

/// Draws that no weight depends on are made when a draw is kept, given the state of the chain.
struct GeneratedQuantityTests {
  /// The parameters stay where they are if nothing moves them; what is generated is new every time.
  @Test(arguments: ["3", "n"])
  func areDrawnAnewForEveryDraw(length: String) throws {
    let posterior = try chains(
      """
      model m() {
        x ~ Normal(0, 1)
        n ~ Poisson(2)
        var sum = 0.0
        for i in 0..<\(length) { sum += sample Normal(0, 1) }
        observe 1.0 ~ Normal(x + sum, 1)
        later ~ DiscreteUniform(0, 1_000_000_000)
        echo ~ Normal(later, 1e-3)
        return echo - later
      }
      """, "mh(kernel: singleSite(steps: 1), chains: 2, draws: 20, warmup: 0)")
    let later = try #require(posterior.variable("later")).values
    #expect(Set(later).count == 40)
    #expect(posterior.moves.compactMap(\.name).contains("x"))
    #expect(!posterior.moves.compactMap(\.name).contains("later"))
    // Drawn given the new value of the draw before.
    let distances = try #require(posterior.variable("result")).values
    #expect(distances.allSatisfy { abs($0) < 0.01 })
  }

  /// The state and what is generated from it belong together.
  @Test func belongToTheStateOfTheirDraw() throws {
    let posterior = try chains(
      """
      model m() {
        n ~ Poisson(3)
        var xs = [] as [Real]
        for i in 0..<n { x ~ Normal(0, 1)
          xs.append(x) }
        observe 2.0 ~ Normal(sum(xs), 1)
        copy ~ Normal(sum(xs), 1e-6)
        return copy - sum(xs)
      }
      """, "mh(chains: 4, draws: 50, warmup: 10)")
    let distances = try #require(posterior.variable("result")).values
    #expect(distances.allSatisfy { abs($0) < 1e-4 })
  }

  /// Kernels and moves may speak of any choice.
  @Test func choicesThatAKernelNamesMove() throws {
    let source = """
      model m() {
        n ~ Poisson(3)
        var total = 0.0
        for i in 0..<n { total += sample Normal(0, 1) }
        observe 2.0 ~ Normal(total, 1)
        later ~ Normal(total, 1)
      }
      """
    func moved(_ kernel: String) throws -> [String] {
      try chains(source, "mh(kernel: \(kernel), chains: 2, draws: 5, warmup: 0)").moves.compactMap(
        \.name)
    }
    #expect(try !moved("cycle(singleSite, randomWalk)").contains("later"))
    #expect(try moved("cycle(singleSite, ellipticalSlice(site: later))").contains("later"))
  }

  /// A model without data is moved as it stands.
  @Test func modelsWithoutWeightsKeepTheirChoices() throws {
    let posterior = try chains(
      "model m() { x ~ Normal(0, 1)\n y ~ Normal(x, 1) }", "mh(chains: 2, draws: 5, warmup: 0)")
    #expect(Set(posterior.moves.compactMap(\.name)) == ["x", "y"])
  }

  /// A proposal that makes them fail is a rejection all the same.
  @Test(arguments: ["2", "n"])
  func proposalsThatFailAreRejected(length: String) throws {
    let source = """
      model m() {
        n ~ Poisson(3)
        var total = 0.0
        for i in 0..<\(length) { total += sample Normal(0, 1) }
        observe 2.0 ~ Normal(total, 1)
        place ~ DiscreteUniform(0, 1)
        return fill(1.0, place)[0]
      }
      """
    let method = "mh(kernel: singleSite, chains: 1, draws: 200, warmup: 0)"
    // Of the seeds, those that start where nothing fails.
    let posteriors = (1...8 as ClosedRange<UInt64>).compactMap {
      try? chains(source, method, seed: $0)
    }
    #expect(!posteriors.isEmpty)
    for posterior in posteriors {
      #expect(posterior.variable("place")?.values.allSatisfy { $0 == 1 } == true)
      #expect(posterior.variable("result")?.values.allSatisfy { $0 == 1 } == true)
    }
  }
}
