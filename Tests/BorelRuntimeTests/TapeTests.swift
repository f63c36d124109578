import BorelBase
import BorelCompiler
import BorelIR
import BorelRuntime
import BorelTransforms
import Testing

/// What is recorded can be replayed: in the same lane, in another one, at another time.
struct TapeTests {
  private static let lanes = 300

  /// What lanes have computed, by lane.
  private struct Outcome: Equatable {
    var words: [[UInt64]]
    var weights: [UInt64]
  }

  private final class Run {
    let machine: Machine
    let model: ModelInfo
    let tape: ChoiceTape

    init(_ source: String, key: UInt64 = 7, width: Int = 1024, threads: Int = 1) throws {
      let compilation = compile(source: SourceFile(name: "tape.ppl", text: source))
      let program = try #require(
        compilation.program, "\(compilation.diagnostics.map(\.message))")
      let weighted = try Weighted().apply(program)
      var options = MachineOptions()
      options.blockWidth = width
      options.threads = threads
      options.tracksAddresses = true
      machine = Machine(
        program: ProgramCompiler.compile(weighted), groupKeys: [key],
        lanesPerGroup: TapeTests.lanes, options: options)
      model = try #require(weighted.models.last)
      tape = ChoiceTape(laneCount: TapeTests.lanes)
      machine.tape = tape
    }

    func outcome() throws -> Outcome {
      machine.removeLanes()
      machine.start(function: model.function, arguments: [])
      try machine.advance()
      let layout = model.result.layout(machine.program.source.enumerations)
      let (columns, _) = machine.results(width: layout.count)
      var weights = [Double](repeating: 0, count: TapeTests.lanes)
      machine.readLogWeights(into: &weights)
      return Outcome(words: columns, weights: weights.map(\.bitPattern))
    }

    func recorded(keepsParameters: Bool = false) throws -> (Outcome, ChoiceStore) {
      let store = ChoiceStore(laneCount: TapeTests.lanes, keepsParameters: keepsParameters)
      tape.sink = store
      let outcome = try outcome()
      tape.sink = nil
      return (outcome, store)
    }

