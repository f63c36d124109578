import BorelBase
import BorelInference
import Foundation
import Testing

/// Pareto-smoothed importance sampling and leave-one-out, against ArviZ 0.23.4; the script is
/// `Reference/pareto_smoothing.py`.
struct LeaveOneOutTests {
  private static func uniforms(_ count: Int, state: UInt64) -> [Double] {
    var state = state
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / Double(1 << 53)
    }
  }

  private struct Case: Sendable {
    let shape: Double
    let count: Int
    let efficiency: Double
    let fitted: Double
    let largest: Double
    let squares: Double
  }

  private static let cases = [
    Case(
      shape: 0.2, count: 40, efficiency: 1, fitted: 0.3790293062573109,
      largest: -3.0688986912009892, squares: 0.026180791144616126),
    Case(
      shape: 0.2, count: 1_000, efficiency: 0.4, fitted: 0.17793816869254553,
      largest: -5.8494637972198715, squares: 0.001050627897079945),
    Case(
      shape: 0.5, count: 1_000, efficiency: 1, fitted: 0.4290866133309746,
      largest: -4.3557530433996625, squares: 0.0016637440134380016),
    Case(
      shape: 0.9, count: 40, efficiency: 0.4, fitted: 0.59000072573478,
      largest: -1.5874723864029072, squares: 0.07197285327188921),
    Case(
      shape: 0.9, count: 1_000, efficiency: 1, fitted: 0.702124394764495,
      largest: -2.64334329568704, squares: 0.009857364996872207),
    Case(
      shape: 1.5, count: 1_000, efficiency: 0.4, fitted: 1.1677284070373541,
      largest: -1.035003252676643, squares: 0.14606785658166924),
  ]

  @Test func smoothedWeightsAreThoseOfArviZ() {
    for item in Self.cases {
      let ratios = Self.uniforms(item.count, state: 7).map { -item.shape * log($0) }
      let found = ParetoSmoothing(ratios, efficiency: item.efficiency)
      #expect(abs(found.shape - item.fitted) < 1e-9, "\(item)")
      #expect(abs((found.logWeights.max() ?? 0) - item.largest) < 1e-9, "\(item)")
      let squares = found.logWeights.reduce(0) { $0 + exp(2 * $1) }
      #expect(abs(squares - item.squares) < 1e-9 * item.squares, "\(item)")
    }
  }

  @Test func fewOrEqualWeightsHaveNoShape() {
    #expect(ParetoSmoothing([0, 0, 0, 0]).shape == .infinity)
    #expect(ParetoSmoothing([Double](repeating: -3, count: 100)).shape == .infinity)
    let equal = ParetoSmoothing([Double](repeating: -3, count: 100)).logWeights
    #expect(equal.allSatisfy { abs($0 + log(100)) < 1e-12 })
    #expect(
      ParetoSmoothing([0, -.infinity, -.infinity]).logWeights == [0, -.infinity, -.infinity])
  }

  private static let draws: [Double] = {
    let parts = [11, 13, 17].map { uniforms(1_000, state: $0) }
    return (0..<1_000).map { parts[0][$0] + parts[1][$0] + parts[2][$0] - 1.5 }
  }()
  private static let data = [0.3, -0.8, 0.1, 0.9, -0.2, 4.5]

  /// The last datum is far off: its shape is above 0.7 under the narrow law.
  @Test func leavingOneOutIsThatOfArviZ() {
    func estimate(_ variance: Double) -> LeaveOneOut {
      LeaveOneOut(
        data: Self.data.enumerated().map { index, y in
          LeaveOneOut.Datum(
            "y[\(index)]",
            Self.draws.map {
              -0.5 / variance * (y - $0) * (y - $0) - 0.5 * log(2 * .pi * variance)
            }, efficiency: 0.8)
        })
    }
    let narrow = estimate(1)
    #expect(abs(narrow.logDensity + 20.17278132211173) < 1e-9)
    #expect(abs(narrow.standardError - 11.465746726961067) < 1e-9)
    #expect(abs(narrow.parameterCount - 5.15707229791194) < 1e-9)
    #expect(narrow.unreliable.map(\.name) == ["y[5]"])
    #expect(abs(narrow.data[5].shape - 0.7927668377796954) < 1e-9)
    let wide = estimate(4)
    #expect(abs(wide.logDensity + 12.7856416993503) < 1e-9)
    #expect(abs(wide.standardError - 2.4324799012752134) < 1e-9)
    #expect(abs(wide.parameterCount - 0.3560627227567892) < 1e-9)
    #expect(abs(wide.data[3].logDensity + 1.7538345478295252) < 1e-9)
    #expect(wide.unreliable.isEmpty)
  }

  // MARK: Log-likelihoods of programs

  private func pointwise(_ source: String, _ method: String) throws -> Posterior {
    let program = try compiled(source)
    let model = program.models.count - 1
    var request = InferenceRequest(
      program: program, model: model,
      arguments: program.models[model].parameters.map { _ in nil },
      method: try MethodSpecification(parsing: method), seed: 1)
    request.keepsPointwise = true
    return try infer(request)
  }

  /// Conjugate: mu ~ N(0, 1), data of variance 1. Given the n - 1 others, datum i is normal with mean
  /// (sum of others) / n and variance 1 + 1/n.
  private static let normal = """
    model m(y: [Real] = [0.3, -0.8, 0.1, 0.9, -0.2]) {
      mu ~ Normal(0, 1)
      observe y ~ Normal(mu, 1)
    }
    """

  private var exact: [Double] {
    let y = [0.3, -0.8, 0.1, 0.9, -0.2]
    return y.map { value in
      let mean = (y.reduce(0, +) - value) / 5
      return -0.5 * log(2 * .pi * 1.2) - (value - mean) * (value - mean) / 2.4
    }
  }

  /// The Monte Carlo error of a term is below 0.01: weights have a relative deviation of 0.5 at most
  /// here, and draws are worth 2,500 or more. The bound is five times that, which a right estimate
  /// exceeds with probability below 1e-6; seeds are fixed.
  @Test(arguments: [
    "mh(chains: 4, draws: 2_000)", "smc(particles: 8_000)", "importance(particles: 20_000)",
    "pgas(particles: 50, chains: 4, draws: 1_000)",
  ])
  func conjugateModelsHaveTheExactDensities(method: String) throws {
    let posterior = try pointwise(Self.normal, method)
    let estimate = try #require(try LeaveOneOut(posterior))
    #expect(estimate.data.map(\.name) == (0..<5).map { "y[\($0)]" })
    for (datum, truth) in zip(estimate.data, exact) {
      #expect(abs(datum.logDensity - truth) < 0.05, "\(datum)")
    }
    // A mutant: the density given all data.
    #expect(abs(estimate.data[3].logDensityWithin - exact[3]) > 0.05)
    #expect(estimate.unreliable.isEmpty)
    // The random choices are what they were.
    let plain = try infer(Self.normal, method)
    #expect(plain.variable("mu")?.values == posterior.variable("mu")?.values)
    #expect(try LeaveOneOut(plain) == nil)
  }

  /// Exact posteriors have exact densities: two flips of a coin with p = 0.2 or 0.6. Without the
  /// first, P(second | first) = (0.04 + 0.36) / (0.2 + 0.6).
  @Test func exactPosteriorsHaveExactDensities() throws {
    let posterior = try pointwise(
      """
      model m() {
        low ~ Bernoulli(0.5)
        observe [true, true] ~ Bernoulli(if low { 0.2 } else { 0.6 })
      }
      """, "enumerate")
    let estimate = try #require(try LeaveOneOut(posterior))
    for datum in estimate.data {
      #expect(abs(datum.logDensity - log(0.5)) < 1e-12)
      #expect(datum.shape == 0)
    }
  }

  /// Missing data have no density, data under a map have that of the mapped law, and two lines that
  /// observe the same name are told apart.
  @Test func everyDatumHasItsDensity() throws {
    let posterior = try pointwise(
      """
      model m(y: [Real?] = [1.0, nil, 2.0]) {
        x ~ Normal(0, 1)
        for v in y { observe v ~ Normal(x, 1) }
        observe 3.0 ~ LogNormal(meanLog: x, sdLog: 1)
        observe 3.0 ~ Transformed(
          Normal(x, 1), { (z: Real) in exp(z) }, { (y: Real) in log(y) },
          { (y: Real) in -log(y) })
      }
      """, "importance(particles: 50)")
    let estimate = try #require(try LeaveOneOut(posterior))
    #expect(estimate.data.count == 4, "\(estimate.data.map(\.name))")
    let x = try #require(posterior.variable("x")).values
    let kept = posterior.variables.filter { $0.name.hasPrefix(LeaveOneOut.prefix) }
    let values = kept.filter { $0.present?.contains(true) != false }.map(\.values)
    for draw in x.indices {
      let first = -0.5 * (1 - x[draw]) * (1 - x[draw]) - 0.5 * log(2 * .pi)
      #expect(abs(values[0][draw] - first) < 1e-12)
      #expect(abs(values[2][draw] - values[3][draw]) < 1e-12)
    }
  }

  @Test func dataWithoutNamesOfTheirOwnAreRefused() throws {
    let source = """
      func score(x: Real, y: Real) { observe y ~ Normal(x, 1) }
      model m() {
        x ~ Normal(0, 1)
        score(x, 1.0)
        score(x, 2.0)
      }
      """
    do {
      _ = try pointwise(source, "importance(particles: 10)")
      Issue.record("it was not refused")
    } catch let problems as Diagnostics {
      #expect(problems.list.allSatisfy { $0.code == "E0599" })
    }
  }
}
