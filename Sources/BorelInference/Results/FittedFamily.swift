/// A normal law that was fitted to the posterior of real parameters, on scales without bounds.
package struct FittedFamily: Hashable, Sendable {
  package struct Coordinate: Hashable, Sendable {
    /// Name of the parameter.
    package var name: String
    package var scale: Scale
    package var mean: Double
    package var sd: Double
  }

  /// What of the parameter is normal.
  package enum Scale: String, Hashable, Sendable {
    case identity, log, logit

    /// The coordinate as text.
    package func text(_ name: String) -> String {
      self == .identity ? name : "\(rawValue) \(name)"
    }
  }

  package var coordinates: [Coordinate]
  /// By rows; the unit matrix for a mean-field family.
  package var correlations: [Double]
  package var isFullRank: Bool
  /// Steps of the ascent.
  package var steps: Int
}
