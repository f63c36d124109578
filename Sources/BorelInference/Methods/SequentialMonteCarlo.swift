extension MethodSignature {
  static let smc = MethodSignature(
    name: "smc",
    summary: """
      Particle filter: executions advance together from observation to observation and are \
      resampled by their weights. Unbiased evidence.
      """,
    options: [
      int("particles", 1...Int.max, default: 10_000, "number of executions in each group"),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn; 'multinomial' has a standard error of the evidence from one group"
      ),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int(
        "groups", 1...1_000_000, default: 1,
        "independent populations; 8 or more give standard errors with every resampler"),
      choice(
        "checkpoints", ["automatic", "aligned", "all", "none"],
        """
        where executions wait for each other: at observations that all executions reach, at all \
        observations and factors, or nowhere; 'automatic' is 'aligned' with two or more such \
        observations, else 'all'
        """),
      optionalKernel(
        "rejuvenate",
        """
        a kernel that moves all executions after each resampling, given the observations so far \
        (resample-move); it runs them from the start, and its scales are not adapted
        """),
    ],
    source: """
      Gordon, Salmond, Smith (1993); Del Moral (2004), Feynman-Kac formulae, section 7.4 \
      (unbiased evidence).
      """, evidence: .unbiased)
}
