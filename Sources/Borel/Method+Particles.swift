import BorelInference

/// Particle smoothers and particle Markov chains.
extension Method {
  /// How predecessors are drawn backward: by weighing all, by accept-reject against a bound of the
  /// density, or by one Metropolis move from the ancestor, which needs multinomial resampling at
  /// threshold 1. `automatic` takes accept-reject in large groups.
  public enum Backward: String, Sendable { case automatic, exact, reject, metropolis }

  /// Particle filter whose tallies are smoothed on the way, in memory that does not grow with the
  /// number of steps.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 2.
  ///   - backwardDraws: Backward draws per execution, at least 1; one degenerates like tracing the
  ///     genealogy.
  ///   - backward: How they are drawn.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func paris(
    particles: Int = 1_000, backwardDraws: Int = 2, backward: Backward = .automatic,
    resampler: Resampler = .systematic, threshold: Double = 0.5, groups: Int = 8
  ) -> Method {
    filter(
      "paris", particles, resampler, threshold, groups,
      ["backwardDraws": .int(backwardDraws), "backward": .choice(backward.rawValue)])
  }

  /// A particle filter, then whole paths drawn backward from all of its executions.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 2.
  ///   - draws: Paths drawn from each group, at least 1.
  ///   - backward: How predecessors are drawn.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func ffbsi(
    particles: Int = 1_000, draws: Int = 100, backward: Backward = .automatic,
    resampler: Resampler = .systematic, threshold: Double = 0.5, groups: Int = 8
  ) -> Method {
    filter(
      "ffbsi", particles, resampler, threshold, groups,
      ["draws": .int(draws), "backward": .choice(backward.rawValue)])
  }

  /// Fixed-lag smoothing: what was drawn in a step given the observations up to some steps later.
  /// Runs any program; values of distant steps are drawn apart.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 1.
  ///   - lag: Steps after which a value is drawn, at least 0; 0 filters.
  ///   - draws: Draws from each group, at least 1.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func fixedLag(
    particles: Int = 1_000, lag: Int = 20, draws: Int = 100, resampler: Resampler = .systematic,
    threshold: Double = 0.5, groups: Int = 8
  ) -> Method {
    filter(
      "fixedLag", particles, resampler, threshold, groups,
      ["lag": .int(lag), "draws": .int(draws)])
  }

  /// Parisian particle Gibbs: conditional sweeps with smoothed tallies, averaged after a burn-in.
  ///
  /// - Parameters:
  ///   - particles: Executions in each sweep, at least 2.
  ///   - sweeps: Sweeps of each replicate, burn-in included.
  ///   - burnIn: Sweeps left out of the average, below `sweeps`.
  ///   - backwardDraws: Backward draws per execution, at least 1; the first also makes the path.
  ///   - backward: How they are drawn.
  ///   - resampler: How ancestors are drawn; not `residual`, which has no conditional form.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent replicates, at least 1; 8 or more give standard errors.
  ///   - moves: Moves of the parameters after each sweep.
  public static func ppg(
    particles: Int = 50, sweeps: Int = 20, burnIn: Int = 10, backwardDraws: Int = 2,
    backward: Backward = .automatic, resampler: Resampler = .systematic, threshold: Double = 0.5,
    groups: Int = 8, moves: Int = 1
  ) -> Method {
    precondition(burnIn >= 0 && burnIn < sweeps, "burnIn must be below sweeps")
    return filter(
      "ppg", particles, resampler, threshold, groups,
      [
        "sweeps": .int(sweeps), "burnIn": .int(burnIn), "moves": .int(moves),
        "backwardDraws": .int(backwardDraws), "backward": .choice(backward.rawValue),
      ])
  }

  /// Particle Gibbs: filters in which one execution repeats the path before; parameters move in
  /// between.
  ///
  /// - Parameters:
  ///   - particles: Executions in each sweep, at least 2.
  ///   - draws: Kept sweeps of each chain, at least 1.
  ///   - burnIn: Sweeps before them.
  ///   - chains: Independent chains, run side by side, at least 1.
  ///   - resampler: How ancestors are drawn; not `residual`, which has no conditional form.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - moves: Moves of the parameters after each sweep.
  ///   - ancestors: The retained path gets a new past at every resampling. This and `backward` need
  ///     a state that follows from the choices of its own step.
  ///   - backward: Each path is drawn backward instead of being traced.
  public static func pg(
    particles: Int = 100, draws: Int = 1_000, burnIn: Int = 200, chains: Int = 4,
    resampler: Resampler = .systematic, threshold: Double = 0.5, moves: Int = 1,
    ancestors: Bool = false, backward: Bool = false
  ) -> Method {
    chain(
      "pg", particles, draws, burnIn, chains, resampler, threshold,
      ["moves": .int(moves), "ancestors": .bool(ancestors), "backward": .bool(backward)])
  }

  /// Particle Gibbs with ancestor sampling: `pg(ancestors: true)`.
  ///
  /// - Parameters:
  ///   - particles: Executions in each sweep, at least 2.
  ///   - draws: Kept sweeps of each chain, at least 1.
  ///   - burnIn: Sweeps before them.
  ///   - chains: Independent chains, run side by side, at least 1.
  ///   - resampler: How ancestors are drawn; not `residual`, which has no conditional form.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - moves: Moves of the parameters after each sweep.
  public static func pgas(
    particles: Int = 100, draws: Int = 1_000, burnIn: Int = 200, chains: Int = 4,
    resampler: Resampler = .systematic, threshold: Double = 0.5, moves: Int = 1
  ) -> Method {
    chain(
      "pgas", particles, draws, burnIn, chains, resampler, threshold, ["moves": .int(moves)])
  }

  /// Particle marginal Metropolis-Hastings: parameters are proposed, and a filter's estimate of
  /// the evidence decides. Exact for any number of particles.
  ///
  /// - Parameters:
  ///   - particles: Executions of each filter, at least 1.
  ///   - draws: Kept draws of each chain, at least 1.
  ///   - burnIn: Draws before them, in which the steps are tuned.
  ///   - chains: Independent chains, run side by side, at least 1.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  public static func pmmh(
    particles: Int = 200, draws: Int = 2_000, burnIn: Int = 500, chains: Int = 4,
    resampler: Resampler = .systematic, threshold: Double = 0.5
  ) -> Method {
    chain("pmmh", particles, draws, burnIn, chains, resampler, threshold, [:])
  }

  /// The law that `msc` fits.
  public enum Family: String, Sendable { case fullRank, meanField }

  /// Markov score climbing: fits a normal law to the posterior of the parameters, and draws with
  /// proposals from it. `Posterior.family` is the law.
  ///
  /// - Parameters:
  ///   - particles: Executions of each filter, at least 1.
  ///   - proposals: Parameters proposed in each round beside the present ones, at least 1.
  ///   - family: Whether coordinates of the law may depend on each other.
  ///   - steps: Rounds in which the law is fitted.
  ///   - rate: Share by which the first steps move it, 0.001 to 1.
  ///   - draws: Kept draws of each chain, at least 1.
  ///   - chains: Chains side by side, which fit one law together, at least 1.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  public static func msc(
    particles: Int = 100, proposals: Int = 4, family: Family = .fullRank, steps: Int = 300,
    rate: Double = 0.3, draws: Int = 500, chains: Int = 8, resampler: Resampler = .systematic,
    threshold: Double = 0.5
  ) -> Method {
    particle(
      "msc", particles, resampler, threshold,
      [
        "proposals": .int(proposals), "family": .choice(family.rawValue), "steps": .int(steps),
        "rate": .real(rate), "draws": .int(draws), "chains": .int(chains),
      ])
  }

  private static func filter(
    _ name: String, _ particles: Int, _ resampler: Resampler, _ threshold: Double, _ groups: Int,
    _ others: [String: MethodSpecification.Setting]
  ) -> Method {
    particle(
      name, particles, resampler, threshold, others.merging(["groups": .int(groups)]) { $1 })
  }

  private static func chain(
    _ name: String, _ particles: Int, _ draws: Int, _ burnIn: Int, _ chains: Int,
    _ resampler: Resampler, _ threshold: Double, _ others: [String: MethodSpecification.Setting]
  ) -> Method {
    particle(
      name, particles, resampler, threshold,
      others.merging(
        ["draws": .int(draws), "burnIn": .int(burnIn), "chains": .int(chains)]) { $1 })
  }

  private static func particle(
    _ name: String, _ particles: Int, _ resampler: Resampler, _ threshold: Double,
    _ others: [String: MethodSpecification.Setting]
  ) -> Method {
    Method(
      MethodSignature.named(
        name,
        others.merging(
          [
            "particles": .int(particles), "resampler": .choice(resampler.rawValue),
            "threshold": .real(threshold),
          ]) { $1 }))
  }
}
