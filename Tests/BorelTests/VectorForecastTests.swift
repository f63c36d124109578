import Borel
import Foundation
import Testing

/// Forecasts of vectors that have one distribution.
@Suite struct VectorForecastTests {
  private static func model(sd: Double) throws -> Model {
    try Program(
      source: """
        model pairs(y: [[Real]?]) {
          for v in y {
            observe v ~ MultivariateNormal(
              mean: [1.0, 2.0], covariance: matrix([[1.0, 0.5], [0.5, \(sd * sd)]]))
          }
        }
        """
    ).model()
  }

  /// The digits of a number after the point, mirrored: evenly spread values in (0, 1).
  private static func spread(_ number: Int, base: Int) -> Double {
    var (rest, digit, result) = (number, 1.0, 0.0)
    while rest > 0 {
      digit /= Double(base)
      result += digit * Double(rest % base)
      rest /= base
    }
    return result
  }

  /// Pairs with the distribution of `model(sd: 1.5)`, by Box and Muller.
  private static let pairs = (1...300).map { k in
    let radius = (-2 * log(spread(k, base: 2))).squareRoot()
    let angle = 2 * Double.pi * spread(k, base: 3)
    let (a, b) = (radius * cos(angle), radius * sin(angle))
    return [1 + a, 2 + 0.5 * a + (1.5 * 1.5 - 0.25).squareRoot() * b]
  }

  @Test func eachElementIsForetold() throws {
    // Standard errors of 10,000 draws: 0.01 and 0.015 for means; six of them.
    let state = try Self.model(sd: 1.5).filter(.smc(particles: 10_000)).step(["y": [0.5, 5.0]])
    let (first, second) = (
      try #require(state.forecast("y[0]")), try #require(state.forecast("y[1]"))
    )
    #expect(abs(first.mean - 1) < 0.06 && abs(second.mean - 2) < 0.09)
    #expect(abs(first.standardDeviation - 1) < 0.045)
    #expect(abs(second.standardDeviation / 1.5 - 1) < 0.045)
    #expect(first.value == 0.5 && second.value == 5)
    // P(Z < -0.5) and P(Z < 2), with standard errors 0.005 and 0.0015.
    #expect(abs((first.pit ?? 0) - 0.3085) < 0.03 && abs((second.pit ?? 0) - 0.9772) < 0.01)
  }

  /// The largest distance of values from the uniform distribution times the root of their number:
  /// above 2.7 with probability 1e-6 for independent values, and these are spread more evenly.
  private func distance(sd: Double) throws -> Double {
    let filter = try Self.model(sd: sd).filter(.smc(particles: 500))
    let values = try Self.pairs.compactMap { try filter.step(["y": $0]).forecast("y[1]")?.pit }
    #expect(values.count == Self.pairs.count)
    let count = Double(values.count)
    let distances = values.sorted().enumerated().map { index, value in
      max(Double(index + 1) / count - value, value - Double(index) / count)
    }
    return (distances.max() ?? 1) * count.squareRoot()
  }

  @Test func theirValuesAreUniformWhenTheModelIsRight() throws {
    #expect(try distance(sd: 1.5) < 2.7)
    #expect(try distance(sd: 3.5) > 2.7)
  }

  @Test func missingVectorsAreForetold() throws {
    struct Record: Encodable, Sendable { let y: [Double]? }
    let state = try Self.model(sd: 1.5).filter(.smc(particles: 50)).step(Record(y: nil))
    #expect(state.forecast("y[1]")?.pit == nil && state.forecast("y[1]")?.value == nil)
    #expect(state.forecast("y[1]") != nil && state.logScore == 0)
  }
}
