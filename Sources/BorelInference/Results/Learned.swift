/// What `learn` found out about the `param` arguments of a model.
package struct Learned: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var value: Double
    /// From the observed information; nil with a reason where it is not valid.
    package var standardError: Double?
    package var reason: String?
    /// The error that the ascent leaves in the value; 0 when it is exact, nil when unknown.
    package var monteCarloError: Double?
    /// Values by step, the start first.
    package var trajectory: [Double]
  }

  package var parameters: [Parameter]
  /// The method that gave the gradients.
  package var method: String
  /// Steps taken.
  package var steps: Int
  /// Whether the stopping rule was met.
  package var isConverged: Bool
  /// Log evidence by step, as far as it was computed.
  package var logEvidence: [Double]
}
