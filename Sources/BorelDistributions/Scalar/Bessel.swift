/// Modified Bessel functions of the first kind, in the form that circular densities need.
enum Bessel {
  /// log(I0(x) exp(-x)) for x >= 0.
  ///
  /// Below 30 the power series, whose terms are all positive; above it the asymptotic series,
  /// whose smallest term is below exp(-2x).
  ///
  /// Source: Abramowitz and Stegun (1964), 9.6.12 and 9.7.1.
  static func logScaledI0(_ x: Double) -> Double {
    if x < 30 { return log(series(x, order: 0)) - x }
    return log(asymptotic(x, order: 0)) - 0.5 * log(2 * Double.pi * x)
  }

  /// I1(x) / I0(x) for x >= 0: the mean resultant length.
  static func ratio(_ x: Double) -> Double {
    if x < 30 { return x / 2 * series(x, order: 1) / series(x, order: 0) }
    return asymptotic(x, order: 1) / asymptotic(x, order: 0)
  }

  /// Sum over k of (x/2)^2k / (k! (k + order)!).
  private static func series(_ x: Double, order: Double) -> Double {
    let square = x * x / 4
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while term > 1e-17 * sum {
      term *= square / (k * (k + order))
      sum += term
      k += 1
    }
    return sum
  }

  private static func asymptotic(_ x: Double, order: Double) -> Double {
    let mu = 4 * order * order
    var term = 1.0
    var sum = 1.0
    var k = 1.0
    while abs(term) > 1e-17, k < 60 {
      term *= -(mu - (2 * k - 1) * (2 * k - 1)) / (8 * x * k)
      sum += term
      k += 1
    }
    return sum
  }
}
