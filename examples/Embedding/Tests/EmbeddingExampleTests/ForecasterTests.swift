import Borel
import EmbeddingExample
import Foundation
import Testing

/// Forecasts of the model `level` by a Kalman filter for each pair of deviations on a grid, which
/// are weighted by their evidence and priors.
private struct ExactForecast {
  /// Weight, mean and standard deviation of the forecast of each pair; weights sum to 1.
  private var parts: [(weight: Double, mean: Double, sd: Double)] = []

  /// - Parameter step: After the last number, from 1.
  init(_ series: [Double?], step: Int) {
    let values = series.compactMap { $0 }
    let centre = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let spread = (squares / Double(values.count)).squareRoot()
    let count = 240
    // Midpoints in (0, 6) spreads: the half-normal prior gives 2e-9 to what is beyond.
    let grid = (0..<count).map { 6 * spread * (Double($0) + 0.5) / Double(count) }
    for sdLevel in grid {
      for sdNoise in grid {
        var (mean, variance, logWeight) = (centre, spread * spread, 0.0)
        for (t, y) in series.enumerated() {
          if t > 0 { variance += sdLevel * sdLevel }
          guard let y else { continue }
          let total = variance + sdNoise * sdNoise
          logWeight -= 0.5 * (log(total) + (y - mean) * (y - mean) / total)
          let gain = variance / total
          (mean, variance) = (mean + gain * (y - mean), variance * (1 - gain))
        }
        logWeight -= (sdLevel * sdLevel + sdNoise * sdNoise) / (2 * spread * spread)
        variance += Double(step) * sdLevel * sdLevel + sdNoise * sdNoise
        parts.append((logWeight, mean, variance.squareRoot()))
      }
    }
    let largest = parts.map(\.weight).max() ?? 0
    let sum = parts.reduce(0) { $0 + exp($1.weight - largest) }
    for index in parts.indices { parts[index].weight = exp(parts[index].weight - largest) / sum }
  }

  var mean: Double { parts.reduce(0) { $0 + $1.weight * $1.mean } }

  /// The probability of values up to a number.
  func cumulative(_ value: Double) -> Double {
    parts.reduce(0) { $0 + $1.weight * 0.5 * erfc(($1.mean - value) / ($1.sd * 2.squareRoot())) }
  }
}

/// Distances of means from their expectations, in standard errors.
private func score(_ values: [Double], _ expected: Double) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean - expected)
    / (squares / Double(values.count - 1) / Double(values.count)).squareRoot()
}

private let series: [Double?] = [2.1, 2.9, nil, 4.2, 3.4, 5.1, 4.6, 5.9]

/// Over 40 seeds means, and the exact probabilities of both tails of the intervals, lie within 7 of
/// their standard errors: 2.1e-8 each with 39 degrees of freedom, 1.3e-7 for all six.
///
/// Forecasts whose state does not move on are told apart.
@Test func forecastsAgreeWithTheKalmanFilter() async throws {
  let forecaster = try Forecaster(.level)
  var runs: [[Forecaster.Forecast]] = []
  for seed in 1...40 {
    runs.append(
      try await forecaster.forecast(
        series, ahead: 4, probability: 0.8, method: .smc(particles: 4_000), seed: UInt64(seed)))
  }
  #expect(runs.allSatisfy { $0.map(\.step) == [1, 2, 3, 4] })
  for step in [1, 4] {
    let exact = ExactForecast(series, step: step)
    let found = runs.map { $0[step - 1] }
    #expect(abs(score(found.map(\.mean), exact.mean)) < 7)
    #expect(abs(score(found.map { exact.cumulative($0.low) }, 0.1)) < 7)
    #expect(abs(score(found.map { exact.cumulative($0.high) }, 0.9)) < 7)
  }
  let standing = ExactForecast(series, step: 0)
  #expect(abs(score(runs.map { standing.cumulative($0[3].high) }, 0.9)) > 7)
}

/// The default method, by its own Monte Carlo errors: 5.5 of them are missed with probability 3.8e-8
/// each, 1.2e-7 for three.
@Test func theDefaultMethodAgreesWithTheKalmanFilter() async throws {
  let found = try await Forecaster(.level).forecast(series, ahead: 3)
  for forecast in found {
    let error = try #require(forecast.monteCarloError)
    let exact = ExactForecast(series, step: forecast.step)
    #expect(abs(forecast.mean - exact.mean) < 5.5 * error)
  }
}

/// The same seed gives the same bits, and a trend goes on.
@Test func aTrendGoesOn() async throws {
  let forecaster = try Forecaster(.trend)
  let line = (0..<20).map { Double?(3 * Double($0) + ($0 % 2 == 0 ? 0.5 : -0.5)) }
  let found = try await forecaster.forecast(line, ahead: 5)
  #expect(try await forecaster.forecast(line, ahead: 5) == found)
  for forecast in found {
    let expected = 3 * Double(19 + forecast.step)
    #expect(forecast.low < expected && expected < forecast.high, "\(forecast)")
  }
}
