import BorelHeap

/// One kernel after the other.
struct CycleOfKernels: Kernel {
  private var parts: [any Kernel]

  init(_ parts: [any Kernel]) { self.parts = parts }

  var name: String { "cycle" }
  var needsParameters: Bool { parts.contains { $0.needsParameters } }

  mutating func tune() { for index in parts.indices { parts[index].tune() } }

  mutating func step(_ chains: Chains) throws {
    for index in parts.indices { try parts[index].step(chains) }
  }

  func write(to writer: inout StateWriter) { for part in parts { part.write(to: &writer) } }

  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {
    for index in parts.indices { try parts[index].read(from: &reader, chains) }
  }
}

/// One of several kernels, drawn with equal probabilities without looking at the chains.
struct MixtureOfKernels: Kernel {
  private var parts: [any Kernel]

  init(_ parts: [any Kernel]) { self.parts = parts }

  var name: String { "mixture" }
  var needsParameters: Bool { parts.contains { $0.needsParameters } }

  mutating func tune() { for index in parts.indices { parts[index].tune() } }

  mutating func step(_ chains: Chains) throws {
    var choices = chains.nextSharedChoices()
    try parts[choices.uniformIndex(parts.count)].step(chains)
  }

  func write(to writer: inout StateWriter) { for part in parts { part.write(to: &writer) } }

  mutating func read(from reader: inout StateReader, _ chains: RestoredChains) throws {
    for index in parts.indices { try parts[index].read(from: &reader, chains) }
  }
}
