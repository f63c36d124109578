import BorelBase

/// What one `observe`, `factor` or `require` did to the weights, over all its executions.
package struct ObservationShare: Hashable, Sendable {
  package var span: Span
  /// The text of the distribution or condition, for tables.
  package var name: String
  /// The part of the log evidence, in nats: the sum over executions of
  /// log(sum w after / sum w before). Shares add up to the log evidence.
  package var logEvidence: Double
  /// The largest relative fall of the effective sample size in one execution, from 0 to 1.
  package var essDrop: Double
  /// Executions that set a weight to zero.
  package var lanesKilled: Int
  package var executions: Int

  package init(
    span: Span, name: String, logEvidence: Double, essDrop: Double = 0, lanesKilled: Int = 0,
    executions: Int = 1
  ) {
    self.span = span
    self.name = name
    self.logEvidence = logEvidence
    self.essDrop = essDrop
    self.lanesKilled = lanesKilled
    self.executions = executions
  }
}
