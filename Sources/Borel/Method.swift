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
    Method(MethodSignature.named("importance", ["particles": .int(particles)]))
  }

  /// Where the executions of a particle filter wait for each other: at observations that all of
  /// them reach, at all observations and factors, or nowhere. `automatic` is `aligned` with two or
  /// more such observations, else `all`.
  public enum Checkpoints: String, Sendable { case automatic, aligned, all, none }

  /// Particle filter.
  ///
  /// - Parameters:
  ///   - particles: Executions in each group, at least 1.
  ///   - resampler: How ancestors are drawn.
  ///   - threshold: Resampling happens below this share of the effective sample size, 0 to 1.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  ///   - checkpoints: Where executions wait for each other.
  ///   - kernel: Moves all executions after each resampling; nil for none.
  public static func smc(
    particles: Int = 10_000, resampler: Resampler = .systematic, threshold: Double = 0.5,
    groups: Int = 1, checkpoints: Checkpoints = .automatic, rejuvenating kernel: Kernel? = nil
  ) -> Method {
    Method(
      MethodSignature.named(
        "smc",
        [
          "particles": .int(particles), "resampler": .choice(resampler.rawValue),
          "threshold": .real(threshold), "groups": .int(groups),
          "checkpoints": .choice(checkpoints.rawValue),
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
    Method(
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
    Method(
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
  ///   - innerThreshold: The same for the executions of a filter.
  ///   - scale: Standard deviation of the moves of real parameters on their unconstrained scale; 0
  ///     takes it from the covariance of the population.
  ///   - exchange: Filters double when fewer than this share of the moves are accepted; 0 never, 1
  ///     always.
  ///   - resampler: How ancestors are drawn.
  ///   - groups: Independent populations, at least 1; 8 or more give standard errors.
  public static func smc2(
    particles: Int = 200, inner: Int = 100, steps: Int = 3, threshold: Double = 0.5,
    innerThreshold: Double = 0.5, scale: Double = 0, exchange: Double = 0.1,
    resampler: Resampler = .systematic, groups: Int = 1
  ) -> Method {
    Method(
      MethodSignature.named(
        "smc2",
        [
          "particles": .int(particles), "inner": .int(inner), "steps": .int(steps),
          "threshold": .real(threshold), "innerThreshold": .real(innerThreshold),
          "scale": .real(scale), "exchange": .real(exchange),
          "resampler": .choice(resampler.rawValue), "groups": .int(groups),
        ]))
  }

  /// Draws from the prior; observations draw instead of scoring.
  ///
  /// - Parameter draws: At least 1.
  public static func prior(draws: Int = 1_000) -> Method {
    Method(MethodSignature.named("prior", ["draws": .int(draws)]))
  }

  /// Every value of every finite choice: exact.
  ///
  /// - Parameters:
  ///   - tolerance: Prior mass that may stay unexplored, 0 to 1.
  ///   - executions: Most executions that may be explored, at least 1.
  public static func enumerate(tolerance: Double = 0, executions: Int = 10_000_000) -> Method {
    Method(
      MethodSignature.named(
        "enumerate", ["tolerance": .real(tolerance), "executions": .int(executions)]))
  }
}

extension MethodSignature {
  /// A registered method with some options set. Options outside their domains are mistakes of the
  /// caller.
  static func named(
    _ name: String, _ settings: [String: MethodSpecification.Setting]
  ) -> MethodSpecification {
    let signature = MethodRegistry.method(named: name)
    var specification = signature?.defaults ?? MethodSpecification(name: name)
    for (name, setting) in settings {
      let option = signature?.options.first { $0.name == name }
      precondition(
        option?.kind.contains(setting) == true,
        "\(name) must be \(option?.kind.text ?? "left out"), found \(setting.text)")
      specification.options[name] = setting
    }
    return specification
  }
}
