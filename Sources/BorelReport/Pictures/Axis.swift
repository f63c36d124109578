import BorelData

/// A linear scale with ticks at round numbers.
struct Axis: Sendable {
  var low: Double
  var high: Double
  var ticks: [Double]

  /// - Parameters:
  ///   - count: How many ticks are wanted, about.
  ///   - margin: Empty space at both ends, as a share of the range.
  init(_ low: Double, _ high: Double, count: Int = 5, margin: Double = 0.03) {
    var (low, high) = (low, high)
    if !(high > low) {
      let half = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = (low - half, low + half)
    }
    let space = (high - low) * margin
    self.low = low - space
    self.high = high + space
    let step = Self.step((high - low) / Double(max(count, 1)))
    var tick = (self.low / step).rounded(.up) * step
    ticks = []
    while tick <= self.high, ticks.count < 50 {
      ticks.append(abs(tick) < step / 1e6 ? 0 : tick)
      tick += step
    }
  }

  /// 1, 2 or 5 times a power of ten, at least the given width.
  private static func step(_ width: Double) -> Double {
    guard width > 0, width.isFinite else { return 1 }
    var power = 1.0
    for _ in 0..<abs(NumberText.exponent(width)) {
      power = width < 1 ? power / 10 : power * 10
    }
    for factor in [1.0, 2, 5, 10] where factor * power >= width { return factor * power }
    return 10 * power
  }

  /// From 0 to 1 for values in the range.
  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  static func label(_ tick: Double) -> String { NumberText.short(tick, digits: 5) }
}
