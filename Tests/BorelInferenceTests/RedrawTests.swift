import BorelInference
import Testing

/// A redraw outside loops replaces what was drawn before, under every method.
struct RedrawTests {
  private static let source = """
    model m() {
      var x ~ Bernoulli(0.9)
      x ~ Bernoulli(if x { 0.1 } else { 0.2 })
      observe 0.0 ~ Normal(0, 1)
      if sample Bernoulli(0.5) { x ~ Bernoulli(0.6) }
      observe 0.0 ~ Normal(0, 1)
    }
    """

  /// P(x) = (0.9 * 0.1 + 0.1 * 0.2) / 2 + 0.6 / 2.
  private static let mean = 0.355

  @Test func enumerationCountsTheLastDraw() throws {
    let posterior = try infer(Self.source, "enumerate")
    let x = try #require(posterior.variable("x"))
    #expect(abs((try #require(x.probabilities)).reduce(0, +) - 1) < 1e-12)
    #expect(abs((try #require(posterior.summary(of: x).mean)) - Self.mean) < 1e-12)
  }

  /// Five standard errors: false with probability 6e-7 per method.
  @Test(arguments: [
    "importance(particles: 20000)", "smc(particles: 20000, checkpoints: all)",
    "mh(draws: 4000)", "mh(kernel: independent, draws: 4000)", "pg(particles: 20, draws: 4000)",
  ])
  func theLastDrawIsReported(method: String) throws {
    let posterior = try infer(Self.source, method)
    let summary = posterior.summary(of: try #require(posterior.variable("x")))
    let error = try #require(summary.mcse)
    #expect(error < 0.02)
    #expect(abs((try #require(summary.mean)) - Self.mean) < 5 * error)
  }

  /// One name with two shapes is two variables.
  @Test(arguments: ["importance(particles: 100)", "mh(draws: 50, chains: 4)"])
  func shapesOfBranchesAreKeptApart(method: String) throws {
    let posterior = try infer(
      """
      model m() {
        c ~ Bernoulli(0.5)
        if c { x ~ Normal(5, 1) } else { x ~ Dirichlet([1.0, 1.0]) }
        observe 0.0 ~ Normal(0, 1)
      }
      """, method)
    #expect(posterior.variables.map(\.name).sorted() == ["c", "x", "x'[0]", "x'[1]"])
  }
}
