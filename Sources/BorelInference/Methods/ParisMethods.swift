extension MethodSignature {
  static let paris = MethodSignature(
    name: "paris",
    summary: """
      Particle filter whose tallies are smoothed on the way by a few backward draws per execution. \
      Memory does not grow with the number of steps.
      """,
    options: [
      int("particles", 2...10_000_000, default: 1_000, "executions in each group"),
      int(
        "backwardDraws", 1...1_000, default: 2,
        "backward draws per execution; one degenerates like tracing the genealogy"),
      backwardOption,
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int("groups", 1...1_000_000, default: 8, "independent populations: 8 or more give errors"),
    ],
    source: """
      Olsson, Westerborn (2017), Efficient particle-based online smoothing in general hidden Markov \
      models: the PaRIS algorithm; Dau, Chopin (2022), On backward smoothing algorithms.
      """)

  static let ffbsi = MethodSignature(
    name: "ffbsi",
    summary: """
      Forward filtering, backward simulation: a particle filter, and then whole paths drawn \
      backward from all of its executions.
      """,
    options: [
      int("particles", 2...10_000_000, default: 1_000, "executions in each group"),
      int("draws", 1...10_000_000, default: 100, "paths drawn from each group"),
      backwardOption,
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int("groups", 1...1_000_000, default: 8, "independent populations: 8 or more give errors"),
    ],
    source: "Godsill, Doucet, West (2004), Monte Carlo smoothing for nonlinear time series.")

  static let fixedLag = MethodSignature(
    name: "fixedLag",
    summary: """
      Fixed-lag smoothing: what was drawn in a step, and tallies, given the observations up to some \
      steps later. Runs any program; values of distant steps are drawn apart.
      """,
    options: [
      int("particles", 1...10_000_000, default: 1_000, "executions in each group"),
      int(
        "lag", 0...1_000_000, default: 20,
        "steps after which a value is drawn; 0 filters, and long lags collapse"),
      int("draws", 1...10_000_000, default: 100, "draws from each group"),
      choice(
        "resampler", ["systematic", "stratified", "multinomial", "residual"],
        "how ancestors are drawn"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int("groups", 1...1_000_000, default: 8, "independent populations: 8 or more give errors"),
    ],
    source: """
      Olsson, Cappé, Douc, Moulines (2008), Sequential Monte Carlo smoothing with application to \
      parameter estimation in nonlinear state space models.
      """)

  static let ppg = MethodSignature(
    name: "ppg",
    summary: """
      Parisian particle Gibbs: conditional sweeps with smoothed tallies, averaged after a burn-in. \
      Less bias than 'paris' at the same cost, and more variance.
      """,
    options: [
      int("particles", 2...1_000_000, default: 50, "executions in each sweep"),
      int("sweeps", 1...Int.max, default: 20, "sweeps of each replicate, burn-in included"),
      int("burnIn", 0...Int.max, default: 10, "sweeps that are left out of the average"),
      int(
        "backwardDraws", 1...1_000, default: 2,
        "backward draws per execution; the first one also makes the path"),
      backwardOption,
      choice(
        "resampler", ["systematic", "stratified", "multinomial"],
        "how ancestors are drawn, in its conditional form"),
      real(
        "threshold", 0...1, default: 0.5,
        "resample when the effective sample size is below this share of the particles"),
      int("groups", 1...1_000_000, default: 8, "independent replicates: 8 or more give errors"),
      int("moves", 0...1_000, default: 1, "moves of the parameters after each sweep"),
    ],
    source: """
      Cardoso, Janati El Idrissi, Le Corff, Moulines, Olsson (2023), State and parameter learning \
      with PaRIS particle Gibbs.
      """)

  private static var backwardOption: Option {
    choice(
      "backward", BackwardMethod.allCases.map(\.rawValue),
      """
      how predecessors are drawn: by weighing all, by accept-reject against a bound of the density, \
      or by one Metropolis move from the ancestor (with multinomial resampling at threshold 1)
      """)
  }
}
