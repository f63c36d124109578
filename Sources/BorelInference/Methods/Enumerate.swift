extension MethodSignature {
  static let enumerate = MethodSignature(
    name: "enumerate",
    summary: """
      Explores every value of every finite choice: exact probabilities and evidence. Executions \
      that meet in the same state are merged.
      """,
    options: [
      real(
        "tolerance", 0...1, default: 0,
        "prior mass that may stay unexplored, for countable choices and recursion"),
      int("executions", 1...Int.max, default: 10_000_000, "most executions that may be explored"),
    ],
    source: "Forward algorithm: dynamic programming over equal states.", evidence: .exact)
}
