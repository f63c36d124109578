/// Answers finite choices from outside, in place of the random streams.
///
/// With an answerer that goes through all answers, a program and the inference algorithm that runs
/// it become one finite program, whose output can be compared exactly. Used by one thread at a time.
package protocol FiniteChoices: AnyObject, Sendable {
  /// The index of the value that is taken.
  ///
  /// - Parameter probabilities: At least one, in proportion; not all zero.
  func choose(_ probabilities: [Double]) -> Int

  /// Told of a draw that is not finite: it comes from a stream, and the answers do not cover what
  /// happens.
  func noteContinuousDraw()
}
