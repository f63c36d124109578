import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import Testing

/// Predicts by the last model of a source text whose parameters all have defaults.
private func predict(
  _ source: String, from fit: Posterior, seed: UInt64 = 2
) throws -> Posterior {
  let compilation = compile(source: SourceFile(name: "test.ppl", text: source))
  let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
  let model = program.models.count - 1
  return try predict(
    InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: "auto"), seed: seed), from: fit)
}

private let conjugate = """
  model m(y: [Real] = [1.5, 2.5]) {
    mu ~ Normal(0, 1)
    for v in y { observe v ~ Normal(mu, 0.5) }
    return mu
  }
  """

/// The posterior of the mean is Normal(16/9, 1/3), so that of a new datum has the variance
/// 1/9 + 1/4.
@Test func predictionsOfAConjugateModelHaveTheirLaw() throws {
  let fit = try infer(conjugate, "importance(particles: 40000)")
  let prediction = try predict(conjugate, from: fit)
  #expect(prediction.drawCount == fit.drawCount)
  #expect(prediction.logWeights == fit.logWeights)
  // Latents are those of the fit.
  #expect(prediction.variable("mu")?.values == fit.variable("mu")?.values)
  for name in ["y[0]", "y[1]"] {
    let summary = prediction.summary(of: try #require(prediction.variable(name)))
    let (mean, error) = (try #require(summary.mean), try #require(summary.mcse))
    // False alarm below 1e-6 each: five standard errors.
    #expect(abs(mean - 16.0 / 9) < 5 * error)
    let errors = prediction.errors(of: summary, try #require(prediction.variable(name)))
    let deviation = (1.0 / 9 + 0.25).squareRoot()
    #expect(abs((try #require(summary.sd)) - deviation) < 5 * (try #require(errors.sd)))
  }
  // Data are drawn anew for each draw: given the latents they are independent.
  let (a, b) = (
    try #require(prediction.variable("y[0]")), try #require(prediction.variable("y[1]"))
  )
  #expect(a.values != b.values)
  // The same seed gives the same bits.
  #expect(try predict(conjugate, from: fit).variable("y[0]")?.values == a.values)
  #expect(try predict(conjugate, from: fit, seed: 3).variable("y[0]")?.values != a.values)
}

/// A random walk goes on from its last state: the variance of the k-th step ahead is that of the
/// state and k more.
@Test func statesAfterTheLastDatumAreDrawn() throws {
  func walk(_ data: String) -> String {
    """
    model m(y: [Real?] = \(data)) {
      var x ~ Normal(0, 1)
      for (t, v) in y.enumerated() {
        if t > 0 { x ~ Normal(x, 1) }
        observe v ~ Normal(x, 1)
      }
    }
    """
  }
  let fit = try infer(walk("[1.0, 2.0]"), "importance(particles: 40000)")
  let prediction = try predict(walk("[nil, nil, nil, nil]"), from: fit)
  #expect(prediction.variable("x[1]")?.values == fit.variable("x[1]")?.values)
  let last = try #require(fit.variable("x[1]"))
  let state = try #require(fit.summary(of: last).sd)
  for (name, more) in [("x[2]", 1.0), ("x[3]", 2.0)] {
    let variable = try #require(prediction.variable(name))
    let summary = prediction.summary(of: variable)
    let error = try #require(prediction.errors(of: summary, variable).sd)
    let expected = (state * state + more).squareRoot()
    #expect(abs((try #require(summary.sd)) - expected) < 5 * error)
  }
}

/// Choices behind a random branch, arrays, and enums are replayed too.
@Test func latentsOfEveryShapeAreReplayed() throws {
  let source = """
    model m(y: [Real] = [0.5, 1, 2]) {
      kind ~ Categorical([0.3, 0.7])
      z ~ IID(Normal(0, 1), 3)
      w ~ Dirichlet([1, 2, 3])
      for v in y {
        b ~ Bernoulli(0.4)
        if b { extra ~ Normal(3, 1) }
        observe v ~ Normal(z[0] + w[1], if b { 1 } else { 2 })
      }
    }
    """
  let fit = try infer(source, "smc(particles: 500)")
  let prediction = try predict(source, from: fit)
  for old in fit.variables {
    let new = try #require(prediction.variable(old.name), "\(old.name)")
    #expect(new.present == old.present, "\(old.name)")
    for index in old.values.indices where old.present?[index] ?? true {
      #expect(new.values[index] == old.values[index])
    }
  }
}

@Test func drawsWithoutANameCannotBePredictedFrom() throws {
  let source = """
    model m(y: [Real] = [1.0]) {
      let mu = sample Normal(0, 1)
      for v in y { observe v ~ Normal(mu, 1) }
    }
    """
  let fit = try infer(source, "importance(particles: 100)")
  do {
    _ = try predict(source, from: fit)
    Issue.record("no error")
  } catch let error as Diagnostics {
    let first = try #require(error.list.first)
    #expect(first.code == "E0552")
    // The place of the draw.
    #expect(source.utf8.dropFirst(Int(first.span.start)).starts(with: "sample".utf8))
  }
}

@Test func aFitOfAnotherModelIsRefused() throws {
  let fit = try infer(conjugate, "importance(particles: 100)")
  let other = "model m() {\n  tau ~ Normal(0, 1)\n  observe 1 ~ Normal(tau, 1)\n}"
  #expect(throws: Diagnostics.self) { try predict(other, from: fit) }
}