    /// Sums of the tape by lane: fresh, replayed, source.
    var sums: [[UInt64]] {
      [tape.logFresh, tape.logReplayed, tape.logSource].map { sum in
        (0..<TapeTests.lanes).map { sum[$0].bitPattern }
      }
    }
  }

  private static func isAlive(_ weight: UInt64) -> Bool {
    Double(bitPattern: weight) > -.infinity
  }

  @Test(arguments: TapePrograms.all.map(\.source))
  func recordingChangesNothing(source: String) throws {
    let run = try Run(source)
    run.machine.tape = nil
    let plain = try run.outcome()
    run.machine.tape = run.tape
    #expect(try run.recorded().0 == plain)
  }

  @Test(arguments: TapePrograms.all.map(\.source))
  func noLaneHasAnAddressTwice(source: String) throws {
    let run = try Run(source)
    let (_, store) = try run.recorded()
    #expect(run.tape.repeatedAddresses == 0)
    #expect(!store.instances.isEmpty)
  }

  @Test(arguments: TapePrograms.all.map(\.source))
  func replayGivesTheSameBits(source: String) throws {
    let first = try Run(source)
    let (outcome, store) = try first.recorded()
    let fresh = first.sums[0]
    for (width, threads) in [(1024, 1), (7, 1), (16, 2), (1, 3)] {
      let second = try Run(source, key: 8, width: width, threads: threads)
      second.tape.source = store
      let copy = ChoiceStore(laneCount: Self.lanes)
      second.tape.sink = copy
      #expect(try second.outcome() == outcome, "block width \(width), \(threads) threads")
      let sums = second.sums
      let zero = [UInt64](repeating: 0, count: Self.lanes)
      let alive = outcome.weights.indices.filter { Self.isAlive(outcome.weights[$0]) }
      #expect(sums[0] == zero)
      #expect(alive.allSatisfy { sums[1][$0] == fresh[$0] && sums[2][$0] == fresh[$0] })
    }
    withExtendedLifetime(first) {}
  }

  @Test(arguments: TapePrograms.all.map(\.source))
  func replayInOtherLanesGivesTheirResults(source: String) throws {
    let run = try Run(source)
    let (outcome, store) = try run.recorded()
    run.tape.source = store
    run.tape.missing = .stop
    let map = (0..<Self.lanes).map { Int32(($0 * 7 + 3) % Self.lanes) }
    run.tape.sourceLanes = map
    let moved = try run.outcome()
    for lane in 0..<Self.lanes {
      let from = Int(map[lane])
      #expect(moved.weights[lane] == outcome.weights[from])
      if Self.isAlive(outcome.weights[from]) {
        #expect(moved.words.map { $0[lane] } == outcome.words.map { $0[from] })
      }
    }
  }

  /// A draw is addressed by lane and draw number: what is missing is drawn as it was.
  @Test(arguments: TapePrograms.all.map(\.source))
  func missingChoicesAreDrawn(source: String) throws {
    let run = try Run(source)
    let (outcome, store) = try run.recorded()
    for index in store.instances.indices where index % 2 == 0 {
      for lane in 0..<Self.lanes where lane % 3 != 0 {
        store.columns(index).present[lane] = false
      }
    }
    run.tape.source = store
    #expect(try run.outcome() == outcome)
    run.tape.missing = .stop
    let stopped = try run.outcome()
    #expect(!Self.isAlive(stopped.weights[1]))
    #expect(stopped.weights[0] == outcome.weights[0])
  }

  @Test(arguments: TapePrograms.all.map(\.source))
  func densitiesAddUp(source: String) throws {
    let run = try Run(source)
    let (outcome, store) = try run.recorded()
    for lane in 0..<Self.lanes where Self.isAlive(outcome.weights[lane]) {
      var sum = 0.0
      var magnitude = 1.0
      for index in store.instances.indices where store.columns(index).present[lane] {
        sum += store.columns(index).logDensities[lane]
        magnitude += abs(store.columns(index).logDensities[lane])
      }
      #expect(abs(sum - run.tape.logFresh[lane]) <= 1e-13 * magnitude)
    }
  }

  @Test func aReplayedValueOutsideTheSupportStopsTheLane() throws {
    let run = try Run("model m() { x ~ Uniform(0, 1)\n y ~ Uniform(0, x)\n return y }")
    let (outcome, store) = try run.recorded(keepsParameters: true)
    let y = store.columns(1)
    #expect(y.parameters[Self.lanes + 5] == store.columns(0).words[5])
    for lane in 0..<100 { y.words[lane] = 2.0.bitPattern }
    run.tape.source = store
    let replayed = try run.outcome()
    #expect((0..<100).allSatisfy { !Self.isAlive(replayed.weights[$0]) })
    #expect((100..<Self.lanes).allSatisfy { replayed.weights[$0] == outcome.weights[$0] })
  }

  /// The address of a memoised draw is where the function was made and its argument (semantics,
  /// 1.12), not who asked first. The mutant with the caller's path has five instances here.
  @Test func memoisedDrawsDoNotDependOnTheirFirstCaller() throws {
    let run = try Run(
      """
      model m() {
        let f = mem { (k: Int) in sample Normal(k, 1) }
        var x = 0.0
        if sample Bernoulli(0.5) { x = f(1) - f(2) } else { x = f(2) * f(1) }
        return x
      }
      """)
    let (_, store) = try run.recorded()
    #expect(store.instances.count == 3)
  }

  /// A later iteration has the same address whether or not an earlier one drew something.
  @Test func iterationsKeepTheirAddresses() throws {
    let run = try Run(
      """
      model m() {
        var x = 0.0
        for i in 0..<4 { if sample Bernoulli(0.5) { x = x + sample Normal(0, 1) } }
        return x
      }
      """)
    let (_, store) = try run.recorded()
    #expect(store.instances.count == 8)
    #expect(Set(store.instances.map { $0.loops }).count == 4)
  }

  @Test func lanesOfOneStoreReplaceThoseOfAnother() throws {
    let source = TapePrograms.all[3].source
    let run = try Run(source)
    let (first, store) = try run.recorded()
    try run.machine.beginGeneration()
    let (second, other) = try run.recorded()
    #expect(first != second)
    let isTaken = (0..<Self.lanes).map { $0 % 3 == 1 }
    store.take(isTaken, from: other)
    run.tape.source = store
    let mixed = try run.outcome()
    for lane in 0..<Self.lanes {
      let expected = isTaken[lane] ? second : first
      #expect(mixed.weights[lane] == expected.weights[lane])
      #expect(mixed.words[0][lane] == expected.words[0][lane])
    }
  }

  /// Values on the heap stay what they are when the collector moves them.
  @Test func collectionsKeepRecordedValues() throws {
    let source = try #require(TapePrograms.all.first { $0.name == "values on the heap" }).source
    let run = try Run(source)
    let (outcome, store) = try run.recorded()
    run.machine.visitDriverRoots = { store.visitHandles($0) }
    run.tape.source = store
    for _ in 0..<3 {
      run.machine.collectionThreshold = 0
      #expect(try run.outcome() == outcome)
    }
  }
}
