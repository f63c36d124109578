extension MethodSignature {
  static let pg = MethodSignature(
    name: "pg",
    summary: """
      Particle Gibbs: particle filters in which one execution repeats the choices of the path \
      before; parameters move between the sweeps. Runs any program.
      """,
    options: particleGibbsOptions + [
      bool(
        "ancestors", default: false,
        "draw a new past for the retained path at every resampling, which mixes far better"),
      bool("backward", default: false, "draw each path backward instead of tracing it"),
    ],
    source: """
      Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods; Whiteley \
      (2010), discussion of it; Chopin, Singh (2015), On particle Gibbs sampling.
      """)

  static let pgas = MethodSignature(
    name: "pgas",
    summary: """
      Particle Gibbs with ancestor sampling: 'pg(ancestors: true)'. Needs a state that follows \
      from the choices of its own step.
      """,
    options: particleGibbsOptions,
    source: "Lindsten, Jordan, Schön (2014), Particle Gibbs with ancestor sampling.")

  static let pmmh = MethodSignature(
    name: "pmmh",
    summary: """
      Particle marginal Metropolis-Hastings: parameters are proposed, and a particle filter's \
      estimate of the evidence accepts or rejects them. Exact for any number of particles.
      """,
    options: [
      int("particles", 1...1_000_000, default: 200, "executions of each filter"),
      int("draws", 1...Int.max, default: 2_000, "kept draws of each chain"),
      int("burnIn", 0...Int.max, default: 500, "draws before them, in which the steps are tuned"),
      int("chains", 1...100_000, default: 4, "independent chains, run side by side"),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
    ],
    source: "Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods.")

  private static var particleGibbsOptions: [Option] {
    [
      int("particles", 2...1_000_000, default: 100, "executions in each sweep"),
      int("draws", 1...Int.max, default: 1_000, "kept sweeps of each chain"),
      int("burnIn", 0...Int.max, default: 200, "sweeps before them"),
      int("chains", 1...100_000, default: 4, "independent chains, run side by side"),
      choice(
        "resampler", ["systematic", "stratified", "multinomial"],
        "how ancestors are drawn, in its conditional form"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int("moves", 0...1_000, default: 1, "moves of the parameters after each sweep"),
    ]
  }
}
