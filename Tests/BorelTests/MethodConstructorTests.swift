import Borel
import BorelInference
import Testing

/// Swift values of methods have the options that the texts have.
struct MethodConstructorTests {
  /// Every constructor without arguments, and with none at its default.
  private static let constructors: [String: (defaults: Method, others: Method)] = [
    "auto": (.auto, .auto),
    "enumerate": (.enumerate(), .enumerate(tolerance: 0.1, executions: 9)),
    "ffbsi": (
      .ffbsi(),
      .ffbsi(
        particles: 9, draws: 9, backward: .exact, resampler: .residual, threshold: 0.1, groups: 9)
    ),
    "fixedLag": (
      .fixedLag(),
      .fixedLag(
        particles: 1, lag: 9, draws: 9, resampler: .residual, threshold: 0.1, groups: 9)
    ),
    "importance": (.importance(), .importance(particles: 9)),
    "mh": (.mh(), .mh(kernel: .gibbs(), chains: 9, draws: 9, warmup: 9, thin: 9)),
    "msc": (
      .msc(),
      .msc(
        particles: 9, proposals: 9, family: .meanField, steps: 9, rate: 0.9, draws: 9, chains: 9,
        resampler: .residual, threshold: 0.1)
    ),
    "paris": (
      .paris(),
      .paris(
        particles: 9, backwardDraws: 9, backward: .reject, resampler: .residual, threshold: 0.1,
        groups: 9)
    ),
    "pg": (
      .pg(),
      .pg(
        particles: 9, draws: 9, burnIn: 9, chains: 9, resampler: .multinomial, threshold: 0.1,
        moves: 9, ancestors: true, backward: true)
    ),
    "pgas": (
      .pgas(),
      .pgas(
        particles: 9, draws: 9, burnIn: 9, chains: 9, resampler: .stratified, threshold: 0.1,
        moves: 9)
    ),
    "pmmh": (
      .pmmh(),
      .pmmh(
        particles: 1, draws: 9, burnIn: 9, chains: 9, resampler: .residual, threshold: 0.1)
    ),
    "ppg": (
      .ppg(),
      .ppg(
        particles: 9, sweeps: 9, burnIn: 8, backwardDraws: 9, backward: .metropolis,
        resampler: .multinomial, threshold: 1, groups: 9, moves: 9)
    ),
    "prior": (.prior(), .prior(draws: 9)),
    "smc": (
      .smc(),
      .smc(
        particles: 9, resampler: .residual, threshold: 0.1, groups: 9, checkpoints: .all,
        rejuvenating: .singleSite())
    ),
    "smc2": (
      .smc2(),
      .smc2(
        particles: 9, inner: 9, steps: 9, threshold: 0.1, innerThreshold: 0.1, scale: 0.1,
        exchange: 0.9, resampler: .residual, groups: 9)
    ),
    "tempered": (
      .tempered(),
      .tempered(
        particles: 9, kernel: .gibbs(), steps: 9, ess: 0.9, stages: 9, resampler: .residual,
        groups: 9)
    ),
  ]

  @Test func everyMethodHasAConstructor() {
    #expect(Set(Self.constructors.keys) == Set(MethodRegistry.methods.map(\.name)))
  }

  @Test(arguments: MethodRegistry.methods.map(\.name))
  func everyOptionIsAParameter(name: String) throws {
    let signature = try #require(MethodRegistry.method(named: name))
    let (defaults, others) = try #require(Self.constructors[name])
    #expect(defaults.specification == signature.defaults)
    for option in signature.options {
      #expect(
        others.specification.options[option.name] != option.defaultValue,
        "'\(option.name)' of '\(name)' is no parameter")
    }
    #expect(try Method(others.text) == others)
  }

  /// Every word of a choice is a case.
  @Test func everyWordIsACase() throws {
    for signature in MethodRegistry.methods {
      for option in signature.options {
        guard case .choice(let words) = option.kind else { continue }
        for word in words {
          let isKnown =
            switch option.name {
            case "resampler": Method.Resampler(rawValue: word) != nil
            case "backward": Method.Backward(rawValue: word) != nil
            case "family": Method.Family(rawValue: word) != nil
            case "checkpoints": Method.Checkpoints(rawValue: word) != nil
            default: false
            }
          #expect(isKnown, "'\(word)' of '\(option.name)' in '\(signature.name)'")
        }
      }
    }
  }

  private static let kernels: [String: (defaults: Kernel, others: Kernel)] = [
    "block": (.block(site: "all"), .block(site: "x")),
    "cycle": (.cycle(.gibbs()), .cycle(.gibbs(), .independent)),
    "ellipticalSlice": (.ellipticalSlice(), .ellipticalSlice(site: "x")),
    "gibbs": (.gibbs(), .gibbs(steps: 9)),
    "independent": (.independent, .independent),
    "mixture": (.mixture(.gibbs()), .mixture(.gibbs(), .independent)),
    "randomWalk": (.randomWalk(), .randomWalk(steps: 9, scale: 9)),
    "singleSite": (.singleSite(), .singleSite(steps: 9)),
  ]

  @Test func everyKernelHasAConstructor() throws {
    #expect(Set(Self.kernels.keys) == Set(KernelRegistry.kernels.map(\.name)))
    for signature in KernelRegistry.kernels {
      let (defaults, others) = try #require(Self.kernels[signature.name])
      if !signature.takesKernels { #expect(defaults.specification == signature.defaults) }
      for option in signature.options {
        #expect(
          others.specification.options[option.name] != option.defaultValue,
          "'\(option.name)' of '\(signature.name)' is no parameter")
      }
    }
  }
}
