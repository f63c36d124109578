extension MethodSignature {
  static let tempered = MethodSignature(
    name: "tempered",
    summary: """
      Tempering: executions start from the prior, and the likelihood is brought in step by step, \
      raised to growing powers; after each step executions are resampled by their weights and move \
      by a kernel. For posteriors with several modes, and for evidence of static models.
      """,
    options: [
      int("particles", 2...Int.max, default: 1_000, "number of executions in each group"),
      kernel(
        "kernel", default: randomWalk.defaults,
        "how executions move; kernels combine by 'cycle(...)' and 'mixture(...)'"),
      int("steps", 1...1_000_000, default: 5, "iterations of the kernel after each step"),
      real(
        "ess", 0.01...0.99, default: 0.5,
        """
        the next power is the one at which the effective sample size of the step is this share of \
        the particles
        """),
      int(
        "stages", 0...1_000_000, default: 0,
        """
        powers (k/stages)^4 that are fixed beforehand, with kernels that are not tuned: the evidence \
        is then unbiased; 0 finds the powers and tunes the kernel from step to step
        """),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn; 'multinomial' has a standard error of the evidence from one group"
      ),
      int(
        "groups", 1...1_000_000, default: 1,
        "independent populations; 8 or more give standard errors with every resampler"),
    ],
    source: """
      Neal (2001), Annealed importance sampling; Del Moral, Doucet, Jasra (2006), Sequential Monte \
      Carlo samplers; Zhou, Johansen, Aston (2016), Toward automatic model comparison, section 3.2 \
      (the next power); Friel, Pettitt (2008), Marginal likelihood estimation via power posteriors \
      (fixed powers).
      """, evidence: .consistent)
}

extension MethodSpecification {
  /// What is known about the evidence that the method reports with these options.
  package var evidence: MethodSignature.Evidence {
    let declared = MethodRegistry.method(named: name)?.evidence ?? .none
    switch name {
    case "tempered": return int("stages") > 0 ? .unbiased : declared
    // Whether there are moves, and how many, depends on the population.
    case "smc": return kernel("rejuvenate") == nil ? declared : .consistent
    // Moves and exchanges that the population decides about leave it consistent.
    case "smc2":
      let isFixed = [0, 1].contains(real("exchange")) && [0, 1].contains(real("threshold"))
      return real("scale") > 0 && isFixed ? .unbiased : declared
    default: return declared
    }
  }
}
