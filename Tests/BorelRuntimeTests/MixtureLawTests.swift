import BorelBase
import BorelCompiler
import BorelIR
import BorelRuntime
import BorelTransforms
import Testing

/// Scores of mixtures are the logs of weighted sums of densities, whatever shares a block.
struct MixtureLawTests {
  private static let lanes = 300

  private static func logWeights(_ source: String, rejecting: Bool = false) throws -> [Double] {
    let compilation = compile(source: SourceFile(name: "mixture.ppl", text: source))
    let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
    let weighted = try Weighted().apply(program)
    let machine = Machine(
      program: ProgramCompiler.compile(weighted), groupKeys: [7], lanesPerGroup: lanes,
      options: MachineOptions())
    machine.rejectsFailures = rejecting
    machine.start(
      function: try #require(weighted.models.last).function, arguments: [], first: 0, count: lanes)
    try machine.advance()
    var weights = [Double](repeating: 0, count: lanes)
    machine.readLogWeights(into: &weights)
    return weights
  }

  private static func source(_ head: String, _ body: String) -> String {
    """
    model m() {
      k ~ DiscreteUniform(1, 6)
      var weights = [] as [Real]
      var centres = [] as [Real]
      for j in 0..<k {
        weight ~ Gamma(shape: 1, rate: 1)
        centre ~ Normal(0, 3)
        weights = appending(weights, weight)
        centres = appending(centres, centre)
      }
      \(head)
      for v in [-3.0, -0.5, 0.0, 1.0, 2.5, 40.0] {
        \(body)
      }
    }
    """
  }

  /// Two mixtures by turns: each has its own layout.
  @Test(arguments: [
    "observe v ~ Mixture(weights, narrow)\n observe v ~ Mixture(reversed(weights), wide)",
    """
    let first = Mixture(weights, narrow)
    observe v ~ first
    observe v ~ Mixture(reversed(weights), wide)
    """,
  ])
  func scoresAreLogsOfWeightedSums(body: String) throws {
    let found = try Self.logWeights(
      Self.source(
        "let narrow = map(centres) { (c) in Normal(c, 1) }\n"
          + "let wide = map(centres) { (c) in Normal(c, 2) }", body))
    let expected = try Self.logWeights(
      Self.source(
        "let other = reversed(weights)",
        """
        factor logSumExp((0..<k).map { log(weights[$0]) + logDensity(Normal(centres[$0], 1), v) })
        factor logSumExp((0..<k).map { log(other[$0]) + logDensity(Normal(centres[$0], 2), v) })
        factor -2 * log(sum(weights))
        """))
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)))
    }
  }

  /// A negative scale in a lane that is alive is a failure of that lane alone.
  @Test func lanesWithWrongPartsAreRejectedAndOthersScored() throws {
    let found = try Self.logWeights(
      Self.source(
        "let parts = map(centres) { (c) in Normal(c, c) }", "observe v ~ Mixture(weights, parts)"),
      rejecting: true)
    let isWrong = try Self.logWeights(
      Self.source("", "require v > -10 && all(centres) { (c) in c > 0 }"))
    #expect(found.map { $0 == -.infinity } == isWrong.map { $0 == -.infinity })
    #expect(found.contains { $0 > -.infinity })
  }
}
