import BorelInference
import BorelInferenceTestSupport
import BorelKernels
import Testing

/// Exactness of Metropolis-Hastings-Green, and the wrong factors that the tests catch. The table of
/// factors is `Tests/Mutants.md`. Programs of fixed structure run on a computation graph; with a
/// choice that comes and goes they run as a whole.
struct GreenRatioTests {
  /// All chains move one instance drawn from the union of what they have.
  private struct UnionOfAddresses: AcceptanceRule {
    func logRatio(_ factors: AcceptanceFactors) -> Double {
      WithoutCounts().logRatio(factors)
    }

    func pick(
      _ present: [UnsafeMutablePointer<Bool>], chainCount: Int,
      draw: (_ below: Int, _ chain: Int) -> Int
    ) -> [Int] {
      let met = present.indices.filter { k in (0..<chainCount).contains { present[k][$0] } }
      if met.isEmpty { return [Int](repeating: -1, count: chainCount) }
      let shared = met[draw(met.count, 0)]
      return (0..<chainCount).map { present[shared][$0] ? shared : -1 }
    }
  }

  private static let geometric = """
    func flips(p: Real) -> Int { if sample Bernoulli(p) { 1 + flips(p) } else { 0 } }
    model m() {
      let n = flips(0.6)
      return n
    }
    """

  /// Chains are independent and the first draws are from the prior, which is the posterior here: a
  /// kernel that leaves it invariant keeps the mean p/(1-p) = 1.5 at every iteration.
  private func geometricMean(_ rule: any AcceptanceRule) throws -> Double {
    let posterior = try chains(
      Self.geometric, "mh(kernel: singleSite(steps: 1), chains: 4000, draws: 1, warmup: 12)",
      seed: 3, rule: rule)
    return try ChainMeans(posterior, "result").z(1.5)
  }

  @Test func aTraceOfVaryingLengthKeepsItsLaw() throws {
    #expect(try geometricMean(GreenRatio()) < ChainMeans.bound)
  }

  @Test func wrongCountsAreCaught() throws {
    #expect(try geometricMean(WithoutCounts()) > ChainMeans.bound)
    #expect(try geometricMean(InverseCounts()) > ChainMeans.bound)
  }

  /// With few chains the union depends on each of them. The law is that of two chains over a long
  /// time, with an error from 40 batches per chain.
  @Test func addressesFromTheUnionOfTheChainsAreCaught() throws {
    func z(_ rule: any AcceptanceRule) throws -> Double {
      let posterior = try chains(
        Self.geometric, "mh(kernel: singleSite(steps: 1), chains: 2, draws: 8_000, warmup: 20)",
        seed: 3, rule: rule)
      return try ChainMeans(posterior, "result", batchesPerChain: 40).z(1.5)
    }
    #expect(try z(GreenRatio()) < ChainMeans.bound)
    #expect(try z(UnionOfAddresses()) > ChainMeans.bound)
  }

  /// Published code has given 0.668 here, and drawing the site from the union of addresses 0.5625.
  @Test func aChoiceThatAppearsDoesNotChangeTheOneThatBringsIt() throws {
    let source = """
      model m() {
        let x = sample Bernoulli(0.5)
        if x { let u = sample Bernoulli(0.5) }
        return x
      }
      """
    for kernel in ["singleSite", "singleSite(steps: 1)", "randomWalk", "gibbs", "independent"] {
      let posterior = try chains(
        source, "mh(kernel: \(kernel), chains: 2000, draws: 1, warmup: 3)", seed: 5)
      #expect(try ChainMeans(posterior, "result").z(0.5) < ChainMeans.bound, "\(kernel)")
    }
  }

  /// Appended to a model, it keeps it from being a graph.
  private static let comesAndGoes = "if sample Bernoulli(0.5) { let u = sample Bernoulli(0.5) }"
  static let structures = ["", comesAndGoes]

