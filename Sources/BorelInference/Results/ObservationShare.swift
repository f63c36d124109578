import BorelBase

/// What one `observe`, `factor` or `require` did to the weights, over all its executions.
package struct ObservationShare: Hashable, Sendable {
  package var span: Span
  /// The name of the datum, or `require` and `factor`.
  package var name: String
  /// The part of the log evidence, in nats: the sum over executions of
  /// log(sum w after / sum w before). Shares add up to the log evidence.
  package var logEvidence: Double
  /// The largest relative fall of the effective sample size in one execution, from 0 to 1.
  package var essDrop: Double
  /// Executions of the program whose weight it set to zero.
  package var lanesKilled: Int
  package var executions: Int
  /// The first value without support, as text; nil when none was found.
  package var killingValue: String?

  package init(
    span: Span, name: String, logEvidence: Double, essDrop: Double = 0, lanesKilled: Int = 0,
    executions: Int = 1, killingValue: String? = nil
  ) {
    self.span = span
    self.name = name
    self.logEvidence = logEvidence
    self.essDrop = essDrop
    self.lanesKilled = lanesKilled
    self.executions = executions
    self.killingValue = killingValue
  }
}

/// What happened to the weights between two checkpoints.
package struct WeightStep: Hashable, Sendable {
  /// Index into the observations of the posterior; nil when lanes stood at several lines.
  package var observation: Int?
  /// The part of the log evidence, in nats.
  package var logEvidence: Double
  /// Effective sample size over the number of lanes after the step, before a resampling.
  package var essShare: Double
  /// The same before the step.
  package var essShareBefore: Double
  package var lanesKilled: Int
  /// Whether lanes were resampled after it.
  package var isResampled: Bool

  package init(
    observation: Int?, logEvidence: Double, essShare: Double, essShareBefore: Double = 1,
    lanesKilled: Int = 0, isResampled: Bool = false
  ) {
    self.observation = observation
    self.logEvidence = logEvidence
    self.essShare = essShare
    self.essShareBefore = essShareBefore
    self.lanesKilled = lanesKilled
    self.isResampled = isResampled
  }

  /// The relative fall of the effective sample size, from 0 to 1.
  package var essDrop: Double {
    essShareBefore > 0 ? max(0, 1 - essShare / essShareBefore) : 0
  }
}

extension Posterior {
  /// One execution of a line: the how manieth it is, from 0, and what it did.
  package struct Execution: Hashable, Sendable {
    package var index: Int
    package var step: WeightStep
  }

  /// The executions of an observation, in order.
  package func executions(of observation: Int) -> [Execution] {
    var executions: [Execution] = []
    for step in steps where step.observation == observation {
      executions.append(Execution(index: executions.count, step: step))
    }
    return executions
  }

  /// The executions of an observation that explain least: smallest part of the log evidence first.
  ///
  /// - Parameters:
  ///   - observation: Index into `observations`.
  ///   - count: How many at most.
  package func worstExecutions(of observation: Int, count: Int) -> [Execution] {
    var executions = executions(of: observation)
    executions.sort { ($0.step.logEvidence, $0.index) < ($1.step.logEvidence, $1.index) }
    return Array(executions.prefix(count))
  }
}
