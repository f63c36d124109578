import BorelKernels

extension PrimitiveRegistry {
  /// Arithmetic on reals: IEEE 754, total; NaN arises from `inf - inf`, `0 * inf` and `0 / 0`.
  static let realArithmetic: [Primitive] = [
    Primitive(
      "add.real", [.real, .real], .real, summary: "The sum of two reals.",
      implementation: .kernel(borel_k_add_real),
      derivative: .terms([.dx, .dy])),
    Primitive(
      "subtract.real", [.real, .real], .real, summary: "The difference of two reals.",
      implementation: .kernel(borel_k_sub_real),
      derivative: .terms([.dx, -.dy])),
    Primitive(
      "multiply.real", [.real, .real], .real, summary: "The product of two reals.",
      implementation: .kernel(borel_k_mul_real),
      derivative: .terms([.dx * .y, .x * .dy])),
    Primitive(
      "divide.real", [.real, .real], .real,
      summary: "The quotient of two reals; infinite on division of a nonzero number by zero.",
      implementation: .kernel(borel_k_div_real),
      derivative: .terms([.dx / .y, -(.result * .dy / .y)])),
    Primitive(
      "negate.real", [.real], .real, summary: "The real with the opposite sign.",
      implementation: .kernel(borel_k_neg_real),
      derivative: .of(-.dx)),
    Primitive(
      "abs.real", calledAs: "abs", [.real], .real, summary: "The absolute value.",
      implementation: .kernel(borel_k_abs_real),
      derivative: .of(.call("sign", .x) * .dx)),
    Primitive(
      "sign.real", calledAs: "sign", [.real], .real,
      summary: "-1, 0 or 1 by the sign; NaN for NaN.",
      implementation: .kernel(borel_k_sign_real),
      derivative: .jumps),
    Primitive(
      "square.real", calledAs: "square", [.real], .real, summary: "The number times itself.",
      implementation: .kernel(borel_k_square),
      derivative: .of(.real(2) * .x * .dx)),
    Primitive(
      "min.real", calledAs: "min", [.real, .real], .real,
      summary: "The smaller of two reals; NaN when one of them is.",
      implementation: .kernel(borel_k_min_real),
      derivative: .terms(choice("lessEqual"))),
    Primitive(
      "max.real", calledAs: "max", [.real, .real], .real,
      summary: "The larger of two reals; NaN when one of them is.",
      implementation: .kernel(borel_k_max_real),
      derivative: .terms(choice("greaterEqual"))),
    Primitive(
      "clamp.real", calledAs: "clamp", [.real, .real, .real], .real,
      summary: "The nearest number to the first in the interval of the second and third.",
      failure: .domain("a lower bound that is at most the upper bound"),
      implementation: .lanes { operands -> Double? in
        let (x, lower, upper) = (operands.real(0), operands.real(1), operands.real(2))
        guard lower <= upper else { return nil }
        return x < lower ? lower : (x > upper ? upper : x)
      },
      derivative: .terms([
        .call("select", isBelow, .real(0), .call("select", isAbove, .real(0), .dx)),
        .call("select", isBelow, .dy, .real(0)),
        .call("select", isAbove, .tangent(2), .real(0)),
      ])),
    Primitive(
      "remainder.real", calledAs: "remainder", [.real, .real], .real,
      summary: "The remainder of the division truncated towards zero; the sign of the first.",
      implementation: .kernel(borel_k_mod_real),
      derivative: .jumps),
  ]

  private static let isBelow = Formula.call("less", .x, .y)
  private static let isAbove = Formula.call("greater", .x, .operand(2))

  /// The terms of a choice of the first operand where a comparison holds, else of the second.
  private static func choice(_ comparison: String) -> [Formula] {
    let isFirst = Formula.call(comparison, .x, .y)
    return [
      .call("select", isFirst, .dx, .real(0)), .call("select", isFirst, .real(0), .dy),
    ]
  }
}
