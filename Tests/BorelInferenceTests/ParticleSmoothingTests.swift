import BorelBase
import BorelCompiler
import BorelInference
import Foundation
import Testing

/// Particle smoothers and particle Gibbs on programs, against exact answers. Seeds are fixed and
/// bounds are 5 standard errors: a false-alarm probability below 1e-6 each, if seeds were drawn.
struct ParticleSmoothingTests {
  private static let data = "[0.5, -0.3, 1.2, 0.8, 1.9, 0.4, -0.6, -1.1, 0.2, 0.9]"

  /// Source of the exact values below: conditioning of the joint normal law, numpy, double
  /// precision.
  static let linear = """
    model m() {
      var x ~ Normal(0, 0.7 / sqrt(1 - 0.81))
      for (t, y) in \(data).enumerated() {
        let last = x
        if t > 0 { x ~ Normal(0.9 * last, 0.7) }
        observe y ~ Normal(x, 0.8)
        if t > 0 { tally products += x * last }
      }
      return x
    }
    """
  static let products = 3.3521666519762467
  private static let first = 0.37415524157503094
  private static let fifth = 0.4181275947968591

  private func checkTally(_ posterior: Posterior, _ exact: Double) throws {
    let tally = try #require(posterior.tallies.first)
    let error = try #require(tally.standardError)
    #expect(abs(tally.value - exact) < 5 * error, "\(tally.value) ± \(error)")
    #expect(error < 0.1 * abs(exact))
  }

  private func mean(_ posterior: Posterior, _ name: String) throws -> Double {
    let variable = try #require(posterior.variable(name))
    return try #require(posterior.summary(of: variable).mean)
  }

