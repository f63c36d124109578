/// Inverses of cumulative distribution functions by bisection, for families without a formula.
enum QuantileSearch {
  /// The smallest double x in `low...high`, to about one unit in the last place, with
  /// P(X <= x) >= p.
  ///
  /// - Parameters:
  ///   - start: A point where the distribution has most of its mass.
  ///   - scale: About its standard deviation; the bracket grows from it.
  ///   - cumulative: P(X <= x), used for p up to 1/2.
  ///   - survival: P(X > x), used above, so that the upper tail is resolved.
  static func real(
    _ p: Double, low: Double, high: Double, start: Double, scale: Double,
    cumulative: (Double) -> Double, survival: (Double) -> Double
  ) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    if p == 0 { return low }
    if p == 1 { return high }
    func reached(_ x: Double) -> Bool {
      p <= 0.5 ? cumulative(x) >= p : survival(x) <= 1 - p
    }
    var below = start
    var above = start
    var step = scale
    if reached(start) {
      repeat {
        above = below
        below = max(low, below - step)
        step *= 2
      } while below > low && reached(below)
      if low == 0 { below = shrink(below, above, reached) }
    } else {
      repeat {
        below = above
        above = min(high, above + step)
        step *= 2
      } while above < high && !reached(above)
    }
    return narrow(below, above) { p <= 0.5 ? cumulative($0) - p : (1 - p) - survival($0) }
  }

  /// The smallest double with `excess` >= 0 in a bracket, by regula falsi with the Illinois
  /// correction, and bisection whenever the bracket does not shrink to half in two steps.
  ///
  /// Source: Dowell and Jarratt (1971), A modified regula falsi method for computing the root of an
  /// equation, section 2.
  private static func narrow(
    _ low: Double, _ high: Double, _ excess: (Double) -> Double
  ) -> Double {
    var (below, above) = (low, high)
    var (atBelow, atAbove) = (-Double.infinity, Double.infinity)
    if below.isFinite { atBelow = excess(below) }
    if above.isFinite { atAbove = excess(above) }
    if atBelow >= 0 { return below }
    var width = above - below
    var lastSide = 0
    for step in 0..<300 {
      let middle = below + (above - below) / 2
      if !(middle > below && middle < above) { break }
      var next = middle
      if step % 3 != 2 || above - below < 0.5 * width {
        let secant = above - atAbove * ((above - below) / (atAbove - atBelow))
        // One ulp away from a converged end, so that the other end follows.
        if secant > below && secant < above {
          next = min(max(secant, below + 2 * below.ulp), above - 2 * above.ulp)
          if !(next > below && next < above) { next = middle }
        }
      }
      if step % 3 == 2 { width = above - below }
      let value = excess(next)
      let side = value >= 0 ? 1 : -1
      if side > 0 {
        (above, atAbove) = (next, value)
        if side == lastSide { atBelow *= 0.5 }
      } else {
        (below, atBelow) = (next, value)
        if side == lastSide { atAbove *= 0.5 }
      }
      lastSide = side
    }
    return above
  }

  /// A lower end by halving, for positive values close to 0.
  private static func shrink(
    _ below: Double, _ above: Double, _ reached: (Double) -> Bool
  ) -> Double {
    if below > 0 { return below }
    var x = above / 2
    while x > 0 && reached(x) { x /= 2 }
    return x
  }

  /// The smallest integer k in `low...high` with P(X <= k) >= p.
  ///
  /// - Parameters:
  ///   - start: A guess, for example from the normal approximation.
  ///   - step: The first step away from it.
  static func integer(
    _ p: Double, low: Int64, high: Int64, start: Double, step: Double,
    cumulative: (Int64) -> Double, survival: (Int64) -> Double
  ) -> Double {
    if !(p >= 0 && p <= 1) { return .nan }
    if p == 0 { return Double(low) }
    if p == 1 { return high == .max ? .infinity : Double(high) }
    func reached(_ x: Int64) -> Bool {
      p <= 0.5 ? cumulative(x) >= p : survival(x) <= 1 - p
    }
    let guess = clamp(start, low, high)
    var width = clamp(step, 1, 1 << 40)
    var below = guess
    var above = guess
    if reached(guess) {
      repeat {
        if below == low { return Double(low) }
        above = below
        below = below - low > width ? below - width : low
        width = min(width * 2, 1 << 60)
      } while reached(below)
    } else {
      repeat {
        if above == high { return Double(high) }
        below = above
        above = high - above > width ? above + width : high
        width = min(width * 2, 1 << 60)
      } while !reached(above)
    }
    while above - below > 1 {
      let middle = below + (above - below) / 2
      if reached(middle) { above = middle } else { below = middle }
    }
    return Double(above)
  }

  private static func clamp(_ x: Double, _ low: Int64, _ high: Int64) -> Int64 {
    if !(x > Double(low)) { return low }
    if x >= Double(high) { return high }
    return min(max(Int64(x), low), high)
  }
}
