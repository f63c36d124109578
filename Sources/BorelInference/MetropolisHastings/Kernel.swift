import BorelHeap
import BorelRuntime

/// A Markov kernel on the traces of all chains that leaves the posterior of each invariant, for every
/// value of what the chains share.
///
/// What chains share (which static choice moves, which part of a mixture is taken) is drawn without
/// looking at any chain; each chain picks an instance among its own (semantics, 5.4).
protocol Kernel {
  /// As in method texts.
  var name: String { get }
  /// Whether it reads parameters of distributions.
  var needsParameters: Bool { get }
  /// Moves all chains once.
  mutating func step(_ chains: Chains) throws
  /// Learns from the moves of populations since the last call; chains on their own learn while they
  /// move.
  mutating func tune()
  /// Writes what it has learnt.
  func write(to writer: inout StateWriter)
  /// Takes over what a kernel of the same kind has written.
  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws
}

/// Most kernels learn nothing.
extension Kernel {
  mutating func tune() {}
  func write(to writer: inout StateWriter) {}
  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {}
}

/// A Metropolis-Hastings move of one choice.
protocol SiteMove {
  var name: String { get }
  var needsParameters: Bool { get }
  /// What a chain proposes for a choice.
  mutating func change(
    _ instance: Int, in chain: Int, of chains: Chains, using choices: inout ChainChoices
  ) -> SiteChange
  /// Learns from an acceptance probability, during adaptation only.
  mutating func learn(_ instance: Int, in chain: Int, of chains: Chains, acceptance: Double)
  /// Puts to use what it has learnt from populations.
  mutating func tune()
  /// Writes what it has learnt.
  func write(to writer: inout StateWriter)
  /// Takes over what a move of the same kind has written.
  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws
}

extension SiteMove {
  mutating func tune() {}
  mutating func learn(_ instance: Int, in chain: Int, of chains: Chains, acceptance: Double) {}
  func write(to writer: inout StateWriter) {}
  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {}
}

enum SiteChange {
  /// The choice is drawn from its prior.
  case redraw
  /// The choice gets a value. The second part is log q(new -> old) - log q(old -> new), in the
  /// coordinates of the base measure.
  case set([UInt64], logHastings: Double)

  /// A proposal outside what words can hold: the choice keeps its value.
  static func rejected(_ value: [UInt64]) -> SiteChange { .set(value, logHastings: -.infinity) }
}

/// Moves one choice after the other: a scan over the static choices, or a number of them drawn from
/// a fixed law. Choices that appear are drawn from their prior, and those that vanish are accounted
/// for, so that the number of choices may change.
///
/// The acceptance ratio of a chain with `n` instances before and `n'` after is
///
///     L'/L  *  prod over kept choices p'(x)/p(x)  *  q(new -> old)/q(old -> new)  *  n/n'
///
/// Source: Green (1995), "Reversible jump Markov chain Monte Carlo computation", section 3; Wingate,
/// Stuhlmueller, Goodman (2011), "Lightweight implementations of probabilistic programming
/// languages", section 3, with the choice of the site as in `docs/inference.md`.
struct SiteKernel<Move: SiteMove>: Kernel {
  private var move: Move
  /// Sites per iteration; 0 for a whole scan.
  private let steps: Int

  init(_ move: Move, steps: Int) {
    self.move = move
    self.steps = steps
  }

  var name: String { move.name }
  var needsParameters: Bool { move.needsParameters }

  mutating func tune() { move.tune() }

  mutating func step(_ chains: Chains) throws {
    if steps == 0 {
      for site in chains.scan() { try visit(site, chains) }
    } else {
      for _ in 0..<steps {
        if let site = chains.drawSite() { try visit(site, chains) }
      }
    }
  }

  func write(to writer: inout StateWriter) { move.write(to: &writer) }

  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {
    try move.read(from: &reader, chains)
  }

  private mutating func visit(_ site: Int, _ chains: Chains) throws {
    var choices = chains.nextChoices()
    let (instances, before) = chains.pick(site, using: &choices)
    let proposal = Proposal(site: site)
    var logHastings = [Double](repeating: 0, count: chains.count)
    for chain in 0..<chains.count where instances[chain] >= 0 {
      let instance = instances[chain]
      switch move.change(instance, in: chain, of: chains, using: &choices) {
      case .redraw: proposal.redraw(instance, in: chain)
      case .set(let words, let logRatio):
        logHastings[chain] = logRatio
        proposal.set(instance, in: chain, to: words)
      }
    }
    if proposal.isEmpty { return }
    let evaluation = try chains.evaluate(proposal)
    let after = chains.instanceCounts(site, in: evaluation.candidate)
    let logRatios = (0..<chains.count).map { chain -> Double? in
      guard instances[chain] >= 0 else { return nil }
      return chains.logRatio(
        evaluation, chain, logHastings: logHastings[chain], counts: (before[chain], after[chain]))
    }
    let acceptance = chains.decide(
      evaluation, logRatios, kernel: name, site: chains.label(ofSite: site), using: &choices)
    if !chains.isAdapting { return }
    for chain in 0..<chains.count {
      if let probability = acceptance[chain] {
        move.learn(instances[chain], in: chain, of: chains, acceptance: probability)
      }
    }
  }
}
