extension MethodSignature {
  static let prior = MethodSignature(
    name: "prior",
    summary: "Draws from the prior: observations draw instead of scoring.",
    options: [int("draws", 1...Int.max, default: 1_000, "number of draws")],
    source: "Ancestral sampling.")
}
