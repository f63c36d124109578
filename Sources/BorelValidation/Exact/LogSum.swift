import Foundation

/// A sum of numbers given by their logarithms, in log space, so that masses of any size fit.
package struct LogSum: Hashable, Sendable {
  private var maximum = -Double.infinity
  /// Sum of `exp(term - maximum)`.
  private var sum = 0.0
  /// What rounding has taken from `sum` (Neumaier).
  private var lost = 0.0

  package init() {}

  package mutating func add(_ term: Double) {
    if term == -.infinity { return }
    if term > maximum {
      let factor = exp(maximum - term)
      sum *= factor
      lost *= factor
      maximum = term
    }
    let value = exp(term - maximum)
    let next = sum + value
    lost += abs(sum) >= value ? (sum - next) + value : (value - next) + sum
    sum = next
  }

  /// The log of the sum; `-infinity` of nothing.
  package var value: Double { maximum == -.infinity ? -.infinity : maximum + log(sum + lost) }
}
