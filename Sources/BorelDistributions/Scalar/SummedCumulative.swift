/// Distribution functions by summation, for unimodal families on a finite range of integers that
/// have no better form.
///
/// The sum runs away from the mode, with terms from the ratios of neighbours, until they vanish;
/// the other side is one minus it. So both tails keep their relative accuracy.
struct SummedCumulative {
  let low: Int64
  let high: Int64
  let mode: Int64
  let logMass: (Int64) -> Double
  /// mass(k + 1) / mass(k).
  let ratio: (Int64) -> Double

  /// log P(X <= k).
  func logCumulative(_ k: Int64) -> Double {
    if k < low { return -.infinity }
    if k >= high { return 0 }
    return k < mode ? logSum(from: k, down: true) : log1mexp(logSum(from: k + 1, down: false))
  }

  /// log P(X > k).
  func logSurvival(_ k: Int64) -> Double {
    if k < low { return 0 }
    if k >= high { return -.infinity }
    return k < mode ? log1mexp(logSum(from: k, down: true)) : logSum(from: k + 1, down: false)
  }

  /// The log of the sum from a value to the end of its side; at most 0.
  private func logSum(from first: Int64, down: Bool) -> Double {
    let top = logMass(first)
    if top == -.infinity { return top }
    var term = 1.0
    var sum = 1.0
    var k = first
    while down ? k > low : k < high {
      if down {
        k -= 1
        term /= ratio(k)
      } else {
        term *= ratio(k)
        k += 1
      }
      sum += term
      if term < 1e-18 * sum { break }
    }
    return min(0, top + log(sum))
  }
}
