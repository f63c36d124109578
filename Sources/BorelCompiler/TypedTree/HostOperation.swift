/// What only the host can do, by name. Everything but the members of posteriors belongs to the
/// top level of a script.
package enum HostOperation: String, Hashable, Sendable, CaseIterable {
  /// (values of any type) -> Unit: joined by blanks, with a line break.
  case print
  /// () -> [String]: what followed `--` on the command line.
  case arguments
  /// (path) -> Data
  case readJSON, readCSV
  /// (Data, name) -> Data
  case dataField = "data.field"
  /// (Data, index) -> Data
  case dataElement = "data.element"
  /// (posterior) -> Real, nats.
  case logEvidence = "posterior.logEvidence"
  /// (posterior) -> Real
  case effectiveSampleSize = "posterior.effectiveSampleSize"
  /// (posterior) -> String: a table of all reported values.
  case summary = "posterior.summary"
  /// (posterior, name) -> Real: of the reported value with this name (`theta[3]`).
  case mean = "posterior.mean"
  case standardDeviation = "posterior.sd"
  /// (posterior, name) -> Real: of a parameter that was learnt; the error is NaN where there is none.
  case parameter = "posterior.parameter"
  case standardError = "posterior.standardError"
  /// (posterior, name, probability) -> Real
  case quantile = "posterior.quantile"
  /// (posterior, name) -> [Real]: unweighted draws.
  case draws = "posterior.draws"
  /// (posterior) -> [T]: results of the model, unweighted draws.
  case values = "posterior.values"
  /// (posterior, (T) -> Real) -> Real: expectation of a function of the result.
  case expectation = "posterior.expectation"
  /// (posterior, (T) -> Bool) -> Real
  case probability = "posterior.probability"
}
