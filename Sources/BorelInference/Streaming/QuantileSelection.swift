/// Quantiles of weighted values without sorting all of them.
///
/// Values are put into buckets of equal width; only those in the bucket of a quantile are looked at
/// again.
struct QuantileSelection {
  private static let bucketCount = 256
  /// Fewer values are sorted.
  private static let smallCount = 24

  private var masses = [Double](repeating: 0, count: bucketCount)
  private var buckets: [UInt8] = []

  /// For each probability the smallest value with at least that share of the weight at or below it.
  ///
  /// - Parameters:
  ///   - values: Not NaN where the weight is positive.
  ///   - weights: One per value, not negative; need not sum to 1.
  ///   - probabilities: Ascending, in (0, 1).
  /// - Returns: NaN for all when no value has weight.
  /// - Complexity: O(n), unless the values are spread over many orders of magnitude.
  mutating func quantiles(
    _ values: [Double], _ weights: UnsafePointer<Double>, _ probabilities: [Double]
  ) -> [Double] {
    var total = 0.0
    for index in values.indices { total += weights[index] }
    let targets = probabilities.map { ($0 - 1e-12) * total }
    return values.withUnsafeBufferPointer { select($0, weights, targets) }
  }

  /// The values at which the weights from the lowest value on reach each target.
  ///
  /// - Parameter targets: Ascending.
  private mutating func select(
    _ values: UnsafeBufferPointer<Double>, _ weights: UnsafePointer<Double>, _ targets: [Double]
  ) -> [Double] {
    var (low, high) = (Double.infinity, -Double.infinity)
    for index in values.indices where weights[index] > 0 {
      low = min(low, values[index])
      high = max(high, values[index])
    }
    let scale = Double(Self.bucketCount) / (high - low)
    guard values.count > Self.smallCount, scale.isFinite, scale > 0 else {
      return Self.sorted(values, weights, targets)
    }
    fillBuckets(values, weights, low: low, scale: scale)
    // The bucket of each target, and what is left of it there.
    var places: [(bucket: UInt8, target: Double)] = []
    var below = 0.0
    var bucket = 0
    for target in targets {
      while bucket < Self.bucketCount - 1, below + masses[bucket] < target {
        below += masses[bucket]
        bucket += 1
      }
      places.append((UInt8(truncatingIfNeeded: bucket), target - below))
    }
    var parts: [(values: [Double], weights: [Double], targets: [Double])] = []
    var next = 0
    while next < places.count {
      let bucket = places[next].bucket
      let own = places[next...].prefix { $0.bucket == bucket }.map(\.target)
      next += own.count
      let (some, theirs) = contents(of: bucket, values, weights)
      parts.append((some, theirs, own))
    }
    // Most values in one bucket: the rest is far away, and buckets would do so again.
    return parts.flatMap { part in
      part.values.withUnsafeBufferPointer { inner in
        inner.count > values.count / 2
          ? Self.sorted(inner, part.weights, part.targets)
          : select(inner, part.weights, part.targets)
      }
    }
  }

  private mutating func fillBuckets(
    _ values: UnsafeBufferPointer<Double>, _ weights: UnsafePointer<Double>, low: Double,
    scale: Double
  ) {
    let last = Double(Self.bucketCount - 1)
    buckets = [UInt8](unsafeUninitializedCapacity: values.count) { buckets, count in
      masses.withUnsafeMutableBufferPointer { masses in
        masses.update(repeating: 0)
        for index in values.indices {
          // Values without weight may be anything.
          let place = weights[index] > 0 ? min((values[index] - low) * scale, last) : 0
          let bucket = UInt8(truncatingIfNeeded: Int(place))
          buckets[index] = bucket
          masses[Int(bucket)] += weights[index]
        }
      }
      count = values.count
    }
  }

  private func contents(
    of bucket: UInt8, _ values: UnsafeBufferPointer<Double>, _ weights: UnsafePointer<Double>
  ) -> ([Double], [Double]) {
    var (some, theirs): ([Double], [Double]) = ([], [])
    buckets.withUnsafeBufferPointer { buckets in
      for index in buckets.indices where buckets[index] == bucket && weights[index] > 0 {
        some.append(values[index])
        theirs.append(weights[index])
      }
    }
    return (some, theirs)
  }

  private static func sorted(
    _ values: UnsafeBufferPointer<Double>, _ weights: UnsafePointer<Double>, _ targets: [Double]
  ) -> [Double] {
    let pairs = values.indices.filter { weights[$0] > 0 }.map { (values[$0], weights[$0]) }
      .sorted { $0.0 < $1.0 }
    var below = 0.0
    var index = 0
    return targets.map { target in
      while index < pairs.count - 1, below + pairs[index].1 < target {
        below += pairs[index].1
        index += 1
      }
      return pairs.isEmpty ? .nan : pairs[index].0
    }
  }
}
