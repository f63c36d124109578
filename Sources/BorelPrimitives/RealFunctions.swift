import BorelKernels

extension PrimitiveRegistry {
  /// Elementary functions of reals. They are total: outside their domain the result is NaN.
  static let realFunctions: [Primitive] = [
    unary(
      "exp", borel_k_exp, "e to the power x.",
      derivative: .result * .dx),
    unary(
      "expm1", borel_k_expm1, "exp(x) - 1, accurate near 0.",
      derivative: (.result + .real(1)) * .dx),
    unary(
      "log", borel_k_log, "The natural logarithm; -infinity at 0, NaN below.",
      derivative: .dx / .x),
    unary(
      "log1p", borel_k_log1p, "log(1 + x), accurate near 0.",
      derivative: .dx / (.real(1) + .x)),
    unary(
      "sqrt", borel_k_sqrt, "The square root; NaN below 0.",
      derivative: .real(0.5) * .dx / .result),
    unary(
      "sin", borel_k_sin, "The sine of an angle in radians.",
      derivative: .call("cos", .x) * .dx),
    unary(
      "cos", borel_k_cos, "The cosine of an angle in radians.",
      derivative: -(.call("sin", .x) * .dx)),
    unary(
      "tan", borel_k_tan, "The tangent of an angle in radians.",
      derivative: (.real(1) + .call("square", .result)) * .dx),
    unary(
      "asin", borel_k_asin, "The angle in [-pi/2, pi/2] with this sine.",
      derivative: .dx / .call("sqrt", .real(1) - .call("square", .x))),
    unary(
      "acos", borel_k_acos, "The angle in [0, pi] with this cosine.",
      derivative: -(.dx / .call("sqrt", .real(1) - .call("square", .x)))),
    unary(
      "atan", borel_k_atan, "The angle in [-pi/2, pi/2] with this tangent.",
      derivative: .dx / (.real(1) + .call("square", .x))),
    unary(
      "sinh", borel_k_sinh, "The hyperbolic sine.",
      derivative: .call("cosh", .x) * .dx),
    unary(
      "cosh", borel_k_cosh, "The hyperbolic cosine.",
      derivative: .call("sinh", .x) * .dx),
    unary(
      "tanh", borel_k_tanh, "The hyperbolic tangent.",
      derivative: (.real(1) - .call("square", .result)) * .dx),
    binary(
      "atan2", borel_k_atan2, "The angle in [-pi, pi] of the point (x, y), given y first.",
      derivative: [.y * .dx / squares, -(.x * .dy / squares)]),
    binary(
      "hypot", borel_k_hypot, "sqrt(x^2 + y^2) without overflow in between.",
      derivative: [.x * .dx / .result, .y * .dy / .result]),
    Primitive(
      "power.real", calledAs: "pow", [.real, .real], .real,
      summary: "The first to the power of the second; NaN for a negative base and an exponent "
        + "that is not whole.",
      implementation: .kernel(borel_k_pow_real),
      derivative: .terms([
        .y * .call("power", .x, .y - .real(1)) * .dx,
        .call("multiplyLog", .result, .x) * .dy,
      ])),
    Primitive(
      "log2.real", calledAs: "log2", [.real], .real, summary: "The logarithm to base 2.",
      implementation: .map { logarithm($0, base: 2) },
      derivative: .of(.real(1.44269504088896340736) * .dx / .x)),
    Primitive(
      "log10.real", calledAs: "log10", [.real], .real, summary: "The logarithm to base 10.",
      implementation: .map { logarithm($0, base: 10) },
      derivative: .of(.real(0.43429448190325182765) * .dx / .x)),
  ]

  /// A total function of one real that programs call by `name`.
  static func unary(
    _ name: String, _ kernel: @escaping borel_kernel, _ summary: String, derivative term: Formula
  ) -> Primitive {
    Primitive(
      "\(name).real", calledAs: name, [.real], .real, summary: summary,
      implementation: .kernel(kernel), derivative: .of(term))
  }

  /// A total function of two reals that programs call by `name`.
  static func binary(
    _ name: String, _ kernel: @escaping borel_kernel, _ summary: String,
    derivative terms: [Formula]
  ) -> Primitive {
    Primitive(
      "\(name).real", calledAs: name, [.real, .real], .real, summary: summary,
      implementation: .kernel(kernel), derivative: .terms(terms))
  }

  /// The squared distance of the point of `atan2` from the origin.
  private static let squares = Formula.call("square", .x) + .call("square", .y)

  /// The logarithm to a whole base, exact for its whole powers.
  private static func logarithm(_ x: Double, base: Double) -> Double {
    let quotient = borel_log(x) / borel_log(base)
    guard quotient.isFinite else { return quotient }
    let whole = quotient.rounded()
    return borel_pow(base, whole) == x ? whole : quotient
  }
}
