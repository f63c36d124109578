import BorelData
import BorelInference

/// How the mass of a variable is spread: bins of equal width for reals and wide-spread integers, a
/// bar per value otherwise.
struct Histogram: Sendable {
  struct Bar: Sendable {
    /// Range of the bin; both ends are the value for a single value.
    var low: Double
    var high: Double
    /// From 0 to 1.
    var mass: Double
    /// The text of a single value; nil for a bin.
    var label: String?
  }

  var bars: [Bar]
  var isBinned: Bool

  /// Values beyond these quantiles are left out of the bins of reals.
  private static let outer = (low: 0.001, high: 0.999)
  private static let largestValueCount = 30

  /// - Parameter binCount: Of bins at most.
  /// - Returns: nil when no draw with weight has the variable, or all are infinite.
  init?(_ posterior: Posterior, _ variable: Variable, binCount: Int = 40) {
    let (values, weights) = posterior.weightedValues(of: variable)
    var masses: [Double: Double] = [:]
    if variable.kind != .real {
      for (value, weight) in zip(values, weights) where weight > 0 {
        masses[value, default: 0] += weight
      }
      if masses.isEmpty { return nil }
      if masses.count <= Self.largestValueCount || !variable.kind.isNumeric {
        isBinned = false
        bars = masses.sorted { $0.key < $1.key }.map { value, mass in
          Bar(low: value, high: value, mass: mass, label: variable.label(of: value))
        }
        if !variable.kind.isNumeric, bars.count > Self.largestValueCount {
          bars = Array(bars.sorted { $1.mass < $0.mass }.prefix(Self.largestValueCount))
        }
        return
      }
    }
    let quantiles = posterior.quantiles(
      of: variable, at: [Self.outer.low, 0.25, 0.75, Self.outer.high])
    guard quantiles.count == 4, quantiles[0].isFinite, quantiles[3].isFinite else { return nil }
    var (low, high) = (quantiles[0], quantiles[3])
    if low == high {
      low -= 0.5
      high += 0.5
    }
    let count = Self.binCount(
      spread: quantiles[2] - quantiles[1], range: high - low, most: binCount,
      size: 1 / weights.reduce(0) { $0 + $1 * $1 })
    var bins = [Double](repeating: 0, count: count)
    let scale = Double(count) / (high - low)
    for (value, weight) in zip(values, weights) where weight > 0 && value >= low && value <= high {
      bins[min(Int((value - low) * scale), count - 1)] += weight
    }
    isBinned = true
    bars = bins.enumerated().map { index, mass in
      Bar(
        low: low + Double(index) / scale, high: low + Double(index + 1) / scale, mass: mass,
        label: nil)
    }
  }

  /// The rule of Freedman and Diaconis (1981), "On the histogram as a density estimator".
  private static func binCount(spread: Double, range: Double, most: Int, size: Double) -> Int {
    let width = 2 * spread / cubeRoot(max(size, 1))
    guard width > 0 else { return min(most, 20) }
    return min(max(Int((range / width).rounded(.up)), 5), most)
  }

  private static func cubeRoot(_ x: Double) -> Double {
    var y = x.squareRoot()
    for _ in 0..<60 { y = (2 * y + x / (y * y)) / 3 }
    return y
  }

  var largestMass: Double { bars.map(\.mass).max() ?? 0 }
}
