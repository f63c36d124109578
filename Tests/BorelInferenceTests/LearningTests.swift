import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import Foundation
import Testing

/// The request for the last model of a source text whose parameters all have defaults.
private func request(
  _ source: String, _ method: String, seed: UInt64 = 1
) throws -> InferenceRequest {
  let compilation = compile(source: SourceFile(name: "test.ppl", text: source))
  let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
  let model = program.models.count - 1
  return InferenceRequest(
    program: program, model: model,
    arguments: program.models[model].parameters.map { _ in nil },
    method: try MethodSpecification(parsing: method), seed: seed)
}

private func learn(
  _ source: String, _ method: String, _ settings: LearnSettings = LearnSettings(), seed: UInt64 = 1
) throws -> Posterior {
  var request = try request(source, method, seed: seed)
  request.learning = settings
  return try infer(request)
}

private func codes(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch let problems as Diagnostics {
    return problems.list.map(\.code)
  } catch {
    return ["\(error)"]
  }
}

/// Derivatives of the evidence of exact models, against differences of the exact evidence.
@Suite struct ScoreTests {
  /// A model with parameters `a` and `b`, `A` and `B` in its text standing for their values.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var testDescription: String { name }
    init(_ name: String, _ source: String) {
      self.name = name
      self.source = source
    }
  }

  static let finite: [Case] = [
    .init(
      "hidden Markov chain",
      """
      model m(param a: Real in 0<.. = A, param b: Real = B) {
        var s ~ Bernoulli(logistic(b))
        for (t, y) in [0.2, 1.1, 0.7, -0.4, 1.3].enumerated() {
          if t > 0 { s ~ Bernoulli(if s { logistic(b + 1) } else { 0.25 }) }
          observe y ~ Normal(if s { b } else { 0.0 }, a)
        }
        return s
      }
      """),
    .init(
      "missing data, drawn and marginalised",
      """
      model m(param a: Real in 0<.. = A, param b: Real = B, y: [Bool?] = [true, nil, false]) {
        p ~ Bernoulli(logistic(b))
        for v in y { observe v ~ Bernoulli(logistic(if p { a } else { b })) }
        let last = observe y[1] ~ Bernoulli(logistic(a * b))
        factor if last { -0.5 * a } else { 0.3 * b }
        return p
      }
      """),
    .init(
      "random recursion, arrays and closures",
      """
      func run(n: Int, a: Real) -> Int {
        if n > 0 && sample Bernoulli(logistic(a)) { 1 + run(n - 1, a * 0.9) } else { 0 }
      }
      model m(param a: Real in 0<.. = A, param b: Real = B) {
        let rates = [a, a + exp(b), 3 * a]
        let shift = { (v: Real) in v * b }
        let n = run(2, b)
        k ~ Categorical(rates)
        observe 3 ~ Poisson(rates[k] + exp(shift(Real(n))))
        observe [0.3, 1.1] ~ Normal(shift(1.0) + Real(k), a)
        return n
      }
      """),
    .init(
      "distributions as values and memoised functions",
      """
      model m(param a: Real in 0<.. = A, param b: Real = B) {
        let rate = mem { (k: Int) in a + Real(k) * exp(b) }
        c ~ Bernoulli(0.4)
        let d = if c { Normal(rate(1), a) } else { Normal(b, rate(0)) }
        observe 0.7 ~ d
        observe 1.2 ~ Mixture([a, 1], [Normal(0, a), Normal(b, 1)])
        x ~ inner(b)
        observe 0.1 ~ Normal(if x { a } else { b }, 1)
        return c
      }
      model inner(v: Real) {
        z ~ Bernoulli(logistic(v))
        observe 2 ~ Binomial(3, if z { logistic(v) } else { 0.4 })
        return z
      }
      """.modelLast),
  ]

  private func evidence(_ example: Case, _ a: Double, _ b: Double) throws -> Double {
    let posterior = try infer(try request(example.at(a, b), "enumerate"))
    return try #require(posterior.evidence).logValue
  }

  /// Fourth-order differences with a step of 1e-3: truncation and rounding below 1e-10.
  @Test(arguments: finite)
  func scoresOfFiniteModelsAgreeWithDifferences(_ example: Case) throws {
    let (a, b) = (0.8, 0.35)
    let entries = try score(try request(example.at(a, b), "enumerate"))
    #expect(entries.map(\.name) == ["a", "b"])
    let h = 1e-3
    func along(_ da: Double, _ db: Double) throws -> Double {
      func at(_ s: Double) throws -> Double { try evidence(example, a + s * da, b + s * db) }
      return try (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
    }
    let expected = try [along(1, 0), along(0, 1)]
    for k in 0..<2 {
      #expect(
        abs(entries[k].value - expected[k]) < 1e-8 * (1 + abs(expected[k])),
        "\(entries[k].name): \(entries[k].value) against \(expected[k])")
    }
  }

  /// A program keeps its bits: the derivatives are beside it.
  @Test(arguments: finite)
  func differentiatedProgramsHaveTheSameEvidence(_ example: Case) throws {
    let plain = try infer(try request(example.at(0.8, 0.35), "importance(particles: 64)"))
    var learning = try request(example.at(0.8, 0.35), "importance(particles: 64)")
    learning.learning = LearnSettings(steps: 1)
    let learned = try #require(try infer(learning).learned)
    #expect(learned.logEvidence.count == 1)
    #expect(plain.evidence != nil)
  }

  // MARK: Linear Gaussian

  private static let flow = [1.2, 0.4, -0.3, 0.9, 1.7, 2.1, 1.4, 0.8]

  private static let level = """
    model level(param q: Real in 0<.. = 0.7, param r: Real in 0<.. = 0.9) {
      var x ~ Normal(0, 2)
      for (t, y) in [1.2, 0.4, -0.3, 0.9, 1.7, 2.1, 1.4, 0.8].enumerated() {
        if t > 0 { x ~ Normal(x, q) }
        observe y ~ Normal(x, r)
      }
      return x
    }
    """

  /// The log-likelihood by the Kalman filter.
  private static func kalman(_ q: Double, _ r: Double) -> Double {
    var (mean, variance, total) = (0.0, 4.0, 0.0)
    for (t, y) in flow.enumerated() {
      if t > 0 { variance += q * q }
      let s = variance + r * r
      total -= 0.5 * (log(2 * Double.pi * s) + (y - mean) * (y - mean) / s)
      let gain = variance / s
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }

  /// Bounds of 5 standard errors: a false-alarm probability below 1e-6 each, if the seed was
  /// drawn; the bias of the ratio estimate is of order 1 / particles, far below the error.
  @Test(arguments: [
    "smc(particles: 1_000, groups: 40)", "importance(particles: 200_000)",
    "paris(particles: 300, groups: 40)", "ppg(particles: 20, sweeps: 12, burnIn: 4, groups: 100)",
  ])
  func scoreOfALinearGaussianModelIsTheKalmanScore(method: String) throws {
    let entries = try score(try request(Self.level, method))
    let h = 1e-4
    let exact = [
      (Self.kalman(0.7 + h, 0.9) - Self.kalman(0.7 - h, 0.9)) / (2 * h),
      (Self.kalman(0.7, 0.9 + h) - Self.kalman(0.7, 0.9 - h)) / (2 * h),
    ]
    for (entry, expected) in zip(entries, exact) {
      let error = try #require(entry.standardError)
      #expect(abs(entry.value - expected) < 5 * error, "\(entry) against \(expected)")
      #expect(error < 0.1 && error > 0)
    }
  }
}

