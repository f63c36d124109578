/// Modes of integer families.
enum Mode {
  /// The floor of x, moved into a range.
  static func integer(_ x: Double, in range: ClosedRange<Int64>) -> Int64 {
    if !(x > Double(range.lowerBound)) { return range.lowerBound }
    if x >= Double(range.upperBound) { return range.upperBound }
    return min(max(Int64(x.rounded(.down)), range.lowerBound), range.upperBound)
  }

  /// The largest log-mass at a mode and its neighbours: rounding may have moved the mode by one.
  static func largest(
    around mode: Int64, in range: ClosedRange<Int64>, _ logMass: (Int64) -> Double
  ) -> Double {
    var best = logMass(mode)
    if mode > range.lowerBound { best = max(best, logMass(mode - 1)) }
    if mode < range.upperBound { best = max(best, logMass(mode + 1)) }
    return best
  }
}
