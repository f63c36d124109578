/// Search of a number at which a condition starts to hold.
enum NumberSearch {
  /// The smallest number in an interval with a condition that holds from there on, to the last bit
  /// (or the smallest whole number); the upper end when it holds nowhere before.
  ///
  /// Infinite ends are approached by doubling steps.
  static func smallest(
    from lower: Double, through upper: Double, isWhole: Bool, _ holds: (Double) -> Bool
  ) -> Double {
    if !(lower < upper) { return lower }
    if lower > -.infinity, holds(lower) { return lower }
    var (low, high) = bracket(lower, upper, holds)
    if isWhole {
      low = low.rounded(.down)
      high = high.rounded(.up)
    }
    // 1,100 halvings lead from any interval of doubles to neighbours.
    for _ in 0..<1100 {
      var middle = low + 0.5 * (high - low)
      if isWhole { middle = middle.rounded(.down) }
      if middle <= low || middle >= high { break }
      if holds(middle) { high = middle } else { low = middle }
    }
    return high
  }

  /// Finite ends around the place, where the ends given are infinite.
  private static func bracket(
    _ lower: Double, _ upper: Double, _ holds: (Double) -> Bool
  ) -> (Double, Double) {
    var (low, high) = (lower, upper)
    let start = lower.isFinite ? lower : (upper.isFinite ? upper : 0)
    if high == .infinity {
      var step = 1.0
      while step < 1e300, !holds(start + step) {
        low = start + step
        step *= 2
      }
      high = start + step
    }
    if low == -.infinity {
      var step = 1.0
      while step < 1e300, holds(start - step) {
        high = start - step
        step *= 2
      }
      low = start - step
    }
    return (low, high)
  }
}
