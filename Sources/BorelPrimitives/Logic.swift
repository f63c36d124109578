import BorelKernels

extension PrimitiveRegistry {
  /// Strict logic on Bools; `&&` and `||` with their short cut are control flow.
  static let logic: [Primitive] = [
    Primitive(
      "and", [.bool, .bool], .bool, summary: "Whether both are true.",
      implementation: .kernel(borel_k_and_bool)),
    Primitive(
      "or", [.bool, .bool], .bool, summary: "Whether at least one is true.",
      implementation: .kernel(borel_k_or_bool)),
    Primitive(
      "xor", calledAs: "xor", [.bool, .bool], .bool, summary: "Whether exactly one is true.",
      implementation: .kernel(borel_k_ne_bool)),
    Primitive(
      "not", [.bool], .bool, summary: "Whether it is false.",
      implementation: .kernel(borel_k_not_bool)),
    Primitive(
      "select.word", [.bool, .real, .real], .real,
      summary: "The second word where the first is true, else the third; words of any type.",
      implementation: .kernel(borel_k_select)),
  ]
}
