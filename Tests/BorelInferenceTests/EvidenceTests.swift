import BorelBase
import BorelInference
import Foundation
import Testing

/// Evidence estimates against exact values. Tests with random numbers have fixed seeds and bounds
/// of 5 standard errors: a false-alarm probability below 1e-6 each, if seeds were drawn.
struct EvidenceTests {
  /// A local level model with two states per step, so that it can be enumerated.
  private static let chain = """
    model chain() {
      var s ~ Bernoulli(0.3)
      for (t, y) in [0.2, 1.1, 0.7, -0.4, 1.3].enumerated() {
        if t > 0 { s ~ Bernoulli(if s { 0.8 } else { 0.25 }) }
        observe y ~ Normal(if s { 1.0 } else { 0.0 }, 0.6)
      }
      return s
    }
    """

  /// Source: forward algorithm over the two states, in double precision.
  private static func exactEvidence() -> Double {
    let data = [0.2, 1.1, 0.7, -0.4, 1.3]
    func density(_ y: Double, _ mean: Double) -> Double {
      exp(-0.5 * pow((y - mean) / 0.6, 2)) / (0.6 * (2 * Double.pi).squareRoot())
    }
    var p = [0.7, 0.3]
    var total = 0.0
    for (t, y) in data.enumerated() {
      if t > 0 { p = [p[0] * 0.75 + p[1] * 0.2, p[0] * 0.25 + p[1] * 0.8] }
      p = [p[0] * density(y, 0), p[1] * density(y, 1)]
      let sum = p[0] + p[1]
      total += log(sum)
      p = [p[0] / sum, p[1] / sum]
    }
    return total
  }

  @Test func enumerationIsTheForwardAlgorithm() throws {
    let posterior = try infer(Self.chain, "enumerate")
    let evidence = try #require(posterior.evidence)
    #expect(abs(evidence.logValue - Self.exactEvidence()) < 1e-12)
    #expect(posterior.isExact)
  }

  @Test(arguments: ["systematic", "stratified", "multinomial", "residual"], [0.0, 0.5, 1.0])
  func everyResamplerIsUnbiasedAtEveryThreshold(resampler: String, threshold: Double) throws {
    let posterior = try infer(
      Self.chain,
      "smc(particles: 20, groups: 3_000, resampler: \(resampler), threshold: \(threshold))")
    let evidence = try #require(posterior.evidence)
    let error = try #require(evidence.standardError)
    #expect(abs(exp(evidence.logValue - Self.exactEvidence()) - 1) < 5 * error)
    #expect(error < 0.02)
  }

  @Test func importanceSamplingAgreesWithinItsError() throws {
    let posterior = try infer(Self.chain, "importance(particles: 40_000)")
    let evidence = try #require(posterior.evidence)
    let error = try #require(evidence.standardError)
    #expect(abs(evidence.logValue - Self.exactEvidence()) < 5 * error)
  }

  /// A lane that has returned keeps its weight and takes part in the evidence.
  @Test(arguments: [
    "smc(particles: 50, groups: 400)", "importance(particles: 20_000)", "enumerate",
  ])
  func lanesThatFinishEarlyCount(method: String) throws {
    let source = """
      model early() {
        if sample Bernoulli(0.5) { factor -10.0 }
        return 0
      }
      """
    let posterior = try infer(source, method)
    let exact = log((1 + exp(-10.0)) / 2)
    let evidence = try #require(posterior.evidence)
    let error = evidence.standardError ?? 0
    #expect(abs(evidence.logValue - exact) < max(5 * error, 1e-12))
  }

  @Test func aChoiceInABranchKeepsTheProbabilityOfTheBranch() throws {
    let source = """
      model branch() {
        let x = sample Bernoulli(0.5)
        if x { let u = sample Uniform(0, 1) }
        return x
      }
      """
    let posterior = try infer(source, "importance(particles: 40_000)")
    let result = try #require(posterior.variable("result"))
    let mean = try #require(posterior.summary(of: result).mean)
    #expect(abs(mean - 0.5) < 5 * 0.5 / 200)
  }

  @Test func systematicResamplingHasNoErrorFromOneRunAndSaysWhy() throws {
    let posterior = try infer(Self.chain, "smc(particles: 200)")
    let evidence = try #require(posterior.evidence)
    #expect(evidence.standardError == nil)
    #expect(evidence.reason?.contains("systematic") == true)
  }

  /// Coverage of the 95 % interval of the Lee-Whiteley estimate: a binomial count of 1,000 runs,
  /// with a false-alarm probability of 1e-6 if seeds were drawn. The number of particles is large
  /// enough that the interval's own error, of order 1 / particles, does not show.
  @Test func theErrorOfMultinomialRunsCovers() throws {
    let runs = 1_000
    let exact = Self.exactEvidence()
    let program = try compiled(Self.chain)
    var covered = 0
    for seed in 1...runs {
      let posterior = try infer(
        program, "smc(particles: 400, resampler: multinomial, threshold: 0.8)",
        seed: UInt64(seed))
      let evidence = try #require(posterior.evidence)
      let error = try #require(evidence.standardError)
      if abs(evidence.logValue - exact) < 1.959964 * error { covered += 1 }
    }
    let band = binomialBand(trials: runs, probability: 0.95, falseAlarm: 1e-6)
    #expect(band.contains(covered), "\(covered) of \(runs) intervals, expected \(band)")
  }
}
