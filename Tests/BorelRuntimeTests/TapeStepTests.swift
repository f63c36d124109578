import BorelBase
import BorelCompiler
import BorelRuntime
import BorelTransforms
import Testing

/// Choices of single steps between checkpoints: recorded one store per step, replayed at any time.
struct TapeStepTests {
  private static let lanes = 64
  private static let source = """
    model chain() {
      var x ~ Normal(0, 1)
      for (t, y) in [0.5, 1.0, -0.3, 2.0].enumerated() {
        if t > 0 { x ~ Normal(0.9 * x, 1) }
        observe y ~ Normal(x, 1)
      }
      return x
    }
    """

  private func machine() throws -> Machine {
    let compilation = compile(source: SourceFile(name: "chain.ppl", text: Self.source))
    let program = try (Sequential() ∘ Weighted()).apply(try #require(compilation.program))
    var options = MachineOptions()
    options.tracksAddresses = true
    let machine = Machine(
      program: ProgramCompiler.compile(program), groupKeys: [3], lanesPerGroup: Self.lanes,
      options: options)
    let model = try #require(program.models.last)
    machine.start(function: model.function, arguments: [])
    return machine
  }

  @Test func aStepOfOneLaneCanBeReplayedInAnother() throws {
    let first = try machine()
    let tape = ChoiceTape(laneCount: Self.lanes)
    first.tape = tape
    var stores: [ChoiceStore] = []
    var proposals: [[Double]] = []
    var scores: [[Double]] = []
    while !first.isFinished {
      let store = ChoiceStore(laneCount: Self.lanes)
      tape.sink = store
      tape.resetSums()
      try first.advance()
      stores.append(store)
      proposals.append((0..<Self.lanes).map { tape.logFresh[$0] })
      scores.append(weights(first))
      first.resetLogWeights()
      try first.beginGeneration()
    }
    // All steps of lane `map[l]` in lane l, in other generations of another machine.
    let second = try machine()
    for _ in 0..<5 { try second.beginGeneration() }
    let replay = ChoiceTape(laneCount: Self.lanes)
    second.tape = replay
    let map = (0..<Int32(Self.lanes)).map { ($0 * 5 + 2) % Int32(Self.lanes) }
    replay.sourceLanes = map
    replay.missing = .stop
    for step in stores.indices {
      replay.source = stores[step]
      replay.resetSums()
      try second.advance()
      let found = weights(second)
      for lane in 0..<Self.lanes {
        #expect(found[lane] == scores[step][Int(map[lane])])
        #expect(replay.logReplayed[lane] == proposals[step][Int(map[lane])])
      }
      second.resetLogWeights()
      try second.beginGeneration()
    }
    #expect(second.isFinished)
    let results = first.results(width: 1).columns[0]
    #expect(second.results(width: 1).columns[0] == map.map { results[Int($0)] })
  }

  /// log q and log g of lane i's step from lane l's state, against the densities themselves.
  @Test func aStepIsScoredFromTheStateOfAnotherLane() throws {
    let machine = try machine()
    let tape = ChoiceTape(laneCount: Self.lanes)
    machine.tape = tape
    let first = ChoiceStore(laneCount: Self.lanes)
    tape.sink = first
    try machine.advance()
    try machine.beginGeneration()
    let before = (0..<Self.lanes).map { Double(bitPattern: first.columns(0).words[$0]) }
    // Another state in every lane, so that the step recorded in lane i is replayed from it.
    let step = ChoiceStore(laneCount: Self.lanes)
    tape.sink = step
    let ancestors = (0..<Int32(Self.lanes)).map { ($0 + 9) % Int32(Self.lanes) }
    machine.replaceLanes(by: ancestors, count: Self.lanes)
    machine.resetLogWeights()
    tape.resetSums()
    try machine.advance()
    let values = (0..<Self.lanes).map { Double(bitPattern: step.columns(0).words[$0]) }
    for lane in 0..<Self.lanes {
      let mean = 0.9 * before[Int(ancestors[lane])]
      let expected = -0.5 * (values[lane] - mean) * (values[lane] - mean) - 0.9189385332046727
      #expect(abs(tape.logFresh[lane] - expected) < 1e-12)
    }
  }

  private func weights(_ machine: Machine) -> [Double] {
    var weights = [Double](repeating: 0, count: Self.lanes)
    machine.readLogWeights(into: &weights)
    return weights
  }
}
