import BorelData
import BorelInference

/// What a filter knows after a record.
public struct FilteredState: Sendable {
  /// The filtered distribution of one scalar, given the records so far.
  public struct Estimate: Sendable, Hashable {
    public let name: String
    /// NaN for values without arithmetic.
    public let mean: Double
    /// NaN where one particle has all the weight.
    public let standardDeviation: Double
    /// At the probabilities of `FilterOptions.quantiles`.
    public let quantiles: [Double]
    /// The probability that the variable exists; the others are conditional on it.
    public let presence: Double
    /// For booleans, enums and texts: the probability of each value.
    public let probabilities: [String: Double]
  }

  /// What the records before foretold of one datum of the record.
  public struct Forecast: Sendable, Hashable {
    public let name: String
    public let mean: Double
    public let standardDeviation: Double
    /// At the probabilities of `FilterOptions.quantiles`.
    public let quantiles: [Double]
    /// The datum; nil when it is missing.
    public let value: Double?
    /// Probability integral transform: the forecast's probability of values up to the datum,
    /// randomised where the datum itself has positive probability. Uniform on (0, 1) and
    /// independent between records when the model is right (Dawid 1984). Nil for a missing datum,
    /// and for distributions without a cumulative distribution function.
    public let pit: Double?
  }

  private let state: StreamState
  private let quantileNames: [String]

  init(_ state: StreamState, quantileNames: [String]) {
    self.state = state
    self.quantileNames = quantileNames
  }

  /// Records so far, this one included.
  public var recordCount: Int { state.recordCount }

  /// Whether there were enough records to start the model: it may read several before its loop.
  public var isStarted: Bool { state.isStarted }

  /// Log of the unbiased estimate of the evidence of the records so far, in nats.
  public var logEvidence: Double { state.logEvidence }

  /// Log of the predictive density of this record given those before, in nats.
  public var logScore: Double { state.logScore }

  /// Of the weights, before particles were resampled.
  public var effectiveSampleSize: Double { state.effectiveSampleSize }

  /// Whether particles were resampled at this record.
  public var isResampled: Bool { state.isResampled }

  /// Names of the scalars: what was drawn last under each name, as `level`, `x[2]`.
  public var names: [String] { state.variables.map(\.name) }

  public var estimates: [Estimate] { state.variables.map(Estimate.init) }

  /// The estimates of one scalar.
  ///
  /// - Precondition: The name is one of `names`; see `estimate(_:)`.
  public subscript(name: String) -> Estimate {
    guard let estimate = estimate(name) else {
      preconditionFailure("the state has no variable '\(name)'")
    }
    return estimate
  }

  /// The estimates of one scalar; nil when there is none with this name.
  public func estimate(_ name: String) -> Estimate? {
    state.variables.first { $0.name == name }.map(Estimate.init)
  }

  public var forecasts: [Forecast] { state.forecasts.map(Forecast.init) }

  /// The forecast of a datum by the name of its array; nil when there is none.
  public func forecast(_ name: String) -> Forecast? {
    state.forecasts.first { $0.name == name }.map(Forecast.init)
  }

  /// The line that `borel filter` prints.
  public var json: String { state.json(quantileNames: quantileNames).text }
}

extension FilteredState.Estimate {
  fileprivate init(_ summary: StreamSummary) {
    name = summary.name
    mean = summary.mean ?? .nan
    standardDeviation = summary.sd ?? .nan
    quantiles = summary.quantiles
    presence = summary.present
    probabilities = Dictionary(
      summary.probabilities.map { ($0.label, $0.probability) }, uniquingKeysWith: +)
  }
}

extension FilteredState.Forecast {
  fileprivate init(_ forecast: StreamForecast) {
    name = forecast.name
    mean = forecast.mean
    standardDeviation = forecast.sd
    quantiles = forecast.quantiles
    value = forecast.value
    pit = forecast.pit
  }
}
