import BorelTransforms

/// The parts of a step of `learn`, one method per factor of its correctness. Runs use
/// `StandardLearning`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol LearningRule: Sendable {
  /// The derivative on the unconstrained scale.
  ///
  /// - Parameters:
  ///   - score: On the scale of the values.
  ///   - slope: Derivative of the value in the coordinate.
  func gradient(score: Double, slope: Double) -> Double

  /// The maximisation step of expectation-maximisation; parameters as of `ClosedForm.maximum`.
  func maximum(_ form: ClosedForm, from value: Double, score: Double, weight: Double) -> Double

  /// What a deviation counts of the change of the sum of squares by the move of its mean.
  func change(ofSquares change: Double) -> Double
}

extension LearningRule {
  package func gradient(score: Double, slope: Double) -> Double { score * slope }

  package func maximum(
    _ form: ClosedForm, from value: Double, score: Double, weight: Double
  ) -> Double {
    form.maximum(from: value, score: score, weight: weight)
  }

  package func change(ofSquares change: Double) -> Double { change }
}

/// Steps as they should be.
package struct StandardLearning: LearningRule {
  package init() {}
}
