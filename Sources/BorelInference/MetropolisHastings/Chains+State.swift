import BorelHeap
import BorelRuntime

/// How far the iterations of chains are.
struct ChainPosition {
  var warmup = 0
  var draws = 0
  /// Whether the warm-up has been closed.
  var isDrawing = false

  func write(to writer: inout StateWriter) {
    writer.write(warmup)
    writer.write(draws)
    writer.write(isDrawing)
  }

  init() {}

  init(from reader: inout StateReader, _ settings: MetropolisHastings.Settings) throws {
    warmup = try reader.readInt(in: 0..<(settings.warmup + 1))
    draws = try reader.readInt(in: 0..<(settings.draws + 1))
    isDrawing = try reader.readBool()
  }
}

/// What a kernel needs to know to read its state again.
struct RestoredChains {
  var count: Int
  /// The number that each instance has now, by the number that it had.
  var instances: [Int]
}

extension Chains {
  /// Writes the state between two iterations.
  func write(to writer: inout StateWriter) {
    writer.write(UInt64(machine.generation))
    writer.write(moveNumber)
    writer.write(logLikelihoods)
    writer.write(visits.count)
    for (site, count) in visits.sorted(by: { $0.key < $1.key }) {
      writer.write(site)
      writer.write(count)
    }
    statistics.write(to: &writer)
    current.write(to: &writer)
  }

  /// Takes a state over that chains of the same run have written.
  func read(from reader: inout StateReader) throws -> RestoredChains {
    machine.goOn(fromGeneration: try reader.readGeneration())
    moveNumber = try reader.readWord()
    let likelihoods = try reader.readDoubles()
    guard likelihoods.count == count else { throw DamagedState() }
    logLikelihoods = likelihoods
    visits = [:]
    for _ in 0..<(try reader.readCount()) {
      visits[try reader.readInt()] = try reader.readInt(in: 1..<Int(Int32.max))
    }
    statistics = try MoveStatistics(from: &reader)
    let instances = try current.read(
      from: &reader, program: machine.program, into: machine.arena)
    return RestoredChains(count: count, instances: instances)
  }
}

extension StateReader {
  mutating func readGeneration() throws -> UInt32 {
    UInt32(try readInt(in: 0..<Int(UInt32.max)))
  }
}
