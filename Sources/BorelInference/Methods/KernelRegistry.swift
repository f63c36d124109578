/// All kernels of Markov chains, sorted by name: what `mh(kernel: ...)` takes.
package enum KernelRegistry {
  package static let kernels: [MethodSignature] = [
    .block,
    .cycle,
    .ellipticalSlice,
    .gibbs,
    .independent,
    .mixture,
    .randomWalk,
    .singleSite,
  ]

  /// The kernel with a name.
  package static func kernel(named name: String) -> MethodSignature? {
    kernels.first { $0.name == name }
  }
}

extension MethodSignature {
  private static let steps = int(
    "steps", 0...Int.max, default: 0,
    "choices that move in one iteration, drawn at random; 0 for a scan over all of them")

  static let singleSite = MethodSignature(
    name: "singleSite",
    summary: """
      Draws one choice after the other from its prior, or moves it as `with Drift(...)` says. \
      Choices may appear and vanish.
      """,
    options: [steps],
    source: "Wingate, Stuhlmueller, Goodman (2011); Green (1995).")

  static let randomWalk = MethodSignature(
    name: "randomWalk",
    summary: """
      Moves one choice after the other by a random walk on the unconstrained scale of its support, \
      with scales learnt in the warm-up. Choices without a scale are drawn from their prior.
      """,
    options: [
      steps,
      real("scale", 1e-6...1e6, default: 1, "standard deviation before anything is learnt"),
    ],
    source: "Andrieu, Thoms (2008), algorithm 4.")

  static let block = MethodSignature(
    name: "block",
    summary: "Draws all instances of a latent from their prior at once.",
    options: [site("site", "the latent")],
    source: "Hastings (1970).")

  static let independent = MethodSignature(
    name: "independent",
    summary: "Draws all choices from the prior at once: an independence sampler.",
    options: [],
    source: "Hastings (1970), section 2.5.")

  static let gibbs = MethodSignature(
    name: "gibbs",
    summary: """
      Draws each finite choice from its distribution given all others. Choices that are not finite \
      stay: use it in a cycle.
      """,
    options: [steps],
    source: "Geman, Geman (1984).")

  static let ellipticalSlice = MethodSignature(
    name: "ellipticalSlice",
    summary: """
      Moves all instances of a normal latent together, on an ellipse through a draw from the prior. \
      Other choices stay: use it in a cycle.
      """,
    options: [site("site", "the latent")],
    source: "Murray, Adams, MacKay (2010).")

  static let cycle = MethodSignature(
    name: "cycle", summary: "One kernel after the other: `cycle(gibbs, randomWalk)`.", options: [],
    source: "Tierney (1994), section 2.4.", takesKernels: true)

  static let mixture = MethodSignature(
    name: "mixture",
    summary: "One of several kernels at random: `mixture(singleSite, randomWalk)`.", options: [],
    source: "Tierney (1994), section 2.4.", takesKernels: true)
}

extension MethodSpecification {
  /// The kernel that the specification of a kernel describes.
  func makeKernel() -> any Kernel {
    switch name {
    case "singleSite": return SiteKernel(Resimulation(), steps: int("steps"))
    case "randomWalk":
      return SiteKernel(AdaptiveWalk(scale: real("scale")), steps: int("steps"))
    case "block", "independent": return BlockResimulation(name: name, latent: latent)
    case "gibbs": return GibbsSampler(steps: int("steps"))
    case "ellipticalSlice": return EllipticalSlice(latent: latent)
    case "cycle": return CycleOfKernels(parts.map { $0.makeKernel() })
    case "mixture": return MixtureOfKernels(parts.map { $0.makeKernel() })
    default: return InvolutiveMove(name: name)
    }
  }

  /// The latent that a kernel is confined to; nil for all.
  var latent: String? {
    if case .choice(let word)? = options["site"], word != "all" { return word }
    return nil
  }
}
