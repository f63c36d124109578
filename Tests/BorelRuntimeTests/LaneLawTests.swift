import BorelBase
import BorelCompiler
import BorelIR
import BorelRuntime
import BorelTransforms
import Testing

/// Law 2: what a lane computes does not depend on how many lanes, blocks or threads ran beside it.
struct LaneLawTests {
  private static let lanes = 700

  private struct Outcome: Equatable {
    var words: [UInt64]
    var weight: UInt64
  }

  private static func compiled(_ source: String) throws -> (CompiledProgram, ModelInfo) {
    let compilation = compile(source: SourceFile(name: "law.ppl", text: source))
    let program = try #require(
      compilation.program, "\(compilation.diagnostics.map(\.message))")
    let weighted = try Weighted().apply(program)
    return (ProgramCompiler.compile(weighted), try #require(weighted.models.last))
  }

  private static func run(
    _ program: CompiledProgram, _ model: ModelInfo, width: Int, threads: Int,
    first: Int = 0, count: Int = lanes
  ) throws -> [Outcome] {
    var options = MachineOptions()
    options.blockWidth = width
    options.threads = threads
    let machine = Machine(
      program: program, groupKeys: [42], lanesPerGroup: lanes, options: options)
    machine.start(function: model.function, arguments: [], first: first, count: count)
    try machine.advance()
    let layout = model.result.layout(program.source.enumerations)
    let (columns, _) = machine.results(width: layout.count)
    var weights = [Double](repeating: 0, count: lanes)
    machine.readLogWeights(into: &weights)
    return (first..<(first + count)).map { lane in
      Outcome(words: columns.map { $0[lane] }, weight: weights[lane].bitPattern)
    }
  }

  @Test(arguments: DivergentPrograms.all.map(\.source))
  func resultsDoNotDependOnBlocksOrThreads(source: String) throws {
    let (program, model) = try Self.compiled(source)
    let expected = try Self.run(program, model, width: 1024, threads: 1)
    for width in [1, 7, 256] {
      for threads in [1, 2, 3] {
        let found = try Self.run(program, model, width: width, threads: threads)
        #expect(found == expected, "block width \(width), \(threads) threads")
      }
    }
  }

  @Test(arguments: DivergentPrograms.all.map(\.source))
  func everyLaneGivesTheSameBitsAlone(source: String) throws {
    let (program, model) = try Self.compiled(source)
    let together = try Self.run(program, model, width: 1024, threads: 1)
    for lane in stride(from: 0, to: Self.lanes, by: 13) {
      let alone = try Self.run(program, model, width: 1024, threads: 1, first: lane, count: 1)
      #expect(alone[0] == together[lane], "lane \(lane)")
    }
  }

  /// The mutant: a lane that starts from another number has another stream, so the law above
  /// could not hold by accident.
  @Test func lanesDifferFromEachOther() throws {
    let (program, model) = try Self.compiled(DivergentPrograms.all[1].source)
    let outcomes = try Self.run(program, model, width: 1024, threads: 1)
    #expect(Set(outcomes.map { $0.words }).count > Self.lanes / 2)
  }
}