extension ScoreTests.Case {
  /// The program with these values of the parameters.
  fileprivate func at(_ a: Double, _ b: Double) -> String {
    source.replacingOccurrences(of: "= A", with: "= \(a)")
      .replacingOccurrences(of: "= B", with: "= \(b)")
  }
}

extension String {
  /// The text with the model `m` after the others.
  fileprivate var modelLast: String {
    guard let start = range(of: "model inner") else { return self }
    return String(self[start.lowerBound...]) + "\n" + String(self[..<start.lowerBound])
  }
}

/// Maximum likelihood of models whose maximum is known.
@Suite struct LearningTests {
  /// Independent normal data: the mean, the standard deviation with divisor n, and their errors
  /// sd / sqrt(n) and sd / sqrt(2 n).
  @Test func exactGradientsFindTheMaximumOfNormalData() throws {
    let data = [1.4, 2.9, 0.3, 1.8, 2.2, 3.1]
    let mean = data.reduce(0, +) / 6
    let sd = (data.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6).squareRoot()
    let posterior = try learn(
      """
      model m(param mu: Real = 0, param sd: Real in 0<.. = 1) {
        observe [1.4, 2.9, 0.3, 1.8, 2.2, 3.1] ~ Normal(mu, sd)
        return mu
      }
      """, "enumerate")
    let learned = try #require(posterior.learned)
    #expect(learned.isConverged)
    let (first, second) = (learned.parameters[0], learned.parameters[1])
    #expect(abs(first.value - mean) < 1e-6 && abs(second.value - sd) < 1e-6)
    let errors = [try #require(first.standardError), try #require(second.standardError)]
    #expect(abs(errors[0] - sd / 6.squareRoot()) < 1e-5)
    #expect(abs(errors[1] - sd / 12.squareRoot()) < 1e-5)
    #expect(first.trajectory.count == learned.steps + 1 && first.trajectory.first == 0)
    let evidence = try #require(posterior.evidence).logValue
    #expect(
      abs(evidence - (-3 * log(2 * Double.pi * sd * sd) - 3)) < 1e-9, "\(evidence)")
  }

