import BorelInference

/// How Markov chains move: a value that `Method.mh` takes.
public struct Kernel: Sendable, Hashable {
  package let specification: MethodSpecification

  /// The kernel as method texts write it.
  public var text: String { specification.text }

  /// Draws one choice after the other from its prior, or moves it as `with Drift(...)` says.
  ///
  /// - Parameter steps: Choices that move in one iteration; 0 for a scan over all of them.
  public static func singleSite(steps: Int = 0) -> Kernel {
    Kernel("singleSite", ["steps": .int(max(0, steps))])
  }

  /// Random walks on the unconstrained scale, with scales that are learnt in the warm-up.
  ///
  /// - Parameters:
  ///   - steps: Choices that move in one iteration; 0 for a scan over all of them.
  ///   - scale: Standard deviation before anything is learnt, 1e-6 to 1e6.
  public static func randomWalk(steps: Int = 0, scale: Double = 1) -> Kernel {
    precondition((1e-6...1e6).contains(scale), "scale must be between 1e-6 and 1e6")
    return Kernel("randomWalk", ["steps": .int(max(0, steps)), "scale": .real(scale)])
  }

  /// Draws all instances of a latent from their prior at once.
  public static func block(site: String) -> Kernel { Kernel("block", ["site": .choice(site)]) }

  /// Draws all choices from the prior at once.
  public static let independent = Kernel("independent", [:])

  /// Draws each finite choice from its distribution given all others.
  ///
  /// - Parameter steps: Choices that move in one iteration; 0 for a scan over all of them.
  public static func gibbs(steps: Int = 0) -> Kernel {
    Kernel("gibbs", ["steps": .int(max(0, steps))])
  }

  /// Moves all instances of a normal latent together on an ellipse.
  ///
  /// - Parameter site: The latent; nil for all normal ones in turn.
  public static func ellipticalSlice(site: String? = nil) -> Kernel {
    Kernel("ellipticalSlice", ["site": .choice(site ?? "all")])
  }

  /// A move that the program declares.
  ///
  /// - Parameter name: As in `move split(...)`; inference throws E0711 when the model has no such one.
  public static func move(_ name: String) -> Kernel { Kernel(.move(name)) }

  /// One kernel after the other.
  public static func cycle(_ kernels: Kernel...) -> Kernel { Kernel("cycle", kernels) }

  /// One of several kernels at random, each with the same probability.
  public static func mixture(_ kernels: Kernel...) -> Kernel { Kernel("mixture", kernels) }

  private init(_ name: String, _ options: [String: MethodSpecification.Setting]) {
    var specification =
      KernelRegistry.kernel(named: name)?.defaults ?? MethodSpecification(name: name)
    for (option, setting) in options { specification.options[option] = setting }
    self.specification = specification
  }

  private init(_ specification: MethodSpecification) { self.specification = specification }

  private init(_ name: String, _ parts: [Kernel]) {
    precondition(!parts.isEmpty, "a \(name) is made of kernels")
    specification = MethodSpecification(name: name, parts: parts.map(\.specification))
  }
}
