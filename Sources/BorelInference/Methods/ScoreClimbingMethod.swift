extension MethodSignature {
  static let msc = MethodSignature(
    name: "msc",
    summary: """
      Markov score climbing: fits a normal law to the posterior of the parameters by the smallest \
      KL(p || q), so that its moments are those of the posterior, and draws from the posterior with \
      proposals from the fitted law. Candidates from it are weighed by particle filters.
      """,
    options: [
      int("particles", 1...1_000_000, default: 100, "executions of each filter"),
      int(
        "proposals", 1...10_000, default: 4,
        "parameters that are proposed in each round, beside the present ones"),
      choice(
        "family", ["fullRank", "meanField"],
        "whether coordinates of the normal law may depend on each other"),
      int("steps", 0...1_000_000, default: 300, "rounds in which the law is fitted"),
      real(
        "rate", 1e-3...1, default: 0.3,
        "share by which the first steps move the law towards the weighed candidates"),
      int("draws", 1...Int.max, default: 500, "kept draws of each chain, with the fitted law"),
      int("chains", 1...100_000, default: 8, "chains side by side, which fit one law together"),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
    ],
    source: """
      Naesseth, Lindsten, Blei (2020), Markovian score climbing: variational inference with \
      KL(p||q); Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods \
      (filters that weigh the candidates).
      """)
}
