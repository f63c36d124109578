import BorelBase
import BorelIR
import BorelIRTestSupport
import BorelTransforms
import Testing

/// Transforms on random programs: the result is well-formed, and every lane does what it did.
@Suite struct TransformPropertyTests {
  static let programSeeds = [UInt64](1...24)
  static let choiceSeeds: Range<UInt64> = 0..<4

  private func lane(_ program: Program, _ seed: UInt64) throws -> (LaneInterpreter, [Word]) {
    var lane = LaneInterpreter(program, seed: seed)
    let result = try lane.run(Int(program.models[0].function.index), randomProgramArguments)
    return (lane, result)
  }

  private func check(_ program: Program, against original: Program) throws {
    #expect(verify(program, signatures: testSignatures).map(\.description) == [])
    #expect(try parsed(printIR(program)) == program)
    for seed in Self.choiceSeeds {
      let (before, result) = try lane(original, seed)
      let (after, sameResult) = try lane(program, seed)
      #expect(after.events.filter { !$0.isCheckpoint } == before.events.filter { !$0.isCheckpoint })
      #expect(sameResult == result)
    }
  }

  @Test(arguments: programSeeds)
  func lanesDoTheSameAfterEveryTransform(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let weighted = try Weighted().apply(program)
    #expect(!weighted.effectKinds.contains(.observe))
    try check(weighted, against: program)
    let placements: [Sequential.Placement?] = [nil, .aligned, .all, Sequential.Placement.none]
    for placement in placements {
      try check(try Sequential(at: placement).apply(weighted), against: program)
    }
    let enumerated = Enumerated(coverage: .partial, signatures: testSignatures)
    let forked = try enumerated.apply(weighted)
    try check(forked, against: program)
    try check(try Sequential(at: .all).apply(forked), against: program)
    try check(try enumerated.apply(try Sequential().apply(weighted)), against: program)
    let simulated = Simulated()
    if simulated.refusals(program).isEmpty {
      let drawn = try simulated.apply(program)
      #expect(!drawn.effectKinds.contains(.observe))
      #expect(verify(drawn, signatures: testSignatures).map(\.description) == [])
    }
  }

  /// What no weight depends on goes, and with it no other draw, no score and no factor.
  @Test(arguments: programSeeds)
  func reducedVersionsWeighAsTheModelDoes(seed: UInt64) throws {
    let weighted = try Weighted().apply(randomProgram(seed: seed))
    let model = weighted.models[0].function
    let program = try Reduced(model: model).apply(weighted)
    #expect(verify(program, signatures: testSignatures).map(\.description) == [])
    #expect(Array(program.functions.prefix(weighted.functions.count)) == weighted.functions)
    var reduced = program
    reduced.models[0].function = try #require(program.reducedVersion(of: model) ?? model)
    let generated = Set(program.generatedChoices(of: model).map(\.site.number))
    func weighs(_ event: LaneEvent) -> Bool {
      switch event {
      case .draw(let site): !generated.contains(site)
      case .score, .factor: true
      case .tally, .emit, .checkpoint: false
      }
    }
    for seed in Self.choiceSeeds {
      let (lane, _) = try lane(program, seed)
      let (other, _) = try self.lane(reduced, seed)
      #expect(other.events.filter(weighs) == lane.events.filter(weighs))
    }
  }

  /// The programs above are no proof of much where nothing is left out of them.
  @Test func mostRandomProgramsHaveGeneratedQuantities() throws {
    let generating = try Self.programSeeds.filter { seed in
      let weighted = try Weighted().apply(randomProgram(seed: seed))
      let model = weighted.models[0].function
      return try !Reduced(model: model).apply(weighted).generatedChoices(of: model).isEmpty
    }
    #expect(generating.count > 6)
  }

  /// Each score that is not in a plate is followed by exactly one checkpoint, before the next
  /// draw, score or factor and before the end; there are no others but those after plates.
  @Test(arguments: programSeeds)
  func everyScoreIsFollowedByOneCheckpointUnderAll(seed: UInt64) throws {
    let program = try Sequential(at: .all).apply(Weighted().apply(randomProgram(seed: seed)))
    for seed in Self.choiceSeeds {
      var isDue = false
      var last = -1
      for event in try lane(program, seed).0.events {
        switch event {
        case .score(let site, let isPlate, _, _):
          #expect(!isDue)
          isDue = !isPlate
          last = site
        // The draw of a missing datum belongs to the score.
        case .factor: #expect(!isDue)
        case .draw(let site): #expect(!isDue || site == last)
        case .checkpoint:
          isDue = false
        case .tally, .emit: break
        }
      }
      #expect(!isDue)
    }
  }

  /// All lanes stop at the same checkpoints in the same order.
  @Test(arguments: programSeeds)
  func alignedCheckpointsAreTheSameInAllLanes(seed: UInt64) throws {
    let program = try Sequential(at: .aligned).apply(Weighted().apply(randomProgram(seed: seed)))
    let sequences = try Self.choiceSeeds.map {
      try lane(program, $0).0.events.filter(\.isCheckpoint)
    }
    #expect(Set(sequences).count == 1)
  }

  @Test(arguments: programSeeds)
  func removingDeadChoicesKeepsScoresAndResult(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let reduced = try Weighted(dropsDeadChoices: true).apply(program)
    #expect(verify(reduced, signatures: testSignatures).map(\.description) == [])
    func kept(_ events: [LaneEvent]) -> [LaneEvent] {
      events.filter { if case .draw = $0 { false } else { true } }
    }
    for seed in Self.choiceSeeds {
      let (before, result) = try lane(program, seed)
      let (after, sameResult) = try lane(reduced, seed)
      #expect(kept(after.events) == kept(before.events))
      #expect(sameResult == result)
    }
  }
}