  /// The walk is on the scale of log s: without the Jacobian its target is exp(-s)/s.
  @Test(arguments: structures)
  func theJacobianOfAWalkOnTheLogScaleIsThere(structure: String) throws {
    let source = "model m() {\n  s ~ Exponential(rate: 1)\n  \(structure)\n  return s\n}"
    func z(_ rule: any AcceptanceRule) throws -> Double {
      let posterior = try chains(
        source, "mh(kernel: randomWalk, chains: 2000, draws: 1, warmup: 10)", rule: rule)
      return try ChainMeans(posterior, "s").z(1)
    }
    #expect(try z(GreenRatio()) < ChainMeans.bound)
    #expect(try z(WithoutHastings()) > ChainMeans.bound)
  }

  /// Interval, simplex, circle, lower bound, integers: each walk keeps the prior.
  private static let priors: [(String, Double)] = [
    ("x ~ Beta(2, 1)", 2.0 / 3), ("x ~ Uniform(1, 4)", 2.5), ("x ~ Gamma(shape: 3, rate: 2)", 1.5),
    ("p ~ Dirichlet([1.0, 2.0, 3.0])\n  let x = p[2]", 0.5), ("x ~ Poisson(3)", 3),
    ("x ~ Binomial(5, 0.3)", 1.5), ("x ~ DiscreteUniform(2, 6)", 4),
    ("v ~ VonMises(0, 2)\n  let x = cos(v)", 0.6977746579640081),
    ("x ~ Pareto(shape: 4, scale: 1)", 4.0 / 3),
  ]

  @Test(arguments: priors)
  func walksKeepThePrior(draw: String, mean: Double) throws {
    let posterior = try chains(
      "model m() {\n  \(draw)\n  return {x: x}\n}",
      "mh(kernel: randomWalk, chains: 2000, draws: 1, warmup: 8)", seed: 11)
    #expect(try ChainMeans(posterior, "x").z(mean) < ChainMeans.bound)
  }

  /// Normal conditioning: E[x] = 2 * 2/3, E[m] = 2/3. The mutants forget the density of the choice
  /// below the moved one, or the likelihood.
  @Test(
    arguments: [
      "singleSite", "randomWalk", "cycle(ellipticalSlice, randomWalk)", "independent",
    ], structures)
  func densitiesOfKeptChoicesCount(kernel: String, structure: String) throws {
    let source = """
      model m() {
        m ~ Normal(0, 1)
        x ~ Normal(m, 1)
        \(structure)
        observe 2.0 ~ Normal(x, 1)
        return x
      }
      """
    func z(_ rule: any AcceptanceRule, _ name: String, _ truth: Double) throws -> Double {
      let posterior = try chains(
        source, "mh(kernel: \(kernel), chains: 1000, draws: 10, warmup: 40)", seed: 2,
        rule: rule)
      return try ChainMeans(posterior, name).z(truth)
    }
    #expect(try z(GreenRatio(), "m", 2.0 / 3) < ChainMeans.bound)
    #expect(try z(GreenRatio(), "x", 4.0 / 3) < ChainMeans.bound)
    #expect(try z(WithoutLikelihood(), "x", 4.0 / 3) > ChainMeans.bound)
    if kernel == "singleSite" {
      #expect(try z(WithoutKept(), "m", 2.0 / 3) > ChainMeans.bound)
    }
  }
  /// A finite choice drawn from its distribution given all others: P(k = 1) = 0.3 0.9 / 0.41.
  @Test(arguments: structures)
  func theDistributionGivenAllOthersHasAllTerms(structure: String) throws {
    let source = """
      model m() {
        k ~ Bernoulli(0.3)
        x ~ Bernoulli(if k { 0.8 } else { 0.3 })
        \(structure)
        observe true ~ Bernoulli(if k { 0.9 } else { 0.2 })
        return {k: k}
      }
      """
    func z(_ rule: any AcceptanceRule) throws -> Double {
      let posterior = try chains(
        source, "mh(kernel: gibbs, chains: 2000, draws: 1, warmup: 8)", seed: 3, rule: rule)
      return try ChainMeans(posterior, "k").z(0.27 / 0.41)
    }
    #expect(try z(GreenRatio()) < ChainMeans.bound)
    #expect(try z(WithoutLikelihood()) > ChainMeans.bound)
    #expect(try z(WithoutKept()) > ChainMeans.bound)
  }
}
