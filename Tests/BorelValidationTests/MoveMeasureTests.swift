import BorelBase
import BorelCompiler
import BorelInference
import BorelInferenceTestSupport
import BorelValidation
import Testing

/// Moves of the program keep the exact measure of finite programs: every choice of program, chain
/// and auxiliary draw is enumerated.
@Suite struct MoveMeasureTests {
  /// A list of random length; a move inserts an element or takes one away. Choices without names
  /// appear and vanish with them.
  static let list = """
    model m() {
      n ~ Categorical([0.5, 0.3, 0.2])
      var sum = 0
      for i in 0..<n {
        bit ~ Bernoulli(if i == 0 { 0.3 } else { 0.6 })
        if bit { sum += if sample Bernoulli(0.7) { 2 } else { 1 } }
      }
      observe true ~ Bernoulli(if sum > 1 { 0.9 } else { 0.4 })
      return (n, sum)
    }
    move birthDeath(t: Trace of m) with u {
      isBirth ~ Bernoulli(if t.n == 0 { 1.0 } else if t.n == 2 { 0.0 } else { 0.4 })
      place ~ DiscreteUniform(0, if isBirth { t.n } else { t.n - 1 })
      if isBirth { bit ~ Bernoulli(0.8) }
    } -> {
      if u.isBirth {
        let bits = inserting(t.bit, u.bit ?? false, u.place)
        return ({n: t.n + 1, bit: bits}, {isBirth: false, place: u.place, bit: nil})
      }
      let bits = removing(t.bit, u.place)
      ({n: t.n - 1, bit: bits}, {isBirth: true, place: u.place, bit: t.bit[u.place]})
    }
    """

  /// No auxiliary draws: a move that exchanges two choices.
  static let exchange = """
    enum Side { case left, right }
    model m() {
      a ~ Categorical([0.2, 0.5, 0.3])
      b ~ Categorical([0.6, 0.3, 0.1])
      observe true ~ Bernoulli(if a > b { 0.9 } else { 0.4 })
      return (a, b)
    }
    move exchange(t: Trace of m) -> { {a: t.b, b: t.a} }
    """

  /// Choices of a branch, and an argument of the model.
  static let branch = """
    model m(p: Real = 0.3) {
      c ~ Bernoulli(p)
      if c { x ~ DiscreteUniform(0, 2) } else { y ~ Bernoulli(0.25) }
      return c
    }
    move jump(t: Trace of m, p: Real) with u {
      if !t.c { x ~ Categorical([p, 0.2, 0.8 - p]) } else { y ~ Bernoulli(p) }
    } -> {
      ({c: !t.c, x: u.x, y: u.y}, {x: t.x, y: t.y})
    }
    """

  private func difference(
    _ source: String, _ kernel: String, _ rule: any AcceptanceRule = GreenRatio()
  ) throws -> String? {
    let compilation = compile(source: SourceFile(name: "move.ppl", text: source))
    let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
    let arguments = program.models[0].parameters.map { _ in Value?.none }
    let exact = try ExactSemantics(program, model: 0, arguments: arguments)
    var request = InferenceRequest(
      program: program, model: 0, arguments: arguments,
      method: try MethodSpecification(
        parsing: "mh(kernel: \(kernel), chains: 1, draws: 1, warmup: 0)",
        moves: program.moves.map(\.name)))
    request.probe.acceptance = rule
    let measure = try #require(try Measure.ofAlgorithm(request))
    return measure.difference(from: exact.measure)
  }

  @Test(arguments: [(list, "birthDeath"), (exchange, "exchange"), (branch, "jump")])
  func movesKeepTheExactMeasure(source: String, move: String) throws {
    #expect(try difference(source, move) == nil)
    #expect(try difference(source, "cycle(\(move), \(move))") == nil)
    #expect(try difference(source, "mixture(\(move), singleSite(steps: 1))") == nil)
  }

  @Test func wrongRatiosOfMovesBreakTheExactMeasure() throws {
    #expect(try difference(Self.list, "birthDeath", WithoutAuxiliary()) != nil)
    #expect(try difference(Self.list, "birthDeath", InverseAuxiliary()) != nil)
    #expect(try difference(Self.list, "birthDeath", WithoutRemoved()) != nil)
    #expect(try difference(Self.list, "birthDeath", WithoutKept()) != nil)
    #expect(try difference(Self.branch, "jump", WithoutAuxiliary()) != nil)
    #expect(try difference(Self.exchange, "exchange", WithoutLikelihood()) != nil)
  }
}
