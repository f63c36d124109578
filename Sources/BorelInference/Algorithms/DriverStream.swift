import BorelKernels

/// The random choices of an inference driver: a private stream per purpose and index, so that they
/// do not depend on threads, blocks or on how many draws another purpose took.
///
/// Drivers take theirs from `ModelRun.driverChoices`, which gives a stream unless the choices are
/// answered from outside. Continuous draws are not finite choices, and only a stream has them.
package struct DriverStream: DriverChoices {
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

  /// Standard normal.
  package mutating func normal() -> Double { borel_next_normal(&random) }

  /// Standard exponential.
  package mutating func exponential() -> Double { borel_next_exponential(&random) }

  package mutating func bernoulli(_ probability: Double) -> Bool { uniform() < probability }

  package mutating func categorical(
    _ weights: UnsafeBufferPointer<Double>, total: Double
  ) -> Int {
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

  package mutating func uniformIndex(_ count: Int) -> Int {
    min(Int(uniform() * Double(count)), count - 1)
  }

  package mutating func systematicOffset(_ breakpoints: () -> [Double]) -> Double { uniform() }

  package mutating func offsets(_ count: Int, breakpoints: (Int) -> [Double]) -> [Double] {
    (0..<count).map { _ in uniform() }
  }

  /// Order statistics of uniforms: normalised sums of exponentials.
  package mutating func sortedUniforms(
    _ count: Int, breakpoints: () -> [Double]
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var sum = 0.0
    for index in 0..<count {
      sum += exponential()
      sums[index] = sum
    }
    let whole = sum + exponential()
    for index in 0..<count { sums[index] /= whole }
    return sums
  }
}
