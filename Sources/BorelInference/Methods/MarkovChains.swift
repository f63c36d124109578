extension MethodSignature {
  static let mh = MethodSignature(
    name: "mh",
    summary: """
      Markov chains side by side that move by Metropolis-Hastings-Green kernels: for static latents \
      with much data, and for any program, whatever its choices are.
      """,
    options: [
      kernel(
        "kernel", default: randomWalk.defaults,
        "how chains move; kernels combine by 'cycle(...)' and 'mixture(...)'"),
      int("chains", 1...1_000_000, default: 4, "number of chains"),
      int("draws", 1...Int(Int32.max), default: 1_000, "draws that are kept, in each chain"),
      int(
        "warmup", 0...Int(Int32.max), default: 1_000,
        "iterations before that, in which kernels adapt"),
      int("thin", 1...Int(Int32.max), default: 1, "iterations per draw"),
    ],
    source: """
      Green (1995), "Reversible jump Markov chain Monte Carlo computation and Bayesian model \
      determination"; Wingate, Stuhlmueller, Goodman (2011).
      """)
}
