import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelInferenceTestSupport
import BorelValidation
import Foundation
import Testing

/// Markov kernels keep the exact measure of finite programs: every choice of program, chain and
/// sweep is enumerated.
@Suite struct KernelMeasureTests {
  static let kernels = [
    "mh(kernel: singleSite, chains: 1, draws: 1, warmup: 0)",
    "mh(kernel: singleSite(steps: 1), chains: 1, draws: 1, warmup: 0)",
    "mh(kernel: gibbs, chains: 1, draws: 1, warmup: 0)",
    "mh(kernel: independent, chains: 1, draws: 1, warmup: 0)",
    "mh(kernel: mixture(singleSite(steps: 1), independent), chains: 1, draws: 1, warmup: 0)",
    "pg(particles: 2, draws: 1, burnIn: 1, chains: 1, resampler: multinomial, threshold: 1)",
    "pg(particles: 2, draws: 1, burnIn: 1, chains: 1, resampler: systematic, threshold: 0.9)",
    "pg(particles: 2, draws: 1, burnIn: 1, chains: 1, resampler: stratified, threshold: 1)",
  ]

  @Test(arguments: kernels)
  func kernelsKeepTheExactMeasure(method: String) throws {
    var compared = 0
    for seed in 1...16 {
      let found = FiniteProgram.random(seed: UInt64(seed), limit: 16)
      if found.exact.hasDeadPaths { continue }
      let measure = try Measure.ofAlgorithm(found.request(method), limit: 30_000)
      guard let measure else { continue }
      compared += 1
      if let difference = measure.difference(from: found.exact.measure) {
        Issue.record("\(difference)\n\(found.source.text)")
      }
    }
    #expect(compared >= 4, "\(compared) programs")
  }

  /// The length of the trace varies: x = flip; if x, one more choice.
  static let varying = """
    model m() {
      let x = sample Bernoulli(0.5)
      if x { let u = sample DiscreteUniform(0, 2) }
      return x
    }
    """

  /// One static choice with one or two instances.
  static let instances = """
    func flips(k: Int) -> Int {
      if k < 1 { return 0 }
      return if sample Bernoulli(0.6) { 1 + flips(k - 1) } else { 0 }
    }
    model m() {
      let n = flips(2)
      observe true ~ Bernoulli(if n > 0 { 0.9 } else { 0.3 })
      return n
    }
    """

  /// The density of a kept choice depends on the choice that moves.
  static let kept = """
    model m() {
      x ~ Bernoulli(0.5)
      y ~ Bernoulli(if x { 0.9 } else { 0.2 })
      observe true ~ Bernoulli(if y { 0.8 } else { 0.4 })
      return (x, y)
    }
    """

  private func difference(
    _ source: String, _ rule: any AcceptanceRule, _ method: String = Self.kernels[0],
    limit: Int = 50_000
  ) throws -> String? {
    let program = try #require(
      compile(source: SourceFile(name: "kernel.ppl", text: source)).program)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method))
    request.probe.acceptance = rule
    let measure = try #require(try Measure.ofAlgorithm(request, limit: limit))
    return measure.difference(from: exact.measure)
  }

  @Test(arguments: [varying, instances, kept])
  func theRightRatioIsExact(source: String) throws {
    for method in Self.kernels.prefix(5) {
      #expect(try difference(source, GreenRatio(), method) == nil, "\(method)")
    }
  }

  @Test func wrongRatiosBreakTheExactMeasure() throws {
    #expect(try difference(Self.instances, WithoutCounts()) != nil)
    #expect(try difference(Self.instances, InverseCounts()) != nil)
    #expect(try difference(Self.kept, WithoutKept()) != nil)
    #expect(try difference(Self.kept, WithoutLikelihood()) != nil)
    #expect(try difference(Self.kept, AcceptsAll()) != nil)
  }

  // MARK: Resample-move

  /// Resampled at every step, so that whether there are moves does not depend on the population.
  static let rejuvenating = [
    "smc(particles: 2, threshold: 1, checkpoints: all, rejuvenate: singleSite(steps: 1))",
    "smc(particles: 2, threshold: 1, checkpoints: all, rejuvenate: gibbs(steps: 1))",
    "smc(particles: 2, threshold: 1, checkpoints: all, rejuvenate: independent)",
  ]

  static let twoData = """
    model m() {
      x ~ Bernoulli(0.4)
      observe true ~ Bernoulli(if x { 0.9 } else { 0.3 })
      observe 0.5 ~ Normal(if x { 1.0 } else { -1.0 }, 1)
      return x
    }
    """

  @Test(arguments: rejuvenating)
  func movesAfterAResamplingKeepTheMeasure(method: String) throws {
    #expect(try difference(Self.twoData, GreenRatio(), method, limit: 400_000) == nil)
  }

  @Test(arguments: rejuvenating)
  func aKernelForAnotherTargetIsNoticed(method: String) throws {
    #expect(try difference(Self.twoData, WithoutLikelihood(), method, limit: 400_000) != nil)
    #expect(try difference(Self.twoData, TwiceTheLikelihood(), method, limit: 400_000) != nil)
  }

  // MARK: Particle marginal Metropolis-Hastings

  /// A parameter, and a state that depends on it.
  static let parameter = """
    model m() {
      k ~ Bernoulli(0.4)
      observe true ~ Bernoulli(if k { 0.7 } else { 0.4 })
      s ~ Bernoulli(if k { 0.8 } else { 0.3 })
      observe true ~ Bernoulli(if s { 0.9 } else { 0.2 })
      return (k, s)
    }
    """

  static let marginal = [
    "pmmh(particles: 1, draws: 2, burnIn: 0, chains: 1)",
    "pmmh(particles: 2, draws: 1, burnIn: 0, chains: 1, threshold: 0)",
  ]

  @Test(arguments: marginal)
  func marginalMetropolisIsExact(method: String) throws {
    #expect(try difference(Self.parameter, GreenRatio(), method, limit: 200_000) == nil)
  }

  @Test func aWrongMarginalRatioIsNoticed() throws {
    #expect(try difference(Self.parameter, WithoutLikelihood(), Self.marginal[0]) != nil)
  }
}

private struct AcceptsAll: AcceptanceRule {
  func logRatio(_ factors: AcceptanceFactors) -> Double { 0 }
}
