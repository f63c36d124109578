import BorelKernels

extension PrimitiveRegistry {
  /// Comparisons. Those with NaN are false, except `notEqual`.
  static let comparisons: [Primitive] = [
    Primitive(
      "less.real", [.real, .real], .bool, summary: "Whether the first real is the smaller one.",
      implementation: .kernel(borel_k_lt_real)),
    Primitive(
      "lessEqual.real", [.real, .real], .bool,
      summary: "Whether the first real is at most the second.",
      implementation: .kernel(borel_k_le_real)),
    Primitive(
      "greater.real", [.real, .real], .bool,
      summary: "Whether the first real is the larger one.",
      implementation: .kernel(borel_k_gt_real)),
    Primitive(
      "greaterEqual.real", [.real, .real], .bool,
      summary: "Whether the first real is at least the second.",
      implementation: .kernel(borel_k_ge_real)),
    Primitive(
      "equal.real", [.real, .real], .bool, summary: "Whether two reals are equal; 0 equals -0.",
      implementation: .kernel(borel_k_eq_real)),
    Primitive(
      "notEqual.real", [.real, .real], .bool, summary: "Whether two reals differ.",
      implementation: .kernel(borel_k_ne_real)),
    Primitive(
      "less.int", [.int, .int], .bool, summary: "Whether the first integer is the smaller one.",
      implementation: .kernel(borel_k_lt_int)),
    Primitive(
      "lessEqual.int", [.int, .int], .bool,
      summary: "Whether the first integer is at most the second.",
      implementation: .kernel(borel_k_le_int)),
    Primitive(
      "greater.int", [.int, .int], .bool,
      summary: "Whether the first integer is the larger one.",
      implementation: .kernel(borel_k_gt_int)),
    Primitive(
      "greaterEqual.int", [.int, .int], .bool,
      summary: "Whether the first integer is at least the second.",
      implementation: .kernel(borel_k_ge_int)),
    Primitive(
      "equal.int", [.int, .int], .bool, summary: "Whether two integers are equal.",
      implementation: .kernel(borel_k_eq_int)),
    Primitive(
      "notEqual.int", [.int, .int], .bool, summary: "Whether two integers differ.",
      implementation: .kernel(borel_k_ne_int)),
    Primitive(
      "equal.bool", [.bool, .bool], .bool, summary: "Whether two Bools are equal.",
      implementation: .kernel(borel_k_eq_bool)),
    Primitive(
      "notEqual.bool", [.bool, .bool], .bool, summary: "Whether two Bools differ.",
      implementation: .kernel(borel_k_ne_bool)),
    Primitive(
      "equal.string", [.string, .string], .bool, summary: "Whether two strings are equal.",
      implementation: .kernel(borel_k_eq_int)),
    Primitive(
      "notEqual.string", [.string, .string], .bool, summary: "Whether two strings differ.",
      implementation: .kernel(borel_k_ne_int)),
    Primitive(
      "isNaN.real", calledAs: "isNaN", [.real], .bool, summary: "Whether it is not a number.",
      implementation: .kernel(borel_k_is_nan)),
    Primitive(
      "isFinite.real", calledAs: "isFinite", [.real], .bool,
      summary: "Whether it is neither infinite nor NaN.",
      implementation: .kernel(borel_k_is_finite)),
    Primitive(
      "isInfinite.real", calledAs: "isInfinite", [.real], .bool,
      summary: "Whether it is infinite.",
      implementation: .lanes { $0.real(0).isInfinite }),
  ]
}
