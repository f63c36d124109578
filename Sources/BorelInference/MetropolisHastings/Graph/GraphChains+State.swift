import BorelHeap
import BorelRuntime

extension GraphChains {
  /// Writes the state between two iterations: the choices, from which all else follows.
  func write(to writer: inout StateWriter) {
    writer.write(UInt64(iteration))
    statistics.write(to: &writer)
    writer.write(graph.choices.count)
    for choice in graph.choices.indices {
      let columns = graph.columns(of: choice)
      for (k, type) in graph.choices[choice].layout.enumerated() {
        for chain in 0..<count { writer.write(columns[k][chain], isHandle: type.isHandle) }
      }
    }
  }

  /// Takes a state over that chains on the same graph have written.
  func read(from reader: inout StateReader) throws {
    iteration = try reader.readGeneration()
    statistics = try MoveStatistics(from: &reader)
    guard try reader.readInt() == graph.choices.count else { throw DamagedState() }
    if graph.choices.isEmpty { return }
    let slice = graph.slice(of: Array(graph.choices.indices))
    for choice in graph.choices.indices {
      for (k, type) in graph.choices[choice].layout.enumerated() {
        for chain in 0..<count {
          slice.proposals[choice][k][chain] = try reader.readWord(
            isHandle: type.isHandle, into: graph.arena)
        }
      }
    }
    var ratios = [Double](repeating: 0, count: count)
    try slice.evaluate(ratios: &ratios)
    guard ratios.allSatisfy({ $0 > -.infinity }) else { throw DamagedState() }
    commitAll(slice)
  }
}
