import BorelBase
import BorelCompiler
import Testing

private let pair = """
  model m(y: Real = 0) {
    n ~ Poisson(2)
    if n > 1 { late ~ Normal(0, 1) }
    for i in 0..<n {
      x ~ Normal(0, 1)
      if x > 0 { up ~ Bernoulli(0.5) }
      for j in 0..<2 { deep ~ Normal(0, 1) }
    }
    theta ~ Normal([0.0, 1.0], 1)
    p ~ Dirichlet([1.0, 1.0])
    var level ~ Normal(0, 1)
    level ~ Normal(level, 1)
    observe y ~ Normal(level, 1)
    return p[0]
  }

  """

@Test func traceFieldsHaveTheTypesOfTheirChoices() {
  let program = expectChecked(
    pair + "move same(t: Trace of m, y: Real) with u { z ~ Normal(y, 1) } -> { (t, u) }")
  let move = program?.moves.first
  #expect(
    move?.trace.record
      == .record([
        .init("late", .optional(.real)), .init("n", .int), .init("theta", .array(.real)),
        .init("up", .array(.optional(.bool))), .init("x", .array(.real)),
      ]))
  #expect(move?.auxiliary.record == .record([.init("z", .real)]))
  #expect(move?.arguments == [0])
}

@Test func anEarlyReturnMakesWhatFollowsOptional() {
  let program = expectChecked(
    """
    model m() {
      a ~ Normal(0, 1)
      if a > 0 { return a }
      b ~ Normal(0, 1)
      for i in 0..<3 {
        if i == 1 { continue }
        c ~ Normal(0, 1)
      }
      return b
    }
    move same(t: Trace of m) -> { t }
    """)
  #expect(
    program?.moves.first?.trace.record
      == .record([
        .init("a", .real), .init("b", .optional(.real)), .init("c", .array(.optional(.real))),
      ]))
}

@Test func movesAreOfModelsWithNamedChoices() {
  expectDiagnostics("move f(t: Trace of §m) -> { t }", "E0201")
  expectDiagnostics("func g() { }\nmove f(t: Trace of §g) -> { t }", "E0247")
  expectDiagnostics(
    "model m() { return sample Normal(0, 1) }\nmove f(t: Trace of §m) -> { t }", "E0247",
    hint: "it has no name")
  expectDiagnostics(pair + "move f(t: Trace of m, §z: Real) -> { t }", "E0247")
  expectDiagnostics(pair + "move f(t: Trace of m, y: §Int) -> { t }", "E0247")
  expectDiagnostics(pair + "move §m(t: Trace of m) -> { t }", "E0203")
  expectDiagnostics(
    pair + "move f(t: Trace of m) -> { t }\nmove §f(t: Trace of m) -> { t }", "E0203")
}

@Test func theInvolutionGivesATrace() {
  expectDiagnostics(pair + "move f(t: Trace of m) -> { §1 }", "E0202")
  expectDiagnostics(pair + "move f(t: Trace of m) with u { z ~ Normal(0, 1) } -> { §t }", "E0202")
  expectDiagnostics(
    pair + "move f(t: Trace of m) -> { if t.§level > 0.0 { return t }\n t }", "E0209")
}

@Test func involutionsArePure() {
  expectDiagnostics(
    pair + "move §f(t: Trace of m) -> { var s = t\n s.n = sample Poisson(1)\n s }", "E0231")
}

@Test func auxiliaryDrawsHaveNames() {
  expectDiagnostics(
    pair + "move f(t: Trace of m) with u { let z = §sample Normal(0, 1)\n w ~ Normal(z, 1) } -> "
      + "{ (t, u) }", "E0248")
  expectDiagnostics(
    pair + "move §f(t: Trace of m) with u { z ~ Normal(0, 1)\n factor z } -> { (t, u) }", "E0248")
  expectDiagnostics(
    "func g() -> Real { sample Normal(0, 1) }\n" + pair
      + "move §f(t: Trace of m) with u { z ~ Normal(g(), 1) } -> { (t, u) }", "E0248")
}
