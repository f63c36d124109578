import BorelHeap
import BorelRuntime

/// A Markov kernel on a computation graph that leaves the posterior of each chain invariant.
protocol GraphKernel {
  mutating func step(_ chains: GraphChains) throws
  /// Writes what it has learnt.
  func write(to writer: inout StateWriter)
  /// Takes over what a kernel of the same kind has written.
  mutating func read(from reader: inout StateReader, chainCount: Int) throws
}

/// A Metropolis-Hastings move of one choice in all chains.
protocol GraphMove {
  var name: String { get }
  /// Moves a choice once.
  mutating func move(_ choice: Int, of chains: GraphChains) throws
  /// Writes what it has learnt.
  func write(to writer: inout StateWriter)
  /// Takes over what a move of the same kind has written.
  mutating func read(from reader: inout StateReader, chainCount: Int) throws
}

/// Most moves learn nothing.
extension GraphMove {
  func write(to writer: inout StateWriter) {}
  mutating func read(from reader: inout StateReader, chainCount: Int) throws {}
}

/// One choice after the other: all of them in program order, or a number of them drawn from a fixed
/// law. A choice that is drawn alike in all chains needs no factor: the law does not depend on the
/// state.
struct GraphSweep<Move: GraphMove>: GraphKernel {
  var move: Move
  /// Choices per iteration; 0 for all.
  let steps: Int

  mutating func step(_ chains: GraphChains) throws {
    let choices = chains.moved
    if choices.isEmpty { return }
    if steps == 0 {
      for choice in choices { try move.move(choice, of: chains) }
    } else {
      for _ in 0..<steps { try move.move(choices[chains.sharedIndex(choices.count)], of: chains) }
    }
  }

  func write(to writer: inout StateWriter) { move.write(to: &writer) }

  mutating func read(from reader: inout StateReader, chainCount: Int) throws {
    try move.read(from: &reader, chainCount: chainCount)
  }
}

/// One kernel after the other.
struct GraphCycle: GraphKernel {
  var parts: [any GraphKernel]

  mutating func step(_ chains: GraphChains) throws {
    for index in parts.indices { try parts[index].step(chains) }
  }

  func write(to writer: inout StateWriter) { for part in parts { part.write(to: &writer) } }

  mutating func read(from reader: inout StateReader, chainCount: Int) throws {
    for index in parts.indices { try parts[index].read(from: &reader, chainCount: chainCount) }
  }
}

/// One of several kernels, drawn with equal probabilities without looking at the chains.
struct GraphMixture: GraphKernel {
  var parts: [any GraphKernel]

  mutating func step(_ chains: GraphChains) throws {
    try parts[chains.sharedIndex(parts.count)].step(chains)
  }

  func write(to writer: inout StateWriter) { for part in parts { part.write(to: &writer) } }

  mutating func read(from reader: inout StateReader, chainCount: Int) throws {
    for index in parts.indices { try parts[index].read(from: &reader, chainCount: chainCount) }
  }
}
