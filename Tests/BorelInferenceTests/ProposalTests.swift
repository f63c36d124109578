import BorelBase
import BorelInference
import Foundation
import Testing

/// Infers the only model of a text.
private func inferText(
  _ text: String, _ arguments: [String: Value], _ method: String
) throws -> Posterior {
  let program = try compiled(text)
  return try infer(
    InferenceRequest(
      program: program, model: 0,
      arguments: program.models[0].parameters.map { arguments[$0.name] },
      method: try MethodSpecification(parsing: method), seed: 1))
}

/// `x ~ P with Q`: the same measure as `x ~ P`, drawn from Q.
@Suite struct ProposalTests {
  /// x is N(1, 1/2) given the datum; evidence N(2; 0, 2).
  private static let guided = """
    model m(y: Real) {
      x ~ Normal(0, 1) with Normal(0.8, 0.9)
      observe y ~ Normal(x, 1)
      return x
    }
    """

  private static let logEvidence = -0.5 * log(4 * Double.pi) - 1

  private func z(_ text: String, method: String) throws -> (mean: Double, evidence: Double) {
    let fit = try inferText(text, ["y": .real(2)], method)
    let summary = try #require(fit.summaries(of: fit.variables).first { $0.name == "x" })
    let evidence = try #require(fit.evidence)
    return (
      ((summary.mean ?? .nan) - 1) / (summary.mcse ?? .nan),
      (evidence.logValue - Self.logEvidence) / (evidence.standardError ?? .nan)
    )
  }

  /// False alarm: 4e-7. Without one of the densities, or both, the
  /// evidence or the mean is another one.
  @Test func weighsByTheRatioOfTheDensities() throws {
    let method = "importance(particles: 40_000)"
    let right = try z(Self.guided, method: method)
    #expect(abs(right.mean) < 5.2 && abs(right.evidence) < 5.2)
    let prior = "factor logDensity(Normal(0, 1), x)"
    let proposal = "factor -logDensity(Normal(0.8, 0.9), x)"
    for factors in [prior, proposal, ""] {
      let mutant = Self.guided.replacingOccurrences(
        of: "x ~ Normal(0, 1) with Normal(0.8, 0.9)",
        with: "x ~ Normal(0.8, 0.9)\n  \(factors)")
      let wrong = try z(mutant, method: method)
      #expect(abs(wrong.mean) > 6 || abs(wrong.evidence) > 6, "\(factors)")
    }
  }

  @Test func exactMethodsSeeThePrior() throws {
    let text = """
      model m(y: Real) {
        a ~ Bernoulli(0.3) with Bernoulli(0.9)
        n ~ Categorical([0.2, 0.5, 0.3]) with DiscreteUniform(0, 2)
        observe y ~ Normal(n, if a { 1 } else { 2 })
      }
      """
    let plain = text.replacingOccurrences(of: " with Bernoulli(0.9)", with: "")
      .replacingOccurrences(of: " with DiscreteUniform(0, 2)", with: "")
    let fits = try [text, plain].map { try inferText($0, ["y": .real(1.3)], "enumerate") }
    let evidences = fits.map { $0.evidence?.logValue ?? .nan }
    #expect(abs(evidences[0] - evidences[1]) < 1e-12)
    for name in ["a", "n"] {
      let means = fits.map { fit in
        fit.summaries(of: fit.variables).first { $0.name == name }?.mean ?? .nan
      }
      #expect(abs(means[0] - means[1]) < 1e-12)
    }
  }

  /// False alarm: 1e-6. Chains propose from Q and accept by both densities.
  @Test(arguments: ["mh(kernel: singleSite, chains: 16)", "mh(kernel: randomWalk, chains: 16)"])
  func chainsHaveTheSamePosterior(method: String) throws {
    let fit = try inferText(Self.guided, ["y": .real(2)], method)
    let summary = try #require(fit.summaries(of: fit.variables).first { $0.name == "x" })
    #expect(abs((summary.mean ?? .nan) - 1) < 5.5 * (summary.mcse ?? .nan))
    #expect(abs((summary.sd ?? .nan) / 0.5.squareRoot() - 1) < 0.1)
  }

  /// A proposal that looks at the datum makes the weights of a particle filter nearly even.
  @Test func filtersCanBeGuided() throws {
    let text = """
      model walk(y: [Real]) {
        var x ~ Normal(0, 1)
        for v in y {
          x ~ Normal(x, 1) with Normal((x + 100 * v) / 101, 0.0995)
          observe v ~ Normal(x, 0.1)
        }
        return x
      }
      """
    let plain = text.replacingOccurrences(
      of: " with Normal((x + 100 * v) / 101, 0.0995)", with: "")
    let data = Value.array((0..<30).map { .real(3 * sin(Double($0))) })
    let fits = try [text, plain].map {
      try inferText($0, ["y": data], "smc(particles: 500, groups: 16)")
    }
    let errors = fits.map { $0.evidence?.standardError ?? .nan }
    #expect(errors[0] < errors[1] / 2)
    let difference = (fits[0].evidence?.logValue ?? .nan) - (fits[1].evidence?.logValue ?? .nan)
    #expect(abs(difference) < 6 * (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot())
  }

  /// Forward simulation draws from the prior, also where the proposal looks at the data. False
  /// alarm: 1e-7.
  @Test func simulationsDrawFromThePrior() throws {
    let text = """
      model m(y: [Real]) {
        x ~ Normal(3, 1) with Normal(y[0], 1)
        observe y[0] ~ Normal(x, 1)
      }
      """
    let fit = try inferText(text, ["y": .array([.real(50)])], "prior(draws: 10_000)")
    let x = try #require(fit.variables.first { $0.name == "x" })
    #expect(abs(x.values.reduce(0, +) / 10_000 - 3) < 0.054)
  }
}
