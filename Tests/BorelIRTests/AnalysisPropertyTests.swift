import BorelBase
import BorelIR
import BorelIRTestSupport
import Testing

/// Analyses against runs of random programs: what they claim about all runs must hold in each.
@Suite struct AnalysisPropertyTests {
  static let programSeeds = [UInt64](1...40)

  /// The numbers of memo tables are names: they depend on how many were made before.
  private func withoutTables(_ words: [Word]) -> [Word] {
    words.map { if case .table = $0 { .table(0) } else { $0 } }
  }

  private func runs(_ program: Program, count: UInt64 = 6) throws -> [LaneInterpreter] {
    try (0..<count).map { seed in
      var lane = LaneInterpreter(program, seed: seed)
      _ = try lane.run(Int(program.models[0].function.index), randomProgramArguments)
      return lane
    }
  }

  @Test(arguments: programSeeds)
  func randomProgramsAreWellFormedAndReadBackEqual(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    #expect(verify(program, signatures: testSignatures).map(\.description) == [])
    #expect(try parsed(printIR(program)) == program)
  }

  @Test(arguments: programSeeds)
  func livenessKeepsEverythingThatIsRead(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let function = Int(program.models[0].function.index)
    for choices in UInt64(0)..<4 {
      var full = LaneInterpreter(program, seed: choices)
      var lean = full
      lean.releasesDeadValues = true
      let expected = try full.run(function, randomProgramArguments)
      #expect(try lean.run(function, randomProgramArguments) == expected)
      #expect(lean.events == full.events)
    }
  }

  @Test(arguments: programSeeds)
  func uniformValuesAndControlAreEqualInAllLanes(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let uniformity = Uniformity(program)
    let lanes = try runs(program)
    for (index, function) in program.functions.enumerated()
    where uniformity.reached.contains(index) {
      for (number, block) in function.blocks.enumerated()
      where uniformity.absoluteControl(of: number, in: index) == .uniform {
        for lane in lanes {
          #expect(
            lane.executions[index][number] == lanes[0].executions[index][number],
            "bb\(number) of \(function.name)")
        }
        for value in block.parameters + block.instructions.flatMap(\.results)
        where uniformity.level(of: value, in: index) == .uniform {
          let first = lanes[0].history[index][Int(value.index)]
          for lane in lanes {
            #expect(
              lane.history[index][Int(value.index)] == first,
              "%\(value.index) of \(function.name)")
          }
        }
      }
    }
  }

  @Test(arguments: programSeeds)
  func alignedScoresRunInTheSameOrderInAllLanes(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let alignment = Alignment(program)
    let aligned = Set(alignment.aligned.map(\.site.number))
    let sequences = try runs(program).map { lane in
      lane.events.compactMap { event -> Int? in
        if case .score(let site, _, _, _) = event, aligned.contains(site) { return site }
        return nil
      }
    }
    #expect(Set(sequences).count == 1)
    let once = alignment.aligned.filter { $0.executions == 1 && !$0.site.isPlate }
    for score in once {
      #expect(sequences[0].filter { $0 == score.site.number }.count <= 1)
    }
  }

  @Test(arguments: programSeeds)
  func changesOfAChoiceStayInItsSlice(seed: UInt64) throws {
    let program = randomProgram(seed: seed)
    let slices = DependenceSlices(program)
    let model = Int(program.models[0].function.index)
    let choices = program.functions.flatMap(\.sites).filter { !$0.isScore }.map(\.site.number)
    for site in choices.prefix(8) {
      let slice = try #require(slices.slice(of: site))
      for seed in UInt64(0)..<3 {
        var before = LaneInterpreter(program, seed: seed)
        var after = before
        after.changedSite = site
        let results = (
          try before.run(model, randomProgramArguments),
          try after.run(model, randomProgramArguments)
        )
        if !slice.affectsResult { #expect(results.0 == results.1) }
        for (index, function) in program.functions.enumerated() {
          for (number, block) in function.blocks.enumerated()
          where !slice.blocks[index].contains(number) {
            #expect(
              before.executions[index][number] == after.executions[index][number],
              "site \(site), bb\(number) of \(function.name)")
            for value in block.parameters + block.instructions.flatMap(\.results)
            where !slice.values[index].contains(value) {
              let position = Int(value.index)
              #expect(
                withoutTables(before.history[index][position])
                  == withoutTables(after.history[index][position]),
                "site \(site), %\(value.index) of \(function.name)")
            }
          }
        }
      }
    }
  }
}
