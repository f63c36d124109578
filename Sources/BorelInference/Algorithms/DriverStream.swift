import BorelKernels

/// The random choices of an inference driver: a private stream per purpose and index, so that they
/// do not depend on threads, blocks or on how many draws another purpose took.
package struct DriverStream {
  private var random: borel_lane_random

  /// - Parameters:
  ///   - key: Key of the group or run.
  ///   - kind: One of the `BOREL_KEY_...` kinds.
  ///   - index: Step, sweep or move.
  package init(key: UInt64, kind: Int, index: UInt64) {
    let child = borel_key_child(key, UInt32(kind), index)
    random = borel_lane_random_make(child, 0, 0, 0)
  }

  /// Uniform on (0, 1).
  package mutating func uniform() -> Double { borel_next_uniform(&random) }

  /// Standard exponential.
  package mutating func exponential() -> Double { borel_next_exponential(&random) }

  /// An index drawn in proportion to weights that are not all zero.
  package mutating func categorical(_ weights: some Sequence<Double>, total: Double) -> Int {
    let target = uniform() * total
    var cumulative = 0.0
    var last = 0
    for (index, weight) in weights.enumerated() where weight > 0 {
      cumulative += weight
      last = index
      if target < cumulative { return index }
    }
    return last
  }
}