  /// y ~ N(0, tau^2 + 1) after integrating the latent out: tau^2 = mean(y^2) - 1, and the observed
  /// information of tau follows from that of the variance v, n / (2 v^2), by dv / dtau = 2 tau.
  @Test func weightedDrawsFindTheMaximumOfAVarianceComponent() throws {
    let data = [1.9, -2.4, 0.7, 3.1, -1.6, 2.2, -0.4, 1.1, -2.9, 2.6]
    let v = data.reduce(0) { $0 + $1 * $1 } / 10
    let tau = (v - 1).squareRoot()
    let posterior = try learn(
      """
      model m(param tau: Real in 0<.. = 1) {
        for y in [1.9, -2.4, 0.7, 3.1, -1.6, 2.2, -0.4, 1.1, -2.9, 2.6] {
          let x = sample Normal(0, tau)
          observe y ~ Normal(x, 1)
        }
        return tau
      }
      """, "smc(particles: 200, groups: 8)", LearnSettings(steps: 200))
    let learned = try #require(posterior.learned)
    let parameter = learned.parameters[0]
    let error = try #require(parameter.monteCarloError)
    // Five errors of the ascent, and the bias of 200 particles.
    #expect(abs(parameter.value - tau) < 5 * error + 0.02, "\(parameter.value) against \(tau)")
    #expect(error < 0.05)
    let exact = (v * v / (2 * tau * tau) / 10).squareRoot()
    let standardError = try #require(parameter.standardError)
    #expect(abs(standardError / exact - 1) < 0.15, "\(standardError) against \(exact)")
  }

  @Test func arraysAndBoundedIntervalsAreLearned() throws {
    let posterior = try learn(
      """
      model m(param w: [Real] = [0.1, 0.2], param p: Real in 0<..<1 = 0.5) {
        observe [1.0, 1.4] ~ Normal(w[0], 1)
        observe [3.0, 3.2] ~ Normal(w[0] + w[1], 1)
        observe [true, true, true, false] ~ Bernoulli(p)
        return p
      }
      """, "enumerate")
    let learned = try #require(posterior.learned)
    #expect(learned.parameters.map(\.name) == ["w[0]", "w[1]", "p"])
    let expected = [1.2, 1.9, 0.75]
    for (parameter, value) in zip(learned.parameters, expected) {
      #expect(abs(parameter.value - value) < 1e-5, "\(parameter.name): \(parameter.value)")
    }
  }

  /// Data that vary less than their noise: the likelihood falls with tau.
  @Test func anOptimumAtTheBoundaryHasNoStandardError() throws {
    let posterior = try learn(
      """
      model m(param tau: Real in 0<.. = 1) {
        observe [0.1, -0.2, 0.1, 0.05] ~ Normal(0, sqrt(1 + tau * tau))
        return tau
      }
      """, "enumerate")
    let parameter = try #require(posterior.learned?.parameters.first)
    #expect(parameter.standardError == nil)
    #expect(parameter.reason == "the optimum is at the boundary of the domain")
    #expect(posterior.diagnostics.map(\.code).contains("W0571"))
  }

  @Test func sameSeedSameBits() throws {
    let source = """
      model m(param s: Real in 0<.. = 1) {
        x ~ Normal(0, s)
        observe 1.3 ~ Normal(x, 1)
        observe 0.4 ~ Normal(x, 1)
        return x
      }
      """
    let settings = LearnSettings(steps: 20)
    let method = "smc(particles: 50, groups: 4)"
    let first = try learn(source, method, settings, seed: 7)
    let second = try learn(source, method, settings, seed: 7)
    #expect(first.learned == second.learned)
    #expect(try learn(source, method, settings, seed: 8).learned != first.learned)
  }

  @Test(arguments: [
    ("param u: Real = 1", "x ~ Uniform(0, u)", "E0571"),
    ("param u: Real = 1", "x ~ Normal(if u > 0 { 1.0 } else { 2.0 }, 1)", "E0570"),
    ("param u: Real = 1", "x ~ Normal(0, 1)\n  if x < u { observe 1 ~ Poisson(2) }", "E0570"),
    ("param u: Real = 1", "require u > 0\n  x ~ Normal(u, 1)", "E0570"),
    ("param u: Real = 1", "x ~ Normal(Real(floor(u)), 1)", "E0570"),
    ("u: Real = 1", "x ~ Normal(u, 1)", "E0575"),
    ("param u: Real in 0<.. = 1", "x ~ Truncated(Normal(0, 1), -u, u)", "E0571"),
  ])
  func whatHasNoDerivativeIsRefused(
    parameter: String, body: String, code: String
  ) throws {
    let source = "model m(\(parameter)) {\n  \(body)\n  observe 0.3 ~ Normal(x, 1)\n  return x\n}\n"
    let found = codes { _ = try learn(source, "importance(particles: 10)") }
    #expect(found == [code], "\(source)")
  }

  @Test func aParameterThatEntersElsewhereOnlyIsNotRefused() throws {
    // The branch depends on data and a choice, not on the parameter.
    let posterior = try learn(
      """
      model m(param u: Real = 1, n: Int = 2) {
        c ~ Bernoulli(0.5)
        let shift = if c && n > 1 { u } else { 2 * u }
        observe 0.7 ~ Normal(shift, 1)
        return c
      }
      """, "enumerate")
    #expect(posterior.learned?.isConverged == true)
  }
}
