import BorelBase
import BorelCompiler
import BorelInference
import BorelInferenceTestSupport
import BorelTestSupport
import BorelValidation
import Foundation
import Testing

/// `borel validate` on moves of the program.
@Suite struct MoveValidationTests {
  private static let turning = """
    model m() {
      a ~ Categorical([0.2, 0.5, 0.3])
      b ~ Bernoulli(if a == 1 { 0.9 } else { 0.4 })
      observe true ~ Bernoulli(if b { 0.8 } else { 0.3 })
      return a
    }
    move turn(t: Trace of m) with u { step ~ Categorical([0.2, 0.7, 0.1]) } -> {
      ({a: (t.a + u.step) % 3, b: t.b}, {step: (3 - u.step) % 3})
    }
    """

  private func report(
    _ source: String, _ kernel: String, rule: any AcceptanceRule = GreenRatio()
  ) throws -> ValidationReport {
    let program = try #require(
      compile(source: SourceFile(name: "moves.ppl", text: source)).program)
    var request = InferenceRequest(
      program: program, model: 0, arguments: [],
      method: try MethodSpecification(
        parsing: "mh(kernel: \(kernel), chains: 8, draws: 50, warmup: 20)",
        moves: program.moves.map(\.name)), seed: 3)
    request.probe.acceptance = rule
    var options = ModelValidation.Options()
    options.alpha = FalseAlarms.alpha("validation of moves")
    return try ModelValidation(request, options: options).run()
  }

  @Test func aRightMoveIsAccepted() throws {
    let report = try report(Self.turning, "cycle(turn, gibbs)")
    #expect(report.isAccepted, "\(report.text)")
    #expect(report.laws.first { $0.name == "moves" }?.verdict == .holds)
    #expect(report.laws.first { $0.name == "expectations" }?.verdict == .holds)
  }

  /// The move forgets that the place of the new element was drawn.
  @Test func aMoveThatDoesNotLeadBackIsRejected() throws {
    let wrong = MoveMeasureTests.list.replacingOccurrences(
      of: "{isBirth: false, place: u.place, bit: nil}",
      with: "{isBirth: false, place: 0, bit: nil}")
    let report = try report(wrong, "birthDeath")
    #expect(!report.isAccepted, "\(report.text)")
    #expect(report.laws.map(\.name) == ["moves"])
    #expect(report.laws.first?.detail.contains("expected") == true, "\(report.text)")
  }

  /// A ratio without the densities of the auxiliary draws is not the right one for the right move.
  @Test func aWrongRatioIsRejected() throws {
    let report = try report(
      Self.turning, "cycle(turn, singleSite(steps: 1))", rule: WithoutAuxiliary())
    #expect(!report.isAccepted, "\(report.text)")
  }
}
