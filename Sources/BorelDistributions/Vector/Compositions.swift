/// The ways to split a total into an ordered list of counts: the support of count vectors.
enum Compositions {
  /// The number of lists of `parts` counts with a sum; `Int.max` when there are more.
  static func count(total: Int64, parts: Int) -> Int {
    if parts == 0 { return total == 0 ? 1 : 0 }
    return choose(UInt64(total) &+ UInt64(parts - 1), UInt64(min(Int64(parts - 1), total)))
  }

  /// The list with an index in the order that starts with all of the total in the last part.
  static func write(
    _ index: Int, total: Int64, parts: Int, into counts: UnsafeMutablePointer<Int64>
  ) {
    var remaining = total
    var index = index
    for part in 0..<max(0, parts - 1) {
      var taken: Int64 = 0
      while true {
        let block = count(total: remaining - taken, parts: parts - part - 1)
        if index < block { break }
        index -= block
        taken += 1
      }
      counts[part] = taken
      remaining -= taken
    }
    if parts > 0 { counts[parts - 1] = remaining }
  }

  /// The binomial coefficient for k at most n, `Int.max` on overflow.
  private static func choose(_ n: UInt64, _ k: UInt64) -> Int {
    let last = min(k, n - k)
    var result: UInt64 = 1
    var step: UInt64 = 1
    while step <= last {
      let wide = result.multipliedFullWidth(by: n - last + step)
      guard wide.high < step else { return .max }
      result = step.dividingFullWidth(wide).quotient
      if result > UInt64(Int.max) { return .max }
      step += 1
    }
    return Int(result)
  }
}
