import BorelBase
import BorelIR
import BorelIRTestSupport
import Testing

@Suite struct UniformityTests {
  private func levels(_ program: Program, function: Int = 0) -> [UniformityLevel] {
    let uniformity = Uniformity(program)
    return program.functions[function].valueTypes.indices.map {
      uniformity.level(of: ValueID($0), in: function)
    }
  }

  @Test func drawsVaryAndDataDoNot() throws {
    let levels = levels(try parsed(nileText))
    let varying = levels.indices.filter { levels[$0] == .varying }
    #expect(varying == [4, 8, 13, 14, 15, 16])
  }

  @Test func mergeBelowAVaryingBranchVariesAlsoOfUniformValues() throws {
    let program = try parsed(
      """
      model m = @m -> real { y: real }
      func @m -> (real) {
      bb0(%0: real):
        %1: bool = sample<bool> Bernoulli(%0) site 1
        %2: bool = less.real %0, %0
        branch %1, bb1, bb2
      bb1:
        jump bb3(%0)
      bb2:
        jump bb3(%0)
      bb3(%3: real):
        branch %2, bb4(%0), bb5(%0)
      bb4(%4: real):
        jump bb5(%4)
      bb5(%5: real):
        return %5
      }
      """)
    #expect(levels(program)[3] == .varying)
    #expect(levels(program)[5] == .uniform)
  }

  @Test func counterOfALoopThatIsLeftByChanceVaries() throws {
    let program = try parsed(
      """
      model m = @m -> int { y: real }
      func @m -> (int) {
      bb0(%0: real):
        %1: int = const 0
        jump bb1(%1)
      bb1(%2: int):
        %3: bool = sample<bool> Bernoulli(%0) site 1
        branch %3, bb2, bb3
      bb2:
        %4: int = const 1
        %5: int = add.int %2, %4
        jump bb1(%5)
      bb3:
        return %2
      }
      """)
    #expect(levels(program)[2] == .varying)
    #expect(Uniformity(program).control(of: 2, in: 0) == .varying)
    #expect(Uniformity(program).control(of: 3, in: 0) == .uniform)
  }

  @Test func arrayOfDrawsHasAUniformLength() throws {
    let program = try parsed(
      """
      model m = @m -> int { y: [real] }
      func @m -> (int) {
      bb0(%0: [real]):
        %1: real = const 1.0
        %2: real = sample<real> Normal(%1, %1) site 1
        %3: [real] = array.make<real> %2, %1
        %4: int = array.count %3
        call @same(%3) -> bb1
      bb1(%5: [real]):
        %6: int = array.count %5
        %7: int = array.count %0
        %8: [real] = array.append<real> %5, %2
        %9: [real] = array.slice<real> %8, %4, %6
        %10: int = array.count %9
        return %10
      }
      func @same -> ([real]) {
      bb0(%0: [real]):
        return %0
      }
      """)
    let levels = levels(program)
    #expect(levels[3] == .varying)
    #expect(levels[9] == .varying)
    #expect([levels[4], levels[6], levels[10]] == [.uniform, .uniform, .uniform])
    let slice = try #require(DependenceSlices(program).slice(of: 1))
    #expect(!slice.affectsResult)
  }

  @Test func helperIsUniformWhereItsArgumentsAre() throws {
    let program = try parsed(
      """
      model m = @m -> real { y: real }
      func @m -> (real) {
      bb0(%0: real):
        call @twice(%0) -> bb1
      bb1(%1: real):
        %2: real = sample<real> Normal(%1, %0) site 1
        call @twice(%2) -> bb2
      bb2(%3: real):
        return %3
      }
      func @twice -> (real) {
      bb0(%0: real):
        %1: real = add.real %0, %0
        return %1
      }
      """)
    #expect(levels(program)[1] == .uniform)
    #expect(levels(program)[3] == .varying)
    #expect(levels(program, function: 1) == [.varying, .varying])
  }

  @Test func argumentsPerGroupStayPerGroup() throws {
    let program = try parsed(nileText)
    let uniformity = Uniformity(
      program, roots: [(FunctionID(0), [.uniform, .uniform])])
    #expect(uniformity.level(of: ValueID(1), in: 0) == .uniform)
    let grouped = Uniformity(program, roots: [(FunctionID(0), [.uniform, .perGroup])])
    #expect(grouped.level(of: ValueID(1), in: 0) == .perGroup)
    #expect(grouped.description == "model nile: 6 of 19 values vary")
  }

  @Test func alignmentBlamesTheBranchThatVaries() throws {
    let text = """
      model m = @m -> real { y: real }
      func @m -> (real) {
      bb0(%0: real):
        %1: bool = sample<bool> Bernoulli(%0) site 1
        branch %1, bb1, bb2
      bb1:
        call @measure(%0) -> bb2
      bb2:
        return %0
      }
      func @measure -> () {
      bb0(%0: real):
        observe<real> Normal(%0, %0) of %0 site 2 "y"
        return
      }
      """
    let program = try parseIR(text, keepsSpans: true).get()
    let score = try #require(Alignment(program).scores.first)
    #expect(!score.isAligned)
    let file = SourceFile(name: "t", text: text)
    #expect(file.text(in: try #require(score.cause)) == "branch %1, bb1, bb2")
  }

  @Test func loopsAreNestedByHeader() throws {
    let flow = ControlFlow(try parsed(nileText).functions[0])
    let loops = NaturalLoops(flow)
    #expect(loops.loops.map(\.header) == [1])
    #expect(loops.loops[0].blocks == [1, 2, 3, 4, 5, 7])
    #expect(loops.innermost[6] == nil)
    #expect(flow.dominates(4, 7))
    #expect(!flow.dominates(5, 7))
  }

  @Test func dataUseTellsObservedFromRead() throws {
    let program = try parsed(nileText)
    let use = DataUse(program, model: program.models[0])
    #expect(use.parameters.map(\.canBeSimulated) == [true, false])
    #expect(use.parameters[0].observedAt.map(\.number) == [3])
    #expect(use.parameters[0].isCounted)
  }

  @Test func sliceOfOneChoiceLeavesTheOthersAlone() throws {
    let program = try parsed(
      """
      model m = @m -> real { y: real }
      func @m -> (real) {
      bb0(%0: real):
        %1: real = sample<real> Normal(%0, %0) site 1 "a"
        %2: real = sample<real> Normal(%0, %0) site 2 "b"
        %3: real = sample<real> Normal(%1, %0) site 3 "c"
        call @twice(%1) -> bb1
      bb1(%4: real):
        call @twice(%2) -> bb2
      bb2(%5: real):
        observe<real> Normal(%4, %0) of %0 site 4 "y"
        observe<real> Normal(%5, %0) of %0 site 5 "z"
        return %3
      }
      func @twice -> (real) {
      bb0(%0: real):
        %1: real = add.real %0, %0
        return %1
      }
      """)
    let slices = DependenceSlices(program)
    let first = try #require(slices.slice(of: 1))
    #expect(first.description == "'a' affects scores of 'y'; densities of 'c'")
    #expect(!first.changesStructure)
    let second = try #require(slices.slice(of: 2))
    #expect(second.description == "'b' affects scores of 'z'")
    #expect(try #require(slices.slice(of: 3)).description == "'c' affects the result")
    #expect(slices.slice(of: 9) == nil)
  }
}
