/// Logarithms of the regularised incomplete gamma and beta functions, also where the functions
/// themselves underflow.
enum LogIncomplete {
  /// Below this a value is computed in log space.
  private static let tiny = 1e-280

  /// log P(a, x).
  static func gammaP(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return -.infinity }
    let value = SpecialFunctions.gammaP(a, x)
    if value > 0.5 { return log1p(-SpecialFunctions.gammaQ(a, x)) }
    if value > tiny { return log(value) }
    // P = x^a e^-x / Gamma(a + 1) (1 + x/(a+1) + x^2/((a+1)(a+2)) + ...)
    var term = 1.0
    var sum = 1.0
    var n = 1.0
    while term > 1e-17 * sum, n < 100_000 {
      term *= x / (a + n)
      sum += term
      n += 1
    }
    return a * log(x) - x - lgamma(a + 1) + log(sum)
  }

  /// log Q(a, x).
  static func gammaQ(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x == .infinity { return -.infinity }
    let value = SpecialFunctions.gammaQ(a, x)
    if value > 0.5 { return log1p(-SpecialFunctions.gammaP(a, x)) }
    if value > tiny { return log(value) }
    // Continued fraction of Gamma(a, x) by the modified Lentz method.
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1..<10_000 {
      let numerator = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (numerator * d + b)
      c = b + numerator / c
      h *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return a * log(x) - x - lgamma(a) + log(h)
  }

  /// log I_x(a, b).
  ///
  /// - Parameter y: 1 - x, given because it cannot be had from an x close to 1.
  static func beta(_ a: Double, _ b: Double, _ x: Double, complement y: Double) -> Double {
    if x <= 0 { return -.infinity }
    if y <= 0 { return 0 }
    let value =
      x < 0.5 ? SpecialFunctions.beta(a, b, x) : SpecialFunctions.betaComplement(b, a, y)
    if value > 0.5 {
      let rest = x < 0.5 ? SpecialFunctions.betaComplement(a, b, x) : SpecialFunctions.beta(b, a, y)
      return log1p(-rest)
    }
    if value > tiny { return log(value) }
    // I = x^a y^b / (a B(a, b)) (1 + (a+b)/(a+1) x + (a+b)(a+b+1)/((a+1)(a+2)) x^2 + ...)
    var term = 1.0
    var sum = 1.0
    var n = 0.0
    while term > 1e-17 * sum, n < 1_000_000 {
      term *= x * (a + b + n) / (a + 1 + n)
      sum += term
      n += 1
    }
    return xlogy(a, x) + xlogy(b, y) - log(a) - lbeta(a, b) + log(sum)
  }
}
