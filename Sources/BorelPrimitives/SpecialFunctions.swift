import BorelKernels

extension PrimitiveRegistry {
  /// Special functions of statistics. They are total: outside their domain the result is NaN.
  static let specialFunctions: [Primitive] =
    [
      unary(
        "lgamma", borel_k_lgamma, "The logarithm of the absolute value of the gamma function.",
        derivative: .call("digamma", .x) * .dx),
      unary(
        "digamma", borel_k_digamma, "The derivative of `lgamma`.",
        derivative: .call("trigamma", .x) * .dx),
      unary(
        "trigamma", borel_k_trigamma, "The derivative of `digamma`.",
        derivative: .call("tetragamma", .x) * .dx),
      unary(
        "logistic", borel_k_logistic, "1 / (1 + exp(-x)).",
        derivative: .result * (.real(1) - .result) * .dx),
      unary(
        "logit", borel_k_logit, "log(p / (1 - p)).",
        derivative: .dx / (.x * (.real(1) - .x))),
      unary(
        "log1pexp", borel_k_log1pexp, "log(1 + exp(x)) without overflow.",
        derivative: .call("logistic", .x) * .dx),
      unary(
        "erf", borel_k_erf, "The error function.",
        derivative: .real(1.12837916709551257390) * .call("exp", -.call("square", .x)) * .dx),
      unary(
        "erfc", borel_k_erfc, "1 - erf(x), accurate for large x.",
        derivative: .real(-1.12837916709551257390) * .call("exp", -.call("square", .x)) * .dx),
      unary(
        "normalCdf", borel_k_normal_cdf, "P(Z <= x) for a standard normal Z.",
        derivative: .normalDensity(.x) * .dx),
      unary(
        "normalLogCdf", borel_k_normal_log_cdf, "log P(Z <= x) for a standard normal Z.",
        derivative: .normalizer
          * .call("exp", .real(-0.5) * .call("square", .x) - .result) * .dx),
      unary(
        "normalQuantile", borel_k_normal_quantile,
        "The x with P(Z <= x) = p for a standard normal Z.",
        derivative: .dx / .normalDensity(.result)),
      binary(
        "logAddExp", borel_k_logaddexp, "log(exp(x) + exp(y)) without overflow.",
        derivative: [
          .call("logistic", .x - .y) * .dx, .call("logistic", .y - .x) * .dy,
        ]),
      binary(
        "lbeta", borel_k_lbeta, "The logarithm of the beta function.",
        derivative: [
          (.call("digamma", .x) - .call("digamma", .x + .y)) * .dx,
          (.call("digamma", .y) - .call("digamma", .x + .y)) * .dy,
        ]),
      binary(
        "lchoose", borel_k_lchoose, "log of n! / (k! (n - k)!), by the gamma function for reals.",
        derivative: [
          (digammaAfter(.x) - digammaAfter(.x - .y)) * .dx,
          (digammaAfter(.x - .y) - digammaAfter(.y)) * .dy,
        ]),
      Primitive(
        "log1mexp.real", calledAs: "log1mexp", [.real], .real,
        summary: "log(1 - exp(x)) for x below 0, without cancellation.",
        implementation: .map { log1mExp($0) },
        derivative: .of(-(.dx / .call("expm1", -.x)))),
      Primitive(
        "logSubExp.real", calledAs: "logSubExp", [.real, .real], .real,
        summary: "log(exp(x) - exp(y)) for x at least y, without overflow.",
        implementation: .map { $0 == $1 ? -.infinity : $0 + log1mExp($1 - $0) },
        derivative: .terms([
          -(.dx / .call("expm1", .y - .x)), -(.dy / .call("expm1", .x - .y)),
        ])),
      Primitive(
        "multiplyLog.real", [.real, .real], .real,
        summary: "The first times the logarithm of the second; 0 where the first is 0.",
        implementation: .map { $0 == 0 ? 0 : $0 * borel_log($1) },
        derivative: .terms([.call("log", .y) * .dx, .x * .dy / .y])),
      Primitive(
        "tetragamma.real", [.real], .real, summary: "The derivative of `trigamma`.",
        implementation: .map { tetragamma($0) }),
    ] + combinatorics

  private static let combinatorics: [Primitive] = [
    Primitive(
      "lchoose.int", calledAs: "lchoose", [.int, .int], .real,
      summary: "The logarithm of the number of subsets of size k of n things; -infinity if none.",
      implementation: .lanes { operands -> Double? in
        let (n, k) = (operands.int(0), operands.int(1))
        return k < 0 || k > n ? -.infinity : borel_lchoose(Double(n), Double(k))
      }),
    Primitive(
      "choose.int", calledAs: "choose", [.int, .int], .int,
      summary: "The number of subsets of size k of n things.", failure: .integerOverflow,
      implementation: .lanes { choose($0.int(0), $0.int(1)) }),
    Primitive(
      "factorial.int", calledAs: "factorial", [.int], .int,
      summary: "n!, for n from 0 to 20.", failure: .domain("an integer from 0 to 20"),
      implementation: .lanes { operands -> Int64? in
        let n = operands.int(0)
        guard n >= 0, n <= 20 else { return nil }
        return n < 2 ? 1 : (2...n).reduce(1, *)
      }),
    Primitive(
      "lfactorial.int", calledAs: "lfactorial", [.int], .real,
      summary: "The logarithm of n!; NaN for negative n.",
      implementation: .lanes { operands -> Double? in
        operands.int(0) < 0 ? .nan : borel_lgamma(Double(operands.int(0)) + 1)
      }),
  ]

  /// digamma(x + 1).
  private static func digammaAfter(_ x: Formula) -> Formula { .call("digamma", x + .real(1)) }

  /// The second derivative of `digamma`, for positive x: the recurrence up to 16, then the
  /// asymptotic series, whose first neglected term is below 1e-16 of the sum there.
  ///
  /// Source: Abramowitz and Stegun (1972), 6.4.6 and 6.4.14.
  private static func tetragamma(_ x: Double) -> Double {
    guard x > 0 else { return .nan }
    var (sum, z) = (0.0, x)
    while z < 16 {
      sum -= 2 / (z * z * z)
      z += 1
    }
    let w = 1 / (z * z)
    let series = 0.5 - w * (1.0 / 6 - w * (1.0 / 6 - w * (0.3 - w * (5.0 / 6))))
    return sum - w * (1 + 1 / z + w * series)
  }

  /// log(1 - exp(x)) for x <= 0; NaN above.
  ///
  /// Source: Maechler (2012), "Accurately computing log(1 - exp(-|a|))", equation 7.
  private static func log1mExp(_ x: Double) -> Double {
    x > -0.6931471805599453 ? borel_log(-borel_expm1(x)) : borel_log1p(-borel_exp(x))
  }

  /// The binomial coefficient; 0 for k outside `0...n`, nil on overflow and for negative n.
  private static func choose(_ n: Int64, _ k: Int64) -> Int64? {
    if n < 0 { return nil }
    if k < 0 || k > n { return 0 }
    let last = UInt64(min(k, n - k))
    var result: UInt64 = 1
    var step: UInt64 = 1
    while step <= last {
      // The product of `step` consecutive integers is divisible by `step`, so this is exact.
      let wide = result.multipliedFullWidth(by: UInt64(n) - last + step)
      guard wide.high < step else { return nil }
      result = step.dividingFullWidth(wide).quotient
      if result > UInt64(Int64.max) { return nil }
      step += 1
    }
    return Int64(result)
  }
}
