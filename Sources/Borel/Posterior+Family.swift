import BorelInference

/// A normal law that `Method.msc` has fitted to the posterior of the parameters.
public struct NormalFamily: Sendable, Hashable {
  /// What of a parameter is normal.
  public enum Scale: String, Sendable { case identity, log, logit }

  /// One parameter on its scale.
  public struct Coordinate: Sendable, Hashable {
    public let name: String
    public let scale: Scale
    public let mean: Double
    public let sd: Double
  }

  public let coordinates: [Coordinate]
  /// By rows, in the order of the coordinates.
  public let correlations: [[Double]]
}

extension Posterior {
  /// The fitted law; nil after other methods.
  public var family: NormalFamily? {
    result.family.map { family in
      let size = family.coordinates.count
      return NormalFamily(
        coordinates: family.coordinates.map {
          NormalFamily.Coordinate(
            name: $0.name, scale: NormalFamily.Scale(rawValue: $0.scale.rawValue) ?? .identity,
            mean: $0.mean, sd: $0.sd)
        },
        correlations: (0..<size).map { row in
          Array(family.correlations[(row * size)..<((row + 1) * size)])
        })
    }
  }
}
