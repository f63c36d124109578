import BorelBase
import BorelCompiler
import BorelInference
import BorelInferenceTestSupport
import BorelKernels
import Testing

/// Elliptical slices, drifts, blocks and independent proposals find known posteriors, and wrong
/// factors do not (`Tests/Mutants.md`). Bounds are those of `ChainMeans`: 1e-6 each.
struct KernelMutantTests {
  // MARK: Elliptical slice

  /// Normal, with precision 1 + 1/0.09. The likelihood is narrow, so that brackets have to shrink.
  private static let normal = """
    model m() {
      x ~ Normal(3, 1)
      observe 0.5 ~ Normal(x, 0.3)
      return x
    }
    """
  private static let variance = 1 / (1 + 1 / 0.09)
  private static let mean = (3 + 0.5 / 0.09) * variance

  private func slice(_ rule: any SliceRule) throws -> (mean: Double, square: Double) {
    var request = InferenceRequest(
      program: try compiled(Self.normal), model: 0, arguments: [],
      method: try MethodSpecification(
        parsing: "mh(kernel: ellipticalSlice, chains: 800, draws: 1, warmup: 20)"))
    request.probe.slice = rule
    let posterior = try infer(request)
    return (
      try ChainMeans(posterior, "x").z(Self.mean),
      try ChainMeans(posterior, "x", of: { ($0 - Self.mean) * ($0 - Self.mean) })
        .z(Self.variance)
    )
  }

  @Test func ellipticalSlicesHaveTheirFactors() throws {
    let right = try slice(StandardSlice())
    #expect(right.mean < ChainMeans.bound && right.square < ChainMeans.bound)
    #expect(try slice(CentreAtZero()).mean > ChainMeans.bound)
    #expect(try slice(HighestLevel()).square > ChainMeans.bound)
    let wrong = try slice(WrongSide())
    #expect(max(wrong.mean, wrong.square) > ChainMeans.bound)
  }

  // MARK: Drift

  private static let structures = GreenRatioTests.structures

  /// A symmetric walk on the scale of the value: what decides are the densities of the moved
  /// choice, and steps below 0 are rejected.
  @Test(arguments: structures)
  func aDriftIsAcceptedByTheDensityOfItsChoice(structure: String) throws {
    let source = """
      model m() {
        x ~ Exponential(rate: 1) with Drift(0.8)
        \(structure)
        return x
      }
      """
    func z(_ rule: any AcceptanceRule) throws -> Double {
      let posterior = try chains(
        source, "mh(kernel: singleSite, chains: 2000, draws: 1, warmup: 15)", seed: 4, rule: rule)
      return try ChainMeans(posterior, "x").z(1)
    }
    #expect(try z(GreenRatio()) < ChainMeans.bound)
    #expect(try z(WithoutKept()) > ChainMeans.bound)
  }

  // MARK: Proposals from the prior

  /// m and x given y = 2: means 2/3 and 4/3. Where the density of a proposal is left out, that of
  /// the prior counts although the proposal was drawn from it: as if it stood there twice.
  private func proposals(
    _ kernel: String, _ name: String, _ truth: Double, _ rule: any AcceptanceRule = GreenRatio(),
    factor: String = ""
  ) throws -> Double {
    let posterior = try chains(
      """
      model m() {
        m ~ Normal(0, 1)
        x ~ Normal(m, 1)
        \(factor)
        observe 2.0 ~ Normal(x, 1)
        return x
      }
      """, "mh(kernel: \(kernel), chains: 1000, draws: 10, warmup: 60)", seed: 6, rule: rule)
    return try ChainMeans(posterior, name).z(truth)
  }

  @Test func blocksAreAcceptedByAllThatDependsOnThem() throws {
    let kernel = "cycle(block(site: m), block(site: x))"
    #expect(try proposals(kernel, "m", 2.0 / 3) < ChainMeans.bound)
    #expect(try proposals(kernel, "x", 4.0 / 3) < ChainMeans.bound)
    #expect(try proposals(kernel, "m", 2.0 / 3, WithoutKept()) > ChainMeans.bound)
    #expect(try proposals(kernel, "x", 4.0 / 3, WithoutLikelihood()) > ChainMeans.bound)
    let twice = "factor logDensity(Normal(m, 1), x)"
    #expect(try proposals(kernel, "x", 4.0 / 3, factor: twice) > ChainMeans.bound)
  }

  @Test func independentProposalsAreAcceptedByTheLikelihood() throws {
    #expect(try proposals("independent", "x", 4.0 / 3) < ChainMeans.bound)
    #expect(try proposals("independent", "x", 4.0 / 3, WithoutLikelihood()) > ChainMeans.bound)
    let twice = "factor logDensity(Normal(0, 1), m) + logDensity(Normal(m, 1), x)"
    #expect(try proposals("independent", "x", 4.0 / 3, factor: twice) > ChainMeans.bound)
  }
}

// MARK: The mutants

/// The mean of the prior is forgotten.
private struct CentreAtZero: SliceRule {
  func centre(mean: Double) -> Double { 0 }
}

/// The level is the present density.
private struct HighestLevel: SliceRule {
  func logLevel(uniform: Double) -> Double { 0 }
}

/// The bracket loses the present state.
private struct WrongSide: SliceRule {
  func bracket(
    lower: Double, upper: Double, rejected: Double
  ) -> (lower: Double, upper: Double) {
    rejected < 0 ? (lower, rejected) : (rejected, upper)
  }
}
