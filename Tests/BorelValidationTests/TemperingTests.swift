import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelInferenceTestSupport
import BorelTestSupport
import BorelValidation
import Foundation
import Testing

/// Samplers from the prior to the posterior by powers of the likelihood. With fixed powers the
/// expected output on a finite program is its exact measure; with powers that are found, evidence and
/// means of models in closed form are right within their errors.
@Suite struct TemperingTests {
  private static let fixed = [
    "tempered(particles: 2, stages: 2, steps: 1, kernel: singleSite(steps: 1))",
    "tempered(particles: 2, stages: 2, steps: 1, kernel: gibbs, resampler: multinomial)",
    "tempered(particles: 2, stages: 1, steps: 2, kernel: independent)",
  ]

  private func difference(
    _ source: String, _ method: String, _ change: (inout InferenceProbe) -> Void = { _ in }
  ) throws -> String? {
    let program = try #require(
      compile(source: SourceFile(name: "tempered.ppl", text: source)).program)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method))
    change(&request.probe)
    let measure = try #require(try Measure.ofAlgorithm(request, limit: 200_000))
    return measure.difference(from: exact.measure)
  }

  /// Two choices, one of which has density zero with some data, and one whose number varies.
  private static let pair = """
    model m() {
      x ~ Bernoulli(0.3)
      observe true ~ Bernoulli(if x { 0.9 } else { 0.2 })
      return x
    }
    """
  private static let varying = """
    model m() {
      x ~ Bernoulli(0.4)
      if x { require sample Bernoulli(0.5) }
      factor (if x { -0.3 } else { -1.5 })
      return x
    }
    """

  @Test(arguments: fixed)
  func fixedPowersHaveTheExactMeasure(method: String) throws {
    #expect(try difference(Self.pair, method) == nil)
    if !method.contains("gibbs") { #expect(try difference(Self.varying, method) == nil) }
  }

  @Test func wrongFactorsBreakTheExactMeasure() throws {
    for method in [Self.fixed[0], Self.fixed[2]] {
      #expect(try difference(Self.pair, method) { $0.acceptance = WithoutLikelihood() } != nil)
      #expect(try difference(Self.pair, method) { $0.acceptance = TwiceTheLikelihood() } != nil)
      #expect(try difference(Self.pair, method) { $0.resampling = UniformAncestors() } != nil)
      #expect(try difference(Self.pair, method) { $0.resampling = ForgetsEvidence() } != nil)
      #expect(try difference(Self.pair, method) { $0.resampling = SumOfWeights() } != nil)
    }
  }

  private func posterior(
    _ source: String, _ method: String, seed: UInt64 = 1, threads: Int = 1
  ) throws -> Posterior {
    let program = try #require(
      compile(source: SourceFile(name: "tempered.ppl", text: source)).program)
    return try infer(
      InferenceRequest(
        program: program, model: 0, arguments: [],
        method: try MethodSpecification(parsing: method), seed: seed, threads: threads))
  }

  /// Two peaks of width 0.1 at -6 and 6 under a normal prior of width 3.
  private static let peaks = """
    model peaks() {
      x ~ Normal(0, 3)
      factor logAddExp(logDensity(Normal(-6, 0.1), x), logDensity(Normal(6, 0.1), x))
      return x > 0
    }
    """
  private static let peaksEvidence =
    log(2.0) - 0.5 * (log(2 * Double.pi * 9.01) + 36 / 9.01)

  /// Powers that are found give a bias of order 1/particles, far below the error of 48 runs.
  @Test(arguments: [
    "tempered(particles: 500)", "tempered(particles: 500, kernel: singleSite, ess: 0.8)",
    "tempered(particles: 500, kernel: ellipticalSlice, steps: 2)",
    "tempered(particles: 200, stages: 16, kernel: randomWalk(scale: 0.3))",
  ])
  func bothPeaksAreFound(method: String) throws {
    let alpha = FalseAlarms.alpha("tempering") / 8
    let runs = try (UInt64(0)..<48).map { try posterior(Self.peaks, method, seed: 100 + $0) }
    let ratios = runs.map { exp(($0.evidence?.logValue ?? 0) - Self.peaksEvidence) }
    #expect(PValue.mean(of: ratios, is: 1) > alpha)
    let shares = try runs.map { run in
      let values = try #require(run.variable("result")).values
      return zip(values, run.normalizedWeights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(PValue.mean(of: shares, is: 0.5) > alpha)
  }

  /// The mutant: a kernel that keeps another target moves the mean of a normal posterior.
  @Test func aKernelForAnotherPowerIsCaught() throws {
    let source = """
      model m() {
        mu ~ Normal(0, 1)
        observe [1.0, 2.0, 3.0] ~ Normal(mu, 1)
        return mu
      }
      """
    func p(_ rule: any AcceptanceRule) throws -> Double {
      let program = try #require(
        compile(source: SourceFile(name: "tempered.ppl", text: source)).program)
      let seeds = [UInt64](0..<48)
      let means = try seeds.map { seed -> Double in
        var request = InferenceRequest(
          program: program, model: 0, arguments: [],
          method: try MethodSpecification(parsing: "tempered(particles: 200)"), seed: seed)
        request.probe.acceptance = rule
        let run = try infer(request)
        let mu = try #require(run.variable("mu"))
        return try #require(run.summary(of: mu).mean)
      }
      return PValue.mean(of: means, is: 1.5)
    }
    #expect(try p(GreenRatio()) > FalseAlarms.alpha("tempering") / 8)
    #expect(try p(TwiceTheLikelihood()) < 1e-8)
  }

  /// Groups have exponents and streams of their own.
  @Test func aGroupDoesNotDependOnTheOthers() throws {
    let method = "tempered(particles: 60, groups: "
    let one = try posterior(Self.peaks, method + "1)")
    let three = try posterior(Self.peaks, method + "3)", threads: 2)
    let values = try #require(three.variable("x")).values
    #expect(Array(values.prefix(60)) == one.variable("x")?.values)
    let eight = try posterior(Self.peaks, method + "8)")
    #expect(try #require(eight.evidence?.standardError) > 0)
  }

  /// Half of the executions die at once; the powers go on from those that live.
  @Test func conditionsAreMet() throws {
    let run = try posterior(
      """
      model m() {
        x ~ Normal(0, 1)
        require x > 2
        return x
      }
      """, "tempered(particles: 2_000, groups: 8)", seed: 2)
    let evidence = try #require(run.evidence)
    let error = try #require(evidence.standardError)
    // log P(x > 2) of a standard normal, and a bound of 5 standard errors with 7 degrees of freedom.
    #expect(abs(evidence.logValue + 3.7831843336820317) < 8 * error)
    #expect(try #require(run.variable("x")).values.allSatisfy { $0 > 2 })
  }

  @Test func impossibleDataAreAnError() throws {
    let found = #expect(throws: Diagnostics.self) {
      try posterior("model m() { x ~ Normal(0, 1); require x > 90; return x }", "tempered")
    }
    #expect(found?.list.first?.code == "E0502")
  }
}