  private func checkMean(_ posterior: Posterior, _ name: String, _ exact: Double) throws {
    let summary = posterior.summary(of: try #require(posterior.variable(name)))
    let error = try #require(summary.mcse)
    let mean = try #require(summary.mean)
    #expect(abs(mean - exact) < 5 * error, "\(name): \(mean) ± \(error)")
    #expect(error < 0.1)
  }

  @Test(arguments: ["exact", "reject", "automatic"])
  func parisAgreesWithTheKalmanSmoother(backward: String) throws {
    try checkTally(
      try infer(Self.linear, "paris(particles: 200, groups: 40, backward: \(backward))"),
      Self.products)
  }

  @Test func metropolisDrawsAgreeWithTheKalmanSmoother() throws {
    try checkTally(
      try infer(
        Self.linear,
        """
        paris(particles: 300, groups: 40, backward: metropolis, resampler: multinomial, \
        threshold: 1)
        """), Self.products)
  }

  @Test func parisianParticleGibbsAgreesWithTheKalmanSmoother() throws {
    let posterior = try infer(
      Self.linear, "ppg(particles: 20, sweeps: 12, burnIn: 4, groups: 200)")
    try checkTally(posterior, Self.products)
    try checkMean(posterior, "x[0]", Self.first)
  }

  @Test(arguments: [
    "pg(particles: 20, draws: 400, burnIn: 50, chains: 10)",
    "pg(particles: 20, draws: 400, burnIn: 50, chains: 10, backward: true)",
    "pg(particles: 20, draws: 400, burnIn: 50, chains: 10, resampler: multinomial, threshold: 1)",
    "pgas(particles: 10, draws: 400, burnIn: 50, chains: 10)",
  ])
  func particleGibbsAgreesWithTheKalmanSmoother(method: String) throws {
    let posterior = try infer(Self.linear, method)
    try checkMean(posterior, "x[0]", Self.first)
    try checkMean(posterior, "x[5]", Self.fifth)
    try checkTally(posterior, Self.products)
  }

  @Test(arguments: ["exact", "reject"])
  func backwardSimulationAgreesWithTheKalmanSmoother(backward: String) throws {
    let posterior = try infer(
      Self.linear, "ffbsi(particles: 200, draws: 50, groups: 40, backward: \(backward))")
    try checkMean(posterior, "x[0]", Self.first)
    try checkMean(posterior, "x[5]", Self.fifth)
    try checkTally(posterior, Self.products)
  }

  /// Means given the observations up to `lag` steps later, by conditioning of the joint normal law.
  @Test(arguments: [
    (0, 0.40058862001308043, 0.7595923244745164, 4.43583800849177),
    (2, 0.3501619730128128, 0.3749493695690034, 3.409323227975587),
    (20, first, fifth, products),
  ])
  func fixedLagSmoothingUsesTheObservationsOfTheLag(
    lag: Int, first: Double, fifth: Double, products: Double
  ) throws {
    let posterior = try infer(
      Self.linear, "fixedLag(particles: 1000, lag: \(lag), draws: 200, groups: 40)")
    try checkMean(posterior, "x[0]", first)
    try checkMean(posterior, "x[5]", fifth)
    try checkTally(posterior, products)
  }

  @Test(arguments: [
    "pg(particles: 20, draws: 1000, burnIn: 200, chains: 8)",
    "pgas(particles: 10, draws: 1000, burnIn: 200, chains: 8)",
    "pmmh(particles: 40, draws: 2000, burnIn: 500, chains: 8)",
  ])
  func parametersMoveBetweenSweeps(method: String) throws {
    let posterior = try infer(
      """
      model m() {
        mu ~ Normal(0, 2)
        var x ~ Normal(mu, 0.8)
        for (t, y) in \(Self.data).enumerated() {
          if t > 0 { x ~ Normal(mu + 0.8 * (x - mu), 0.5) }
          observe y ~ Normal(x, 0.6)
        }
        return x
      }
      """, method)
    try checkMean(posterior, "mu", 0.37511503922513656)
    try checkMean(posterior, "x[0]", 0.39746822103611085)
    let summary = posterior.summary(of: try #require(posterior.variable("mu")))
    #expect(abs(try #require(summary.sd) / 0.591527544309939 - 1) < 0.15)
  }

  /// A discrete parameter is drawn anew and chosen by the rest of the density.
  @Test func discreteParametersMove() throws {
    let source = """
      model m() {
        bias ~ Bernoulli(0.3)
        var s ~ Bernoulli(0.5)
        for (t, y) in [0.2, 1.1, 0.7, 1.3].enumerated() {
          if t > 0 { s ~ Bernoulli(if s { 0.8 } else { 0.3 }) }
          observe y ~ Normal((if s { 1.0 } else { 0.0 }) + (if bias { 0.4 } else { 0.0 }), 0.5)
        }
        return bias
      }
      """
    let exact = try infer(source, "enumerate")
    let mean = try mean(exact, "bias")
    for method in ["pg", "pgas", "pmmh"] {
      let posterior = try infer(
        source, "\(method)(particles: 10, draws: 1000, burnIn: 20, chains: 4)")
      try checkMean(posterior, "bias", mean)
    }
  }

  /// Plain particle Gibbs repeats choices of programs with memoised functions, too.
  @Test func memoisedFunctionsRunUnderPlainParticleGibbs() throws {
    let source = """
      model m() {
        let on = mem { (k: Int) in sample Bernoulli(0.3) }
        var k = 0
        for y in [0.2, 1.1, 0.7, 1.3] {
          k = sample DiscreteUniform(0, 2)
          observe y ~ Normal(if on(k) { 1.0 } else { 0.0 }, 0.5)
        }
        return on(0)
      }
      """
    let exact = try infer(source, "enumerate")
    let mean = try mean(exact, "result")
    try checkMean(
      try infer(source, "pg(particles: 20, draws: 1000, burnIn: 20)"), "result", mean)
  }

  /// Executions that observe at different points.
  @Test func unalignedProgramsRunUnderPlainParticleGibbs() throws {
    let source = """
      model m() {
        count ~ DiscreteUniform(1, 3)
        var total = 0.0
        for k in 0..<count {
          let s = sample Bernoulli(0.5)
          if s { observe 0.4 ~ Normal(total, 1) }
          total = total + (if s { 1.0 } else { 0.2 })
        }
        observe 1.5 ~ Normal(total, 0.5)
        return total
      }
      """
    let exact = try infer(source, "enumerate")
    let mean = try mean(exact, "result")
    try checkMean(
      try infer(source, "pg(particles: 20, draws: 1000, burnIn: 20)"), "result", mean)
  }

  /// A regime with a duration, two redraws in a step and missing data.
  @Test(arguments: [
    "pgas(particles: 20, draws: 1000, burnIn: 50)",
    "ppg(particles: 20, sweeps: 250, burnIn: 50)",
  ])
  func stepsWithSeveralStatesAndMissingDataAreAccepted(method: String) throws {
    let source = """
      model m() {
        var busy = false
        var age = 0
        var load = 0
        for y in [0.4, nil, 1.2, 1.7] as [Real?] {
          let stays = sample Bernoulli(if age > 1 { 0.4 } else { 0.8 })
          age = if stays { min(age + 1, 2) } else { 0 }
          busy ~ Bernoulli(if busy { 0.7 } else { 0.4 })
          load ~ Binomial(2, if busy { 0.7 } else { 0.2 })
          observe y ~ Normal(load + 0.3 * age, 0.6)
        }
        return load
      }
      """
    let exact = try infer(source, "enumerate")
    let posterior = try infer(source, method)
    for name in ["load[1]", "busy[0]", "result"] {
      let mean = try mean(exact, name)
      try checkMean(posterior, name, mean)
    }
  }

  // MARK: Refusals

  struct Refusal: Sendable, CustomStringConvertible {
    var description: String
    var body: String
    var variable: String
    var line: Int
  }

  static let refusals = [
    Refusal(
      description: "second lag",
      body: """
        var x = 0.0
        var lag = 0.0
        for v in [0.1, 0.5, 0.2] {
          let next = sample Normal(x + lag, 1)
          lag = x
          x = next
          observe v ~ Normal(x, 1)
        }
        return x
        """, variable: "'lag'", line: 4),
    Refusal(
      description: "noise added",
      body: """
        var level = 0.0
        for v in [0.1, 0.5, 0.2] {
          level = level + 0.3 * sample Normal(0, 1)
          observe v ~ Normal(level, 1)
        }
        return level
        """, variable: "'level'", line: 4),
    Refusal(
      description: "mixture with memoised centres",
      body: """
        let center = mem { (k: Int) in sample Normal(0, 10) }
        var tables = [] as [Int]
        for v in [0.1, 0.5, 0.2] {
          let k = sample CRP(tables, 1)
          tables = seat(tables, k)
          observe v ~ Normal(center(k), 1)
        }
        return count(tables)
        """, variable: "'tables'", line: 6),
    Refusal(
      description: "memoised function",
      body: """
        let offset = 0.5
        let center = mem { (k: Int) in sample Normal(0, 10) }
        for v in [0.1, 0.5, 0.2] {
          let k = sample DiscreteUniform(0, 2)
          observe v ~ Normal(center(k) + offset, 1)
        }
        return offset
        """, variable: "memo table", line: 3),
  ]

  @Test(arguments: refusals)
  func statesThatDoNotFollowFromTheirStepAreRefused(refusal: Refusal) throws {
    let source = "model m() {\n\(refusal.body)\n}"
    for method in ["pgas", "pg(backward: true)", "paris", "ppg", "ffbsi"] {
      do {
        _ = try infer(source, method)
        Issue.record("\(method) ran")
      } catch {
        let list = try #require((error as? Diagnostics)?.list)
        let first = try #require(
          list.first { $0.message.contains(refusal.variable) }, "\(list.map(\.message))")
        #expect(first.code == "E0595")
        let file = SourceFile(name: "test.ppl", text: source)
        #expect(file.position(of: Int(first.span.start)).line == refusal.line)
        #expect(first.hints.contains { $0.contains("'pg'") })
      }
    }
    _ = try infer(source, "pg(particles: 5, draws: 5, burnIn: 0, chains: 1)")
  }

  @Test func parisHoldsNoParameters() throws {
    let source = """
      model m() {
        s ~ HalfNormal(1)
        var x = 0.0
        for v in [0.1, 0.5] {
          x ~ Normal(x, s)
          observe v ~ Normal(x, s)
        }
        return x
      }
      """
    #expect(throws: Diagnostics.self) { try infer(source, "paris(particles: 10)") }
  }

  // MARK: Reproducibility

  @Test func theSameSeedGivesTheSameBits() throws {
    for method in [
      "pgas(particles: 10, draws: 5, burnIn: 2)", "ppg(particles: 80, sweeps: 3, burnIn: 1)",
      "paris(particles: 100)",
    ] {
      let first = try infer(Self.linear, method, seed: 3)
      let second = try infer(Self.linear, method, seed: 3, threads: 2)
      #expect(first.variables.map(\.values) == second.variables.map(\.values))
      #expect(first.tallies == second.tallies)
    }
  }
}
