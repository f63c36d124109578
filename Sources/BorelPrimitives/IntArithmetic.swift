import BorelKernels

extension PrimitiveRegistry {
  /// Arithmetic on 64-bit integers. Overflow is a failure, never a wrap (semantics, 1.6).
  static let intArithmetic: [Primitive] = [
    Primitive(
      "add.int", [.int, .int], .int, summary: "The sum of two integers.",
      failure: .integerOverflow,
      implementation: .kernel(borel_k_add_int)),
    Primitive(
      "subtract.int", [.int, .int], .int, summary: "The difference of two integers.",
      failure: .integerOverflow,
      implementation: .kernel(borel_k_sub_int)),
    Primitive(
      "multiply.int", [.int, .int], .int, summary: "The product of two integers.",
      failure: .integerOverflow,
      implementation: .kernel(borel_k_mul_int)),
    Primitive(
      "negate.int", [.int], .int, summary: "The integer with the opposite sign.",
      failure: .integerOverflow,
      implementation: .kernel(borel_k_neg_int)),
    Primitive(
      "quotient.int", calledAs: "quotient", [.int, .int], .int,
      summary: "The quotient of two integers, truncated towards zero.",
      failure: .divisionByZero,
      implementation: .kernel(borel_k_quotient_int)),
    Primitive(
      "remainder.int", calledAs: "remainder", [.int, .int], .int,
      summary: "The remainder of `quotient`; it has the sign of the first operand.",
      failure: .divisionByZero,
      implementation: .kernel(borel_k_remainder_int)),
    Primitive(
      "power.int", calledAs: "pow", [.int, .int], .int,
      summary: "An integer to the power of an integer; 0 to the power 0 is 1.",
      failure: .domain("an exponent of at least 0 and a result that fits in 64 bits"),
      implementation: .kernel(borel_k_power_int)),
    Primitive(
      "abs.int", calledAs: "abs", [.int], .int, summary: "The absolute value.",
      failure: .integerOverflow,
      implementation: .kernel(borel_k_abs_int)),
    Primitive(
      "sign.int", calledAs: "sign", [.int], .int, summary: "-1, 0 or 1 by the sign.",
      implementation: .kernel(borel_k_sign_int)),
    Primitive(
      "square.int", calledAs: "square", [.int], .int, summary: "The number times itself.",
      failure: .integerOverflow,
      implementation: .lanes { operands -> Int64? in
        let (value, overflow) = operands.int(0).multipliedReportingOverflow(by: operands.int(0))
        return overflow ? nil : value
      }),
    Primitive(
      "min.int", calledAs: "min", [.int, .int], .int, summary: "The smaller of two integers.",
      implementation: .kernel(borel_k_min_int)),
    Primitive(
      "max.int", calledAs: "max", [.int, .int], .int, summary: "The larger of two integers.",
      implementation: .kernel(borel_k_max_int)),
    Primitive(
      "clamp.int", calledAs: "clamp", [.int, .int, .int], .int,
      summary: "The nearest integer to the first in the range of the second and third.",
      failure: .domain("a lower bound that is at most the upper bound"),
      implementation: .lanes { operands -> Int64? in
        let (lower, upper) = (operands.int(1), operands.int(2))
        return lower <= upper ? min(max(operands.int(0), lower), upper) : nil
      }),
  ]
}
