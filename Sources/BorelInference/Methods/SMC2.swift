extension MethodSignature {
  static let smc2 = MethodSignature(
    name: "smc2",
    summary: """
      SMC squared: particles over the parameters, each with a particle filter of its own; parameters \
      are resampled with their filters and move by particle marginal Metropolis-Hastings. Posterior \
      of parameters and states, and evidence, datum by datum.
      """,
    options: [
      int("particles", 1...1_000_000, default: 200, "parameters in each group"),
      int("inner", 1...1_000_000, default: 100, "executions of each filter"),
      int("steps", 0...1_000, default: 3, "moves of the parameters after each resampling of them"),
      real(
        "threshold", 0...1, default: 0.5,
        """
        parameters are resampled and move when their effective sample size is below this share of \
        them
        """),
      real(
        "innerThreshold", 0...1, default: 0.5,
        "the same for the executions of a filter, which are resampled only"),
      real(
        "scale", 0...1e6, default: 0,
        """
        standard deviation of the moves of real parameters on their unconstrained scale; 0 takes it \
        from the covariance of the population
        """),
      real(
        "exchange", 0...1, default: 0.1,
        """
        filters are exchanged for ones of twice the size when fewer than this share of the moves are \
        accepted; 0 never, 1 always
        """),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      int(
        "groups", 1...100_000, default: 1,
        "independent populations; 8 or more give standard errors"),
    ],
    source: """
      Chopin, Jacob, Papaspiliopoulos (2013), SMC2: an efficient algorithm for sequential analysis \
      of state space models.
      """, evidence: .consistent)
}
