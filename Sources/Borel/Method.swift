import BorelBase
import BorelInference

/// An inference method with its options.
public struct Method: Sendable, Hashable {
  package let specification: MethodSpecification

  package init(_ specification: MethodSpecification) { self.specification = specification }

  /// Reads the same text as programs and the command line: `smc(particles: 10_000)`. A kernel that the
  /// language does not have must be a move of the program that the method is used for.
  ///
  /// - Throws: E0701 to E0706, E0711.
  public init(_ text: String) throws(Diagnostics) {
    specification = try MethodSpecification(parsing: text, moves: nil)
  }

  /// The method with the options that are not the default.
  public var text: String { specification.text }

  /// How the particle filter draws ancestors.
  public enum Resampler: String, Sendable { case systematic, stratified, multinomial, residual }

  /// Chooses by the program; `Model.plan` says what and why.
  public static let auto = Method(MethodSignature.named("auto", [:]))

  /// Executions drawn from the prior and weighted by the observations.
  ///
  /// - Parameter particles: The number of executions, at least 1.
  public static func importance(particles: Int = 10_000) -> Method {
    precondition(particles >= 1, "particles must be at least 1")
    return Method(MethodSignature.named("importance", ["particles": .int(particles)]))
  }

  /// Particle filter.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 1.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  ///   - kernel: Moves all executions after each resampling; nil for none.
  public static func smc(
    particles: Int = 10_000, resampler: Resampler = .systematic, threshold: Double = 0.5,
    groups: Int = 1, rejuvenating kernel: Kernel? = nil
  ) -> Method {
    precondition(particles >= 1, "particles must be at least 1")
    precondition((0...1).contains(threshold), "threshold must be between 0 and 1")
    precondition(groups >= 1, "groups must be at least 1")
    return Method(
      MethodSignature.named(
        "smc",
        [
          "particles": .int(particles), "resampler": .choice(resampler.rawValue),
          "threshold": .real(threshold), "groups": .int(groups),
          "rejuvenate": kernel.map { MethodSpecification.Setting.kernel($0.specification) }
            ?? .choice("none"),
        ]))
  }

  /// Markov chains that move by Metropolis-Hastings-Green kernels.
  ///
  /// - Parameters:
  ///   - kernel: How chains move.
  ///   - chains: Chains side by side, at least 1; 4 or more for convergence diagnostics.
  ///   - draws: Draws that are kept in each chain, at least 1.
  ///   - warmup: Iterations before that, in which kernels adapt.
  ///   - thin: Iterations per draw, at least 1.
  public static func mh(
    kernel: Kernel = .randomWalk(), chains: Int = 4, draws: Int = 1_000, warmup: Int = 1_000,
    thin: Int = 1
  ) -> Method {
    precondition(chains >= 1 && draws >= 1 && warmup >= 0 && thin >= 1)
    return Method(
      MethodSignature.named(
        "mh",
        [
          "kernel": .kernel(kernel.specification), "chains": .int(chains), "draws": .int(draws),
          "warmup": .int(warmup), "thin": .int(thin),
        ]))
  }

  /// From the prior to the posterior by growing powers of the likelihood.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 2.
  ///   - kernel: How executions move.
  ///   - steps: Iterations of the kernel at each power, at least 1.
  ///   - ess: The effective sample size of a step as a share of the particles, 0.01 to 0.99.
  ///   - stages: Number of powers that are fixed beforehand, which makes the evidence unbiased; 0
  ///     finds them.
  ///   - resampler: How ancestors are drawn.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func tempered(
    particles: Int = 1_000, kernel: Kernel = .randomWalk(), steps: Int = 5, ess: Double = 0.5,
    stages: Int = 0, resampler: Resampler = .systematic, groups: Int = 1
  ) -> Method {
    precondition(particles >= 2 && steps >= 1 && stages >= 0 && groups >= 1)
    precondition((0.01...0.99).contains(ess), "ess must be between 0.01 and 0.99")
    return Method(
      MethodSignature.named(
        "tempered",
        [
          "particles": .int(particles), "kernel": .kernel(kernel.specification),
          "steps": .int(steps), "ess": .real(ess), "stages": .int(stages),
          "resampler": .choice(resampler.rawValue), "groups": .int(groups),
        ]))
  }

  /// Particles over the parameters, each with a particle filter: SMC squared.
  ///
  /// - Parameters:
  ///   - particles: Parameters in each group, at least 1.
  ///   - inner: Executions of each filter, at least 1.
  ///   - steps: Moves of the parameters after each resampling of them.
  ///   - threshold: Parameters are resampled below this share of the effective sample size, 0 to 1.
  ///   - exchange: Filters double when fewer than this share of the moves are accepted; 0 never, 1
  ///     always.
  ///   - resampler: How ancestors are drawn.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func smc2(
    particles: Int = 200, inner: Int = 100, steps: Int = 3, threshold: Double = 0.5,
    exchange: Double = 0.1, resampler: Resampler = .systematic, groups: Int = 1
  ) -> Method {
    precondition(particles >= 1 && inner >= 1 && steps >= 0 && groups >= 1)
    precondition((0...1).contains(threshold) && (0...1).contains(exchange))
    return Method(
      MethodSignature.named(
        "smc2",
        [
          "particles": .int(particles), "inner": .int(inner), "steps": .int(steps),
          "threshold": .real(threshold), "exchange": .real(exchange),
          "resampler": .choice(resampler.rawValue), "groups": .int(groups),
        ]))
  }

  /// Draws from the prior; observations draw instead of scoring.
  ///
  /// - Parameter draws: At least 1.
  public static func prior(draws: Int = 1_000) -> Method {
    precondition(draws >= 1, "draws must be at least 1")
    return Method(MethodSignature.named("prior", ["draws": .int(draws)]))
  }

  /// Every value of every finite choice: exact.
  ///
  /// - Parameter tolerance: Prior mass that may stay unexplored, 0 to 1.
  public static func enumerate(tolerance: Double = 0) -> Method {
    precondition((0...1).contains(tolerance), "tolerance must be between 0 and 1")
    return Method(MethodSignature.named("enumerate", ["tolerance": .real(tolerance)]))
  }
}

extension MethodSignature {
  /// A registered method with some options set.
  static func named(
    _ name: String, _ options: [String: MethodSpecification.Setting]
  ) -> MethodSpecification {
    var specification =
      MethodRegistry.method(named: name)?.defaults ?? MethodSpecification(name: name)
    for (option, setting) in options { specification.options[option] = setting }
    return specification
  }
}
