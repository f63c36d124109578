/// What a filter knows after a record.
package struct StreamState: Sendable {
  /// Records so far.
  package var recordCount: Int
  /// Whether the model has been started: some models need several records for that.
  package var isStarted: Bool
  /// Log of the estimate of the evidence of the records so far.
  package var logEvidence: Double
  /// Log of the predictive density of this record given those before.
  package var logScore: Double
  /// Of the weights before resampling.
  package var effectiveSampleSize: Double
  package var isResampled: Bool
  package var variables: [StreamSummary]
  package var forecasts: [StreamForecast]
}

/// The filtered distribution of one variable.
package struct StreamSummary: Sendable {
  package var name: String
  package var kind: Variable.Kind
  /// The probability that the variable exists at all. The other numbers are conditional on it.
  package var present: Double
  /// Nil for kinds without arithmetic, and where there are no values.
  package var mean: Double?
  package var sd: Double?
  /// At the probabilities that were asked for.
  package var quantiles: [Double]
  /// For booleans and enums: each value with its probability.
  package var probabilities: [(label: String, probability: Double)]
}

/// What the records before foretold of one datum.
package struct StreamForecast: Sendable {
  package var name: String
  package var mean: Double
  package var sd: Double
  /// At the probabilities that were asked for.
  package var quantiles: [Double]
  /// The datum; nil when it is missing.
  package var value: Double?
  /// The forecast's probability of values up to the datum, uniform when the model is right: with a
  /// random share of the probability of the datum itself when that is positive. Nil for a missing
  /// datum and for families without a cumulative.
  package var pit: Double?
}
