import BorelBase
import BorelCompiler
import BorelIR
import BorelInference
import BorelInferenceTestSupport
import BorelTestSupport
import BorelValidation
import Foundation
import Testing

/// Markov score climbing: the kernel keeps exact measures, and the fitted law has the moments of the
/// posterior, as the smallest KL(p || q) wants.
@Suite struct ScoreClimbingTests {
  private static let alpha = FalseAlarms.alpha("score climbing") / 16

  // MARK: The kernel

  private func difference(_ rule: any AcceptanceRule, _ method: String) throws -> String? {
    let program = try #require(
      compile(source: SourceFile(name: "climb.ppl", text: KernelMeasureTests.parameter)).program)
    let exact = try ExactSemantics(program, model: 0, arguments: [])
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method))
    request.probe.acceptance = rule
    let measure = try #require(try Measure.ofAlgorithm(request, limit: 400_000))
    return measure.difference(from: exact.measure)
  }

  @Test(arguments: [
    "msc(particles: 1, proposals: 1, steps: 0, draws: 2, chains: 1)",
    "msc(particles: 1, proposals: 2, steps: 0, draws: 1, chains: 1)",
    "msc(particles: 2, proposals: 1, steps: 0, draws: 1, chains: 1, threshold: 0)",
  ])
  func theKernelKeepsTheExactMeasure(method: String) throws {
    #expect(try difference(GreenRatio(), method) == nil)
  }

  @Test func aWrongWeightIsNoticed() throws {
    let method = "msc(particles: 1, proposals: 1, steps: 0, draws: 2, chains: 1)"
    #expect(try difference(WithoutLikelihood(), method) != nil)
  }

  // MARK: The law

  private func fit(
    _ source: String, _ method: String, seed: UInt64, rule: any AcceptanceRule = GreenRatio()
  ) throws -> Posterior {
    let program = try #require(
      compile(source: SourceFile(name: "climb.ppl", text: source)).program)
    var request = InferenceRequest(
      program: program, model: 0, arguments: [], method: try MethodSpecification(parsing: method),
      seed: seed)
    request.probe.acceptance = rule
    return try infer(request)
  }

  private func mean(of name: String, in posterior: Posterior) throws -> Double {
    let variable = try #require(posterior.variable(name))
    return try #require(posterior.summary(of: variable).mean)
  }

  /// A regression line: the posterior of its coefficients is normal.
  private static let line = """
    model line() {
      a ~ Normal(0, 2)
      b ~ Normal(0, 1)
      for (t, y) in [1.1, 2.3, 2.8, 4.4].enumerated() { observe y ~ Normal(a + b * t, 1) }
      return a
    }
    """

  /// Means, variances and covariance of a and b: precision [[1/4 + 4, 6], [6, 1 + 14]].
  private static let exact: (means: [Double], variances: [Double], covariance: Double) = {
    let (p, q, r) = (4.25, 6.0, 15.0)
    let (u, v) = (1.1 + 2.3 + 2.8 + 4.4, 2.3 + 2 * 2.8 + 3 * 4.4)
    let determinant = p * r - q * q
    return (
      [(r * u - q * v) / determinant, (p * v - q * u) / determinant],
      [r / determinant, p / determinant], -q / determinant
    )
  }()

  @Test(arguments: ["fullRank", "meanField"])
  func theLawHasTheMomentsOfANormalPosterior(family: String) throws {
    let laws = try (UInt64(1)...24).map { seed in
      try #require(
        try fit(
          Self.line,
          "msc(particles: 1, proposals: 8, family: \(family), steps: 300, draws: 1, chains: 8)",
          seed: seed
        ).family)
    }
    #expect(laws[0].coordinates.map(\.name) == ["a", "b"])
    #expect(laws[0].coordinates.map(\.scale) == [.identity, .identity])
    for k in 0..<2 {
      let means = laws.map { $0.coordinates[k].mean }
      #expect(PValue.mean(of: means, is: Self.exact.means[k]) > Self.alpha)
      let variances = laws.map { $0.coordinates[k].sd * $0.coordinates[k].sd }
      #expect(PValue.mean(of: variances, is: Self.exact.variances[k]) > Self.alpha)
      let average = variances.reduce(0, +) / 24
      #expect(abs(average / Self.exact.variances[k] - 1) < 0.05)
    }
    let covariances = laws.map {
      $0.correlations[1] * $0.coordinates[0].sd * $0.coordinates[1].sd
    }
    if family == "fullRank" {
      #expect(PValue.mean(of: covariances, is: Self.exact.covariance) > Self.alpha)
    } else {
      #expect(covariances.allSatisfy { $0 == 0 })
    }
  }

  private static let data = [0.5, -0.3, 1.2, 0.8, 1.9, 0.4, -0.6, -1.1, 0.2, 0.9]

  /// A linear Gaussian model whose state has an unknown standard deviation.
  private static let scale = """
    model m() {
      s ~ Gamma(shape: 12, rate: 10)
      var x ~ Normal(0, 1)
      for (t, y) in \(data).enumerated() {
        if t > 0 { x ~ Normal(0.8 * x, s) }
        observe y ~ Normal(x, 0.6)
      }
      return x
    }
    """

  private static func kalman(_ s: Double) -> Double {
    var (mean, variance, total) = (0.0, 1.0, 0.0)
    for (t, y) in data.enumerated() {
      if t > 0 { (mean, variance) = (0.8 * mean, 0.64 * variance + s * s) }
      let spread = variance + 0.36
      total -= 0.5 * (log(spread) + (y - mean) * (y - mean) / spread)
      let gain = variance / spread
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }

  /// Mean of s, and mean and variance of log s, by quadrature over log s.
  private static let quadrature: (mean: Double, logMean: Double, logVariance: Double) = {
    var (mass, first, location, square) = (0.0, 0.0, 0.0, 0.0)
    for k in -6000...3000 {
      let z = 0.001 * Double(k)
      let s = exp(z)
      let weight = exp(12 * z - 10 * s + kalman(s) + 10)
      mass += weight
      first += weight * s
      location += weight * z
      square += weight * z * z
    }
    location /= mass
    return (first / mass, location, square / mass - location * location)
  }()

  private func runs(_ rule: any AcceptanceRule, count: UInt64) throws -> [Posterior] {
    try (UInt64(1)...count).map { seed in
      try fit(
        Self.scale,
        "msc(particles: 20, proposals: 4, steps: 200, draws: 100, chains: 8)", seed: seed,
        rule: rule)
    }
  }

  @Test func theLawOfAScaleIsFittedOnItsLogarithm() throws {
    let fits = try runs(GreenRatio(), count: 16)
    let laws = try fits.map { try #require($0.family?.coordinates.first) }
    #expect(laws[0].name == "s" && laws[0].scale == .log)
    let exact = Self.quadrature
    #expect(PValue.mean(of: laws.map(\.mean), is: exact.logMean) > Self.alpha)
    #expect(PValue.mean(of: laws.map { $0.sd * $0.sd }, is: exact.logVariance) > Self.alpha)
    let means = try fits.map { try mean(of: "s", in: $0) }
    #expect(PValue.mean(of: means, is: exact.mean) > Self.alpha)
  }

  @Test func aWrongWeightGivesAnotherLaw() throws {
    let rules: [any AcceptanceRule] = [WithoutHastings(), WithoutKept(), WithoutLikelihood()]
    for rule in rules {
      let laws = try runs(rule, count: 12).map { try #require($0.family?.coordinates.first) }
      let p = min(
        PValue.mean(of: laws.map(\.mean), is: Self.quadrature.logMean),
        PValue.mean(of: laws.map { $0.sd * $0.sd }, is: Self.quadrature.logVariance))
      #expect(p < Self.alpha, "\(rule)")
    }
  }

  // MARK: Results

  @Test func aModelWithoutParametersIsRefused() throws {
    let found = #expect(throws: Diagnostics.self) {
      try fit(
        """
        model m() {
          var x = 0.0
          for y in [0.1, 0.5] {
            x ~ Normal(x, 1)
            observe y ~ Normal(x, 1)
          }
          return x
        }
        """, "msc", seed: 1)
    }
    #expect(found?.list.first?.code == "E0596")
  }

  @Test func theSameSeedGivesTheSameLaw() throws {
    let method = "msc(particles: 5, proposals: 2, steps: 20, draws: 5, chains: 3)"
    let first = try fit(Self.scale, method, seed: 4)
    #expect(try fit(Self.scale, method, seed: 4).family == first.family)
    #expect(try fit(Self.scale, method, seed: 5).family != first.family)
  }

  /// Discrete parameters are drawn from their prior beside real ones from the law:
  /// P(bias | data) as in `MarginalMetropolisTests`, by closed form.
  @Test func discreteParametersAreDrawnFromTheirPrior() throws {
    let source = """
      model m() {
        bias ~ Bernoulli(0.3)
        mu ~ Normal(if bias { 1.0 } else { 0.0 }, 0.5)
        for y in [0.2, 1.1, 0.7] { observe y ~ Normal(mu, 0.5) }
        return bias
      }
      """
    func logLikelihood(_ mean: Double) -> Double {
      let deviations = [0.2, 1.1, 0.7].map { $0 - mean }
      let sum = deviations.reduce(0, +)
      return -0.5 * (4 * deviations.reduce(0) { $0 + $1 * $1 } - sum * sum)
    }
    let (one, zero) = (0.3 * exp(logLikelihood(1)), 0.7 * exp(logLikelihood(0)))
    let means = try (UInt64(1)...16).map { seed in
      let posterior = try fit(
        source, "msc(particles: 1, proposals: 4, steps: 50, draws: 200, chains: 8)", seed: seed)
      return try mean(of: "bias", in: posterior)
    }
    #expect(PValue.mean(of: means, is: one / (one + zero)) > Self.alpha)
  }
}
