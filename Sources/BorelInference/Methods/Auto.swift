extension MethodSignature {
  static let auto = MethodSignature(
    name: "auto",
    summary: """
      Chooses: exact enumeration where all choices are finite and few, a particle filter where \
      executions can be resampled between observations, particle Gibbs where that would leave few \
      values of parameters, Markov chains where all choices come before the observations and few \
      prior draws agree with them, otherwise importance sampling.
      """,
    options: [],
    source: "The rules go by counts, never by time, so that the choice is reproducible.")
}
