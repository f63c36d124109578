import BorelBase
import BorelCompiler
import BorelInference
import BorelInferenceTestSupport
import Foundation
import Testing

/// Particle marginal Metropolis-Hastings against exact posteriors. Bounds are 5 standard errors
/// over independent chains: a false-alarm probability below 1e-6 each for a drawn seed.
@Suite struct MarginalMetropolisTests {
  private static let data = [0.5, -0.3, 1.2, 0.8, 1.9, 0.4, -0.6, -1.1, 0.2, 0.9]

  /// A linear Gaussian model whose state has an unknown standard deviation.
  private static let scale = """
    model m() {
      s ~ Gamma(shape: 3, rate: 4)
      var x ~ Normal(0, 1)
      for (t, y) in \(data).enumerated() {
        if t > 0 { x ~ Normal(0.8 * x, s) }
        observe y ~ Normal(x, 0.6)
      }
      return x
    }
    """

  /// Log-likelihood by the Kalman filter.
  private static func kalman(_ s: Double) -> Double {
    var (mean, variance, total) = (0.0, 1.0, 0.0)
    for (t, y) in data.enumerated() {
      if t > 0 { (mean, variance) = (0.8 * mean, 0.64 * variance + s * s) }
      let spread = variance + 0.36
      total -= 0.5 * (log(2 * Double.pi * spread) + (y - mean) * (y - mean) / spread)
      let gain = variance / spread
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }

  /// Mean and mean square of the standard deviation by quadrature.
  private static let exact: (mean: Double, square: Double) = {
    var (mass, first, second) = (0.0, 0.0, 0.0)
    for k in 1...4000 {
      let s = 0.0015 * Double(k)
      let weight = s * s * exp(kalman(s) - 4 * s + 10)
      mass += weight
      first += weight * s
      second += weight * s * s
    }
    return (first / mass, second / mass)
  }()

  private static let method = "pmmh(particles: 20, draws: 400, burnIn: 150, chains: 60)"

  @Test(arguments: ["systematic", "residual"])
  func anUnknownScaleHasItsExactPosterior(resampler: String) throws {
    let posterior = try chains(
      Self.scale, Self.method.dropLast() + ", resampler: \(resampler))")
    let mean = try ChainMeans(posterior, "s")
    #expect(mean.z(Self.exact.mean) < 5, "\(mean) against \(Self.exact.mean)")
    #expect(mean.error < 0.02)
    let square = try ChainMeans(posterior, "s") { $0 * $0 }
    #expect(square.z(Self.exact.square) < 5, "\(square) against \(Self.exact.square)")
  }

  /// Each factor of the ratio matters here.
  @Test func wrongRatiosAreNoticed() throws {
    let rules: [any AcceptanceRule] = [WithoutHastings(), WithoutKept(), WithoutLikelihood()]
    for rule in rules {
      let mean = try ChainMeans(try chains(Self.scale, Self.method, rule: rule), "s")
      #expect(mean.z(Self.exact.mean) > 5, "\(rule)")
    }
  }

  /// Without parameters each proposal is a path of a new filter.
  @Test func pathsAloneHaveTheirSmoothingLaw() throws {
    let source = """
      model m() {
        var x ~ Normal(0, 0.7 / sqrt(1 - 0.81))
        for (t, y) in \(Self.data).enumerated() {
          if t > 0 { x ~ Normal(0.9 * x, 0.7) }
          observe y ~ Normal(x, 0.8)
        }
        return x
      }
      """
    let posterior = try chains(source, "pmmh(particles: 30, draws: 300, burnIn: 30, chains: 60)")
    // Conditioning of the joint normal law, numpy, double precision.
    #expect(try ChainMeans(posterior, "x[0]").z(0.37415524157503094) < 5)
    #expect(try ChainMeans(posterior, "x[5]").z(0.4181275947968591) < 5)
  }

  /// A discrete parameter is drawn from its prior, beside a real one that walks.
  @Test func discreteAndRealParametersMoveTogether() throws {
    let source = """
      model m() {
        bias ~ Bernoulli(0.3)
        mu ~ Normal(if bias { 1.0 } else { 0.0 }, 0.5)
        for y in [0.2, 1.1, 0.7] { observe y ~ Normal(mu, 0.5) }
        return bias
      }
      """
    let posterior = try chains(source, "pmmh(particles: 2, draws: 500, burnIn: 100, chains: 60)")
    // Given the bias the data are normal with covariance 0.25 I + 0.25 J.
    func logLikelihood(_ mean: Double) -> Double {
      let deviations = [0.2, 1.1, 0.7].map { $0 - mean }
      let sum = deviations.reduce(0, +)
      let squares = deviations.reduce(0) { $0 + $1 * $1 }
      return -0.5 * (4 * squares - 4 * sum * sum / 4)
    }
    let (one, zero) = (0.3 * exp(logLikelihood(1)), 0.7 * exp(logLikelihood(0)))
    let mean = try ChainMeans(posterior, "bias")
    #expect(mean.z(one / (one + zero)) < 5, "\(mean) against \(one / (one + zero))")
  }

  @Test func parametersThatOnlySomeExecutionsDrawAreRefused() throws {
    let source = """
      model m() {
        wide ~ Bernoulli(0.5)
        let s = if wide { sample HalfNormal(1) } else { 1.0 }
        for y in [0.2, 1.1, 0.7] { observe y ~ Normal(0, s) }
        return s
      }
      """
    #expect { try infer(source, "pmmh(particles: 20, draws: 5, burnIn: 0)") } throws: { error in
      (error as? Diagnostics)?.list.first?.code == "E0596"
    }
  }
}
