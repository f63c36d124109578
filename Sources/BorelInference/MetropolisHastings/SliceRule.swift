import BorelKernels

/// The parts of an elliptical slice, one method per factor of its correctness. Kernels use
/// `StandardSlice`; the tests replace single parts by wrong ones to see that the laws notice.
package protocol SliceRule: Sendable {
  /// The log of the level of a slice, relative to the present density.
  ///
  /// - Parameter uniform: A draw between 0 and 1.
  func logLevel(uniform: Double) -> Double

  /// The centre of the ellipse of a choice.
  ///
  /// - Parameter mean: Of its prior.
  func centre(mean: Double) -> Double

  /// The bracket of the angle after an angle was rejected. The present state is at 0.
  func bracket(lower: Double, upper: Double, rejected: Double) -> (lower: Double, upper: Double)
}

extension SliceRule {
  package func logLevel(uniform: Double) -> Double { borel_log(uniform) }

  package func centre(mean: Double) -> Double { mean }

  package func bracket(
    lower: Double, upper: Double, rejected: Double
  ) -> (lower: Double, upper: Double) {
    rejected < 0 ? (rejected, upper) : (lower, rejected)
  }
}

/// The slice as it should be.
///
/// Source: Murray, Adams, MacKay (2010), "Elliptical slice sampling", figure 2.
package struct StandardSlice: SliceRule {
  package init() {}
}
