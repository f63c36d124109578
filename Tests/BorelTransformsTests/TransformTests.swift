import BorelBase
import BorelIR
import BorelIRTestSupport
import BorelTransforms
import Testing

@Suite struct TransformTests {
  @Test func compositionsPrintAsTheyAreWritten() throws {
    let smc = Sequential() ∘ Weighted()
    #expect("\(smc)" == "Sequential ∘ Weighted")
    #expect("\(Enumerated() ∘ smc)" == "Enumerated ∘ Sequential ∘ Weighted")
    #expect("\(Sequential(at: .all) ∘ Weighted())" == "Sequential(at: all) ∘ Weighted")
    #expect(Weighted().contract == "Weighted: observe -> score")
    let program = try smc.apply(parsed(nileText))
    #expect(program.representations == [.sampled, .weighted, .sequential])
  }

  @Test func transformsRefuseTheWrongRepresentation() throws {
    let program = try parsed(nileText)
    #expect(
      message { try Sequential().apply(program) }
        == "Sequential needs Weighted to be applied before")
    let weighted = try Weighted().apply(program)
    #expect(
      message { try Weighted().apply(weighted) } == "Weighted cannot be applied after Weighted")
    #expect(
      message { try Simulated().apply(weighted) } == "Simulated cannot be applied after Weighted")
  }

  private func message(_ body: () throws -> Program) -> String? {
    do {
      _ = try body()
      return nil
    } catch let error as Diagnostics {
      return error.list.first?.message
    } catch {
      return "\(error)"
    }
  }

  @Test func checkpointOfAStateSpaceModelComesAfterTheTallyOfItsStep() throws {
    let plan = Sequential().plan(try Weighted().apply(parsed(nileText)))
    #expect(plan.placement == .aligned)
    #expect(plan.checkpoints.map { $0.sites.map(\.number) } == [[3]])
    #expect(
      plan.description
        == "checkpoints at aligned scores (1 of 1 scores are aligned): #0 after 'flow'")
    let text = printIR(plan.program)
    #expect(
      text.contains(
        """
        bb7:
          %17: int = const 1
          %18: int = add.int %7.t, %17
          checkpoint #0 -> bb8
        bb8:
          jump bb1(%18, %14.level)
        """))
  }

  /// Wraps code in a model `m(y: [real])` whose blocks start with `%0` (the data) and `%1` (1.0).
  private func model(_ blocks: String) throws -> Program {
    try parsed(
      """
      representations sampled
      report "x": real
      tally "s"
      model m = @"model m" -> real { y: [real] }
      func @"model m" -> (real) {
      bb0(%0.y: [real]):
        %1: real = const 1.0
        %2: int = const 0
        %3: real = array.get<real> %0, %2
      \(blocks)
      }
      """)
  }

  private func sequential(
    _ program: Program, at placement: Sequential.Placement? = nil
  ) throws -> String {
    let result = try Sequential(at: placement).apply(Weighted().apply(program))
    #expect(verify(result, signatures: testSignatures).map(\.description) == [])
    return printIR(result)
  }

  @Test func checkpointSinksPastPureCodeTalliesAndReportsToTheReturn() throws {
    let text = try sequential(
      model(
        """
          observe<real> Normal(%1, %1) of %3 site 1 "y"
          %4: real = add.real %1, %1
          tally #0 %4
          emit #0 %4
          return %4
        """))
    #expect(text.contains("emit #0 %4\n  checkpoint #0 -> bb1\nbb1:\n  return %4"))
  }

  @Test func checkpointStopsBeforeTheNextDrawScoreAndFactor() throws {
    let text = try sequential(
      model(
        """
          observe<real> Normal(%1, %1) of %3 site 1 "y"
          %4: real = add.real %1, %1
          %5: real = sample<real> Normal(%4, %1) site 2
          observe<real> Normal(%5, %1) of %3 site 3 "y"
          factor %4
          observe<real> Normal(%5, %1) of %3 site 4 "y"
          observe<real> Normal(%5, %1) of %3 site 5 "y"
          return %4
        """))
    #expect(text.contains("%4: real = add.real %1, %1\n  checkpoint #0 -> bb1\nbb1:\n  %5"))
    #expect(text.contains("of %3 site 3 \"y\"\n  checkpoint #1 -> bb2\nbb2:\n  factor"))
    #expect(text.contains("of %3 site 4 \"y\"\n  checkpoint #2 -> bb3\nbb3:\n  score"))
    #expect(text.contains("of %3 site 5 \"y\"\n  checkpoint #3 -> bb4\nbb4:\n  return"))
  }

  @Test func checkpointCrossesABranchOnlyAsAWholeWhenItVaries() throws {
    let pureArms = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        observe<real> Normal(%4, %1) of %3 site 2 "y"
        %5: bool = less.real %4, %1
        branch %5, bb1, bb2
      bb1:
        tally #0 %4
        jump bb2
      bb2:
        observe<real> Normal(%4, %1) of %3 site 3 "y"
        return %4
      """)
    #expect(try sequential(pureArms).contains("bb2:\n  checkpoint #0"))
    let drawingArm = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        observe<real> Normal(%4, %1) of %3 site 2 "y"
        %5: bool = less.real %4, %1
        branch %5, bb1, bb2
      bb1:
        tally #0 %4
        %6: real = sample<real> Normal(%4, %1) site 4
        jump bb2
      bb2:
        observe<real> Normal(%4, %1) of %3 site 3 "y"
        return %4
      """)
    #expect(try sequential(drawingArm).contains("%5: bool = less.real %4, %1\n  checkpoint #0"))
    let uniformArm = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        observe<real> Normal(%4, %1) of %3 site 2 "y"
        %5: bool = less.real %3, %1
        branch %5, bb1, bb2
      bb1:
        tally #0 %4
        %6: real = sample<real> Normal(%4, %1) site 4
        jump bb2
      bb2:
        observe<real> Normal(%4, %1) of %3 site 3 "y"
        return %4
      """)
    #expect(try sequential(uniformArm).contains("  tally #0 %4\n  checkpoint #0"))
  }

  @Test func plateGetsOneCheckpointAfterItsLoop() throws {
    let program = try model(
      """
        %4: int = array.count %0
        jump bb1(%2)
      bb1(%5: int):
        %6: bool = less.int %5, %4
        branch %6, bb2, bb3
      bb2:
        %7: real = array.get<real> %0, %5
        observe<real> Normal(%1, %1) of %7 site 1 "y" plate loops(%5)
        %8: int = const 1
        %9: int = add.int %5, %8
        jump bb1(%9)
      bb3:
        %10: real = add.real %1, %1
        return %10
      """)
    let plan = Sequential(at: .aligned).plan(try Weighted().apply(program))
    #expect(plan.checkpoints.count == 1)
    #expect(
      printIR(plan.program).contains(
        "bb3:\n  %10: real = add.real %1, %1\n  checkpoint #0 -> bb4\nbb4:\n  return %10"))
    #expect(plan.alignment.alignedExecutions == 1)
  }

  @Test func scoresUnderAVaryingBranchAreNotAligned() throws {
    let program = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        %5: bool = less.real %4, %1
        branch %5, bb1, bb2
      bb1:
        observe<real> Normal(%4, %1) of %3 site 2 "y"
        jump bb2
      bb2:
        observe<real> Normal(%4, %1) of %3 site 3 "y"
        return %4
      """)
    #expect(Alignment(program).scores.map(\.isAligned) == [false, true])
    let weighted = try Weighted().apply(program)
    let automatic = Sequential().plan(weighted)
    #expect(automatic.placement == .all)
    #expect(automatic.reason == "fewer than two aligned observations")
    #expect(automatic.checkpoints.map { $0.sites.map(\.number) } == [[2], [3]])
    let aligned = Sequential(at: .aligned).plan(weighted)
    #expect(aligned.checkpoints.map { $0.sites.map(\.number) } == [[3]])
    #expect(Sequential(at: Sequential.Placement.none).plan(weighted).checkpoints.isEmpty)
  }

  /// A free factor is a checkpoint where all are asked for, or when there are too few observations.
  @Test func factorsAreCheckpointsAmongAll() throws {
    let program = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        factor %4
        observe<real> Normal(%4, %1) of %3 site 3 "y"
        return %4
      """)
    let weighted = try Weighted().apply(program)
    let names = { (placement: Sequential.Placement?) in
      Sequential(at: placement).plan(weighted).checkpoints.map { $0.sites.map(\.label) }
    }
    #expect(names(.all) == [["'factor'"], ["'y'"]])
    #expect(names(nil) == [["'factor'"], ["'y'"]])
    #expect(names(.aligned) == [["'y'"]])
  }

  @Test func finiteChoicesForkAndMissingDataToo() throws {
    let program = try parsed(
      """
      representations sampled
      model m = @"model m" -> bool { y: bool? p: real }
      func @"model m" -> (bool) {
      bb0(%0: bool, %1: bool, %2: real):
        %3: bool = sample<bool> Bernoulli(%2) site 1 "a"
        %4: bool = observe<bool> Bernoulli(%2) of %1 present %0 site 2 "y"
        %5: bool = and %3, %4
        return %5
      }
      """)
    let enumerated = Enumerated(signatures: testSignatures)
    let text = printIR(try (enumerated ∘ Weighted()).apply(program))
    #expect(
      text.contains(
        """
          fork<bool> Bernoulli(%2) site 1 "a" -> bb1
        bb1(%3: bool):
          branch %0, bb2, bb3
        bb2:
        """))
    #expect(
      text.contains(
        """
        bb2:
          score<bool> Bernoulli(%2) of %1 site 2 "y"
          jump bb4(%1)
        bb3:
          fork<bool> Bernoulli(%2) site 2 "y" -> bb4
        bb4(%4: bool):
        """))
  }

  @Test func infiniteChoicesAreRefusedByLineOrLeftToTheLanes() throws {
    let program = try parsed(nileText)
    let enumerated = Enumerated(signatures: testSignatures)
    let messages = enumerated.refusals(program).map(\.message)
    #expect(messages.count == 2)
    #expect(
      messages[0]
        == "'level' is drawn from 'Normal', which has infinitely many values, so it cannot be enumerated"
    )
    #expect(throws: Diagnostics.self) { try enumerated.apply(program) }
    let partial = Enumerated(coverage: .partial, signatures: testSignatures)
    #expect(try partial.apply(program).effectKinds == [.sample, .observe])
  }

  @Test func simulationDrawsDataUnderItsNameAndReportsIt() throws {
    let program = try Simulated().apply(parsed(nileText))
    #expect(verify(program, signatures: testSignatures).map(\.description) == [])
    #expect(program.reports.map(\.name) == ["level", "flow"])
    let text = printIR(program)
    #expect(
      text.contains(
        "%19: real = sample<real> Normal(%14.level, %3) site 3 \"flow\" reported loops(%7.t)\n"
          + "  emit #1 %19 loops(%7.t)"))
  }

  @Test func simulationRefusesFactorsAndDataThatAreReadOtherwise() throws {
    let program = try model(
      """
        observe<real> Normal(%3, %1) of %3 site 1 "y"
        factor %1
        return %1
      """)
    #expect(
      Simulated().refusals(program).map(\.message) == [
        "'factor' has no forward simulation",
        "'y' is observed and also read otherwise, so it cannot be simulated",
      ])
  }

  @Test func deadChoicesGoWithTheCodeThatServesThem() throws {
    let program = try model(
      """
        %4: real = sample<real> Normal(%1, %1) site 1
        %5: real = add.real %4, %1
        %6: real = sample<real> Normal(%1, %1) site 2 "kept" reported
        jump bb1(%5, %3)
      bb1(%7: real, %8: real):
        return %8
      """)
    let text = printIR(try Weighted(dropsDeadChoices: true).apply(program))
    #expect(!text.contains("site 1"))
    #expect(text.contains("site 2"))
    #expect(text.contains("jump bb1(%3)\nbb1(%8: real):"))
  }
}
