import Borel
import Testing

private let coin = """
  model coin(flips: [Bool], weight: Real = 1) {
    bias ~ Beta(weight, weight)
    for flip in flips { observe flip ~ Bernoulli(bias) }
    return {odds: bias / (1 - bias), heads: bias > 0.5}
  }
  """

/// The problems that a body throws: codes with messages.
func problems(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch let diagnostics as Diagnostics {
    return diagnostics.list.map { "\($0.code) \($0.message)" }
  } catch {
    return ["\(error)"]
  }
}

@Test func programErrorsAreThrownTogether() {
  let found = problems {
    _ = try Program(source: "model m() {\n  x ~ Norml(0, 1)\n  return y\n}\n", name: "m.ppl")
  }
  #expect(found.count == 2, "\(found)")
}

@Test func modelsDescribeTheirParameters() throws {
  let model = try Program(source: coin).model()
  #expect(model.name == "coin")
  #expect(model.parameters.map(\.name) == ["flips", "weight"])
  #expect(model.parameters.map(\.type) == ["[Bool]", "Real"])
  #expect(model.parameters.map(\.hasDefault) == [false, true])
  #expect(
    problems { _ = try Program(source: coin).model("coins") } == [
      "E0707 there is no model 'coins'"
    ])
}

@Test func theModelThatNoOtherUsesIsTheOneThatIsMeant() throws {
  let nested = """
    model coin(p: Real) {
      let c = sample Bernoulli(p)
      return c
    }
    model guess(seen: Bool = true) {
      let p = sample Uniform(0, 1)
      again ~ coin(p)
      factor logDensity(infer(coin(p)), seen)
      return again
    }
    """
  #expect(try Program(source: nested).model().name == "guess")
  let both = "model a() { return 1 }\nmodel b() { return 2 }\n"
  #expect(
    problems { _ = try Program(source: both).model() } == [
      "E0707 the program declares several models: choose one"
    ])
}

@Test(arguments: [
  (
    Method.paris(
      particles: 64, backwardDraws: 3, backward: .reject, resampler: .multinomial,
      threshold: 1, groups: 2),
    """
    paris(particles: 64, backwardDraws: 3, backward: reject, resampler: multinomial, \
    threshold: 1, groups: 2)
    """
  ),
  (.ffbsi(particles: 64, draws: 10), "ffbsi(particles: 64, draws: 10)"),
  (.fixedLag(particles: 64, lag: 5, draws: 10), "fixedLag(particles: 64, lag: 5, draws: 10)"),
  (
    .ppg(particles: 16, sweeps: 4, burnIn: 1, groups: 1),
    "ppg(particles: 16, sweeps: 4, burnIn: 1, groups: 1)"
  ),
  (
    .pg(particles: 16, draws: 40, moves: 2, ancestors: true),
    "pg(particles: 16, draws: 40, moves: 2, ancestors: true)"
  ),
  (.pg(backward: true), "pg(backward: true)"),
  (
    .pmmh(particles: 16, draws: 40, burnIn: 9, chains: 2, resampler: .residual),
    "pmmh(particles: 16, draws: 40, burnIn: 9, chains: 2, resampler: residual)"
  ),
])
func particleMethodsAreTheirTexts(method: Method, text: String) throws {
  #expect(method == (try Method(text)))
}

@Test func methodsAreSwiftValues() throws {
  #expect(Method.tempered(steps: 3, groups: 8).text == "tempered(steps: 3, groups: 8)")
  #expect(Method.smc2(inner: 50, exchange: 0).text == "smc2(inner: 50, exchange: 0)")
  #expect(try Method("smc2(inner: 50, exchange: 0)") == .smc2(inner: 50, exchange: 0))
}

@Test func dataComeFromValuesTextsAndEncodables() throws {
  let model = try Program(source: coin).model()
  let method = Method.importance(particles: 100)
  let reference = try model.given(["flips": [true, false]]).infer(method)
  let others = [
    try model.given(json: #"{"flips": [1, 0]}"#),
    try model.given(csv: "flips\ntrue\nfalse\n"),
    try model.given(["flips": [true, false] as [Bool?]]),
  ]
  for other in others {
    #expect(try other.infer(method)["bias"] == reference["bias"])
  }
  #expect(
    problems { _ = try model.given(["flip": [true]]).infer(method) } == [
      "E0411 model 'coin' has no parameter 'flip'",
      "E0410 model 'coin' needs 'flips' of type [Bool], which no data give",
    ])
  #expect(
    problems { _ = try model.given(["flips": [true], "weight": Double.nan]).infer(method) } == [
      "E0412 'weight' cannot be data: nan is not a number that data can hold"
    ])
}

@Test func posteriorsGiveEstimatesAndDraws() throws {
  let fit = try Program(source: coin).model().given(["flips": [true, true, true]])
    .infer(.importance(particles: 5_000), seed: 7)
  #expect(fit.names.sorted() == ["bias", "heads", "odds"])
  #expect(fit.estimate("nothing") == nil)
  // Beta(4, 1): mean 0.8; five standard errors are missed once in two million runs.
  let bias = fit["bias"]
  let error = try #require(bias.monteCarloError)
  #expect(abs(bias.mean - 0.8) < 5 * error)
  let evidence = fit.logEvidence
  let evidenceError = try #require(evidence.standardError)
  #expect(abs(evidence.value + 1.386_294_361) < 5 * evidenceError)
  #expect(abs(fit.weights.reduce(0, +) - 1) < 1e-9)
  struct Draw: Decodable {
    var bias: Double
    var odds: Double
    var heads: Bool
  }
  let draws = try fit.draws(as: Draw.self)
  #expect(draws.count == fit.drawCount)
  #expect(draws.allSatisfy { $0.heads == ($0.bias > 0.5) })
  #expect(fit.draws("bias") == draws.map(\.bias))
}

@Test func theBlockingAndTheAsynchronousVariantAgree() async throws {
  let model = try Program(source: coin).model().given(["flips": [true, false, true]])
  let method = try Method("smc(particles: 500, groups: 2)")
  let blocking = try { try model.infer(method, seed: 3, threads: 1) }()
  let concurrent = try await model.infer(method, seed: 3, threads: 2)
  #expect(blocking["bias"] == concurrent["bias"])
  #expect(blocking.logEvidence == concurrent.logEvidence)
}

@Test func cancellingTheTaskStopsTheRun() async throws {
  let endless = """
    model m() {
      var i = 0
      while true { i = (i + 1) % 7 }
      return i
    }
    """
  let model = try Program(source: endless).model()
  let task = Task { try await model.infer(.importance(particles: 10)) }
  task.cancel()
  await #expect(throws: Diagnostics.self) { _ = try await task.value }
}

@Test func limitsAreNamed() throws {
  let endless = "model m() {\n  var i = 0\n  while true { i = (i + 1) % 7 }\n  return i\n}\n"
  let model = try Program(source: endless).model()
  let steps = problems {
    _ = try model.infer(.importance(particles: 10), limits: Limits(laneSteps: 100_000))
  }
  #expect(steps.count == 1 && steps[0].hasPrefix("E0602"), "\(steps)")
  let time = problems {
    _ = try model.infer(.importance(particles: 10), limits: Limits(seconds: 0.1))
  }
  #expect(time.count == 1 && time[0].hasPrefix("E0603"), "\(time)")
}
