import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelInferenceTestSupport
import BorelTestSupport
import BorelValidation
import Foundation
import Testing

/// SMC squared: exact on finite programs, unbiased against a Kalman filter with the parameter
/// integrated out by quadrature.
@Suite struct SMCSquaredTests {
  private func program(_ source: String) throws -> Program {
    try #require(compile(source: SourceFile(name: "squared.ppl", text: source)).program)
  }

  private func difference(
    _ source: String, _ method: String, _ change: (inout InferenceProbe) -> Void = { _ in }
  ) throws -> String? {
    let program = try program(source)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method))
    change(&request.probe)
    let measure = try #require(try Measure.ofAlgorithm(request, limit: 100_000))
    return measure.difference(from: exact.measure)
  }

  /// The first observation has no state, so that few ways are left for moves.
  private static let late = """
    model late() {
      p ~ Bernoulli(0.4)
      observe true ~ Bernoulli(if p { 0.7 } else { 0.4 })
      x ~ Bernoulli(if p { 0.8 } else { 0.3 })
      observe true ~ Bernoulli(if x { 0.9 } else { 0.2 })
      return (p, x)
    }
    """

  /// The evidence of a filter varies from the first step.
  private static let early = """
    model early() {
      p ~ Bernoulli(0.4)
      x ~ Bernoulli(if p { 0.8 } else { 0.3 })
      observe true ~ Bernoulli(if x { 0.9 } else { 0.2 })
      y ~ Bernoulli(if p { 0.6 } else { 0.1 })
      observe true ~ Bernoulli(if y { 0.7 } else { 0.5 })
      return (p, x, y)
    }
    """

  /// No state at all: the filters are exact.
  private static let stateless = """
    model stateless() {
      p ~ Bernoulli(0.4)
      observe true ~ Bernoulli(if p { 0.7 } else { 0.4 })
      observe true ~ Bernoulli(if p { 0.2 } else { 0.9 })
      return p
    }
    """

  @Test(arguments: [
    (late, "smc2(particles: 1, inner: 2, steps: 1, threshold: 1, exchange: 0)"),
    (stateless, "smc2(particles: 2, inner: 1, steps: 1, threshold: 1, exchange: 0)"),
    (early, "smc2(particles: 2, inner: 1, steps: 0, threshold: 0.95, exchange: 0)"),
    (early, "smc2(particles: 2, inner: 2, steps: 0, threshold: 1, exchange: 0)"),
    (early, "smc2(particles: 1, inner: 1, steps: 0, threshold: 1, exchange: 1)"),
    (early, "smc2(particles: 1, inner: 2, steps: 0, innerThreshold: 1, exchange: 0)"),
  ])
  func theExpectedOutputIsTheExactMeasure(source: String, method: String) throws {
    #expect(try difference(source, method) == nil)
  }

  /// Filters that are exchanged without a correction keep the weights of others.
  private struct Uncorrected: ExchangeRule {
    func logCorrection(new: Double, old: Double) -> Double { 0 }
  }
  private struct Inverse: ExchangeRule {
    func logCorrection(new: Double, old: Double) -> Double { old - new }
  }

  @Test func wrongFactorsBreakTheExactMeasure() throws {
    let exchanging = "smc2(particles: 1, inner: 1, steps: 0, threshold: 1, exchange: 1)"
    #expect(try difference(Self.early, exchanging) { $0.exchange = Uncorrected() } != nil)
    #expect(try difference(Self.early, exchanging) { $0.exchange = Inverse() } != nil)
    let moving = "smc2(particles: 1, inner: 2, steps: 1, threshold: 1, exchange: 0)"
    #expect(try difference(Self.late, moving) { $0.acceptance = WithoutLikelihood() } != nil)
    #expect(try difference(Self.late, moving) { $0.acceptance = TwiceTheLikelihood() } != nil)
  }

  // MARK: A linear Gaussian chain with an unknown standard deviation

  private static let data = [0.4, -0.2, 1.3, 1.9, 0.8, 2.4]
  private static let chain = """
    model chain() {
      sd ~ Gamma(shape: 2, rate: 2)
      var x ~ Normal(0, 1)
      for (t, y) in [0.4, -0.2, 1.3, 1.9, 0.8, 2.4].enumerated() {
        if t > 0 { x ~ Normal(0.8 * x, sd) }
        observe y ~ Normal(x, 0.5)
      }
      return x
    }
    """

  /// Evidence given the standard deviation, by a Kalman filter.
  private static func likelihood(_ sd: Double) -> Double {
    var (mean, variance, result) = (0.0, 1.0, 1.0)
    for (t, y) in data.enumerated() {
      if t > 0 { (mean, variance) = (0.8 * mean, 0.64 * variance + sd * sd) }
      let spread = variance + 0.25
      result *= exp(-(y - mean) * (y - mean) / (2 * spread)) / (2 * .pi * spread).squareRoot()
      let gain = variance / spread
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return result
  }

  /// Evidence and posterior mean of the standard deviation: Simpson's rule on (0, 20).
  private static let truth: (evidence: Double, mean: Double) = {
    let count = 20_000
    let width = 20.0 / Double(count)
    var (evidence, mean) = (0.0, 0.0)
    for k in 0...count {
      let sd = Double(k) * width
      let weight = k == 0 || k == count ? 1.0 : k % 2 == 1 ? 4.0 : 2.0
      let mass = weight * width / 3 * 4 * sd * exp(-2 * sd) * likelihood(sd)
      evidence += mass
      mean += mass * sd
    }
    return (evidence, mean / evidence)
  }()

  private func columns(
    _ method: String, count: Int, rule: any AcceptanceRule = GreenRatio()
  ) throws -> (ratios: [Double], errors: [Double]) {
    let program = try program(Self.chain)
    var (ratios, errors): ([Double], [Double]) = ([], [])
    for seed in 0..<count {
      var request = InferenceRequest(
        program: program, model: 0, arguments: [],
        method: try MethodSpecification(parsing: method), seed: UInt64(seed) + 500)
      request.probe.acceptance = rule
      let run = try infer(request)
      let ratio = exp(try #require(run.evidence).logValue) / Self.truth.evidence
      let sd = try #require(run.variable("sd"))
      let mean = zip(sd.values, run.normalizedWeights).reduce(0) { $0 + $1.0 * $1.1 }
      ratios.append(ratio)
      errors.append(ratio * (mean - Self.truth.mean))
    }
    return (ratios, errors)
  }

  /// With steps of fixed size evidence and evidence times error are unbiased for any number of
  /// particles; with exchanges at every resampling too.
  @Test(arguments: [
    "smc2(particles: 20, inner: 10, steps: 2, scale: 0.6, threshold: 1, exchange: 0)",
    "smc2(particles: 20, inner: 5, steps: 2, scale: 0.6, threshold: 1, exchange: 1)",
  ])
  func evidenceIsUnbiased(method: String) throws {
    let (ratios, errors) = try columns(method, count: 200)
    let alpha = FalseAlarms.alpha("SMC squared") / 8
    #expect(PValue.mean(of: ratios, is: 1) > alpha)
    #expect(PValue.mean(of: errors, is: 0) > alpha)
  }

  /// The mutant forgets the Jacobian of the scale of the moves; steps learnt from the population.
  @Test func aMissingJacobianIsCaught() throws {
    let method = "smc2(particles: 100, inner: 30, steps: 6, threshold: 1)"
    let right = try columns(method, count: 40)
    #expect(PValue.mean(of: right.errors, is: 0) > FalseAlarms.alpha("SMC squared") / 8)
    let wrong = try columns(method, count: 40, rule: WithoutHastings())
    #expect(PValue.mean(of: wrong.errors, is: 0) < 1e-6)
  }

  /// Populations have streams of their own, whatever the others do.
  @Test func aPopulationDoesNotDependOnTheOthers() throws {
    func values(_ groups: Int, threads: Int) throws -> [Double] {
      let run = try infer(
        InferenceRequest(
          program: program(Self.chain), model: 0, arguments: [],
          method: try MethodSpecification(
            parsing: "smc2(particles: 8, inner: 6, groups: \(groups), exchange: 0.5)"),
          seed: 3, threads: threads))
      let perGroup = run.drawCount / groups
      return Array(try #require(run.variable("x[5]")).values.prefix(perGroup))
    }
    let alone = try values(1, threads: 1)
    #expect(alone.count >= 48)
    #expect(try values(3, threads: 2) == alone)
  }

  @Test func aProgramWithoutParametersIsRefused() throws {
    let found = #expect(throws: Diagnostics.self) {
      try infer(
        InferenceRequest(
          program: program(
            "model m() { observe 1.0 ~ Normal(0, 1); observe 2.0 ~ Normal(0, 1); return 1 }"),
          model: 0, arguments: [], method: try MethodSpecification(parsing: "smc2")))
    }
    #expect(found?.list.first?.code == "E0596")
  }
}
