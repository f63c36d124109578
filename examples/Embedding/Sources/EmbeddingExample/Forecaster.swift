import Borel

/// Forecasts of a series of numbers by a model whose deviations are unknown, too.
public struct Forecaster: Sendable {
  /// What is behind the series.
  public enum Shape: String, CaseIterable, Sendable {
    /// A level that wanders.
    case level
    /// A level with a slope that wanders.
    case trend
  }

  /// What is expected of one number that has not come yet.
  public struct Forecast: Sendable, Hashable, Encodable {
    /// Steps after the last number of the series, from 1.
    public let step: Int
    public let mean: Double
    /// Monte Carlo standard error of the mean; nil when it cannot be estimated.
    public let monteCarloError: Double?
    /// Ends of the central interval that holds the number with the probability asked for.
    public let low: Double
    public let high: Double
  }

  private let model: Model

  /// - Throws: `Diagnostics` when the program is wrong.
  public init(_ shape: Shape) throws {
    let text = String(decoding: PackageResources.series_ppl, as: UTF8.self)
    model = try Program(source: text, name: "series.ppl").model(shape.rawValue)
  }

  /// The numbers that come next.
  ///
  /// The posterior of states and deviations is drawn given the series; each draw is then continued.
  ///
  /// - Parameters:
  ///   - series: At least two numbers that differ; nil where one is missing.
  ///   - ahead: How many are forecast, at least 1.
  ///   - probability: Of each interval, in (0, 1).
  ///   - method: How the posterior is found; by default particle Gibbs.
  ///   - seed: Same seed, same bits.
  /// - Throws: `SeriesError` for a series without spread; `Diagnostics` when the inference fails.
  public func forecast(
    _ series: [Double?], ahead: Int, probability: Double = 0.9,
    method: Method = Forecaster.method, seed: UInt64 = 1
  ) async throws -> [Forecast] {
    let (centre, spread) = try Self.scale(of: series)
    let scaled = try model.given(["centre": centre, "spread": spread])
    let fit = try await scaled.given(["y": series]).infer(method, seed: seed)
    let future = series + [Double?](repeating: nil, count: ahead)
    let prediction = try await scaled.given(["y": future]).predict(from: fit, seed: seed)
    let tails = [(1 - probability) / 2, (1 + probability) / 2]
    return (1...ahead).compactMap { step in
      let name = "y[\(series.count + step - 1)]"
      guard let estimate = prediction.estimate(name),
        let ends = prediction.quantiles(tails, of: name)
      else { return nil }
      return Forecast(
        step: step, mean: estimate.mean, monteCarloError: estimate.monteCarloError, low: ends[0],
        high: ends[1])
    }
  }

  /// Particle Gibbs moves deviations and states in turn, which also serves long series.
  public static let method = Method.pg(
    particles: 30, draws: 500, burnIn: 100, chains: 4, ancestors: true)

  /// Mean and standard deviation of the numbers that are there.
  static func scale(of series: [Double?]) throws -> (centre: Double, spread: Double) {
    let values = series.compactMap { $0 }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let spread = (squares / Double(values.count)).squareRoot()
    guard values.count >= 2, spread > 0, spread.isFinite else { throw SeriesError.noSpread }
    return (mean, spread)
  }
}
