import BorelBase
import BorelCompiler
import BorelInference
import Foundation
import Testing

/// Standard errors of learned parameters, against the second derivatives of the Kalman
/// likelihood.
@Suite struct ObservedInformationTests {
  /// 60 observations of a random walk with noise: q = 0.7, r = 0.9, simulated once.
  private static let flow: [Double] = {
    var state: UInt64 = 12_345
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
    }
    func normal() -> Double { sqrt(-2 * log(uniform())) * cos(2 * .pi * uniform()) }
    var x = 2 * normal()
    return (0..<60).map { t in
      if t > 0 { x += 0.7 * normal() }
      return ((x + 0.9 * normal()) * 1000).rounded() / 1000
    }
  }()

  private static let source = """
    model level(param q: Real in 0<.. = 0.7, param r: Real in 0<.. = 0.9) {
      var x ~ Normal(0, 2)
      for (t, y) in \(flow).enumerated() {
        if t > 0 { x ~ Normal(x, q) }
        observe y ~ Normal(x, r)
      }
      return x
    }
    """

  private static func kalman(_ q: Double, _ r: Double) -> Double {
    var (mean, variance, total) = (0.0, 4.0, 0.0)
    for (t, y) in flow.enumerated() {
      if t > 0 { variance += q * q }
      let s = variance + r * r
      total -= 0.5 * (log(2 * Double.pi * s) + (y - mean) * (y - mean) / s)
      let gain = variance / s
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return total
  }

  /// Standard errors of q and r on their own scale, from the information about their logarithms.
  private static func errors(_ q: Double, _ r: Double) -> [Double] {
    let h = 1e-3
    func value(_ i: Double, _ j: Double) -> Double { kalman(q * exp(i * h), r * exp(j * h)) }
    let a = (2 * value(0, 0) - value(1, 0) - value(-1, 0)) / (h * h)
    let d = (2 * value(0, 0) - value(0, 1) - value(0, -1)) / (h * h)
    let b = -(value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / (4 * h * h)
    let determinant = a * d - b * b
    return [q * (d / determinant).squareRoot(), r * (a / determinant).squareRoot()]
  }

  /// The estimate stops at a Monte Carlo error of 5 %; 25 % are five of these.
  @Test(arguments: [
    "smc(particles: 200, groups: 8)", "paris(particles: 100, groups: 4)",
    "ppg(particles: 20, sweeps: 4, burnIn: 2, groups: 4)",
  ])
  func smoothedDifferencesGiveTheErrorsOfTheKalmanLikelihood(method: String) throws {
    let compilation = compile(source: SourceFile(name: "test.ppl", text: Self.source))
    let program = try #require(compilation.program)
    var request = InferenceRequest(
      program: program, model: 0, arguments: [nil, nil],
      method: try MethodSpecification(parsing: method))
    request.learning = LearnSettings(steps: 60, tolerance: 0.05)
    let learned = try #require(try infer(request).learned)
    let exact = Self.errors(learned.parameters[0].value, learned.parameters[1].value)
    for (parameter, error) in zip(learned.parameters, exact) {
      let found = try #require(parameter.standardError, "\(parameter.reason ?? "")")
      #expect(abs(found / error - 1) < 0.25, "\(parameter.name): \(found) against \(error)")
    }
  }
}
