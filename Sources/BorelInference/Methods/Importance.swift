extension MethodSignature {
  static let importance = MethodSignature(
    name: "importance",
    summary: """
      Runs the program many times, drawing from the prior and weighting by the observations. \
      Unbiased evidence; poor when the data are far from what the prior expects.
      """,
    options: [int("particles", 1...Int.max, default: 10_000, "number of executions")],
    source: "Likelihood weighting: Fung, Chang (1989); Shachter, Peot (1989).", evidence: .unbiased)
}
