import BorelBase
import BorelCompiler
import BorelIR
import BorelIRTestSupport
import BorelTransforms
import Foundation
import Testing

/// The pipeline from source text through every transform, checked by the verifier.
@Suite struct CompiledProgramTests {
  private func compiled(_ program: SourceProgram, isOptimised: Bool) throws -> Program {
    let source = SourceFile(name: program.name, text: program.source)
    let result = compile(source: source, isOptimised: isOptimised)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.message) == [])
    return try #require(result.program)
  }

  private func check(_ program: Program) throws {
    #expect(verify(program).map(\.description) == [])
    let text = printIR(program)
    #expect(try parsed(text) == program.withoutSpans)
  }

  @Test(arguments: sourcePrograms, [true, false])
  func everyTransformGivesAWellFormedProgram(source: SourceProgram, isOptimised: Bool) throws {
    try checkTransforms(of: try compiled(source, isOptimised: isOptimised))
  }

  /// The programs of `examples/`, by path.
  static let examples: [String] = {
    let folder = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("examples")
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let paths = (files?.allObjects ?? []).compactMap { ($0 as? URL)?.path }
    return paths.filter { $0.hasSuffix(".ppl") }.sorted()
  }()

  @Test(arguments: examples)
  func everyExampleGoesThroughEveryTransform(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let source = SourceFile(name: path, text: text)
    for isOptimised in [true, false] {
      let result = compile(source: source, isOptimised: isOptimised)
      guard let program = result.program else { continue }
      try checkTransforms(of: program)
      for model in program.models {
        #expect(DataUse(program, model: model).parameters.count == model.parameters.count)
      }
    }
  }

  private func checkTransforms(of program: Program) throws {
    try check(program)
    let weighted = try Weighted().apply(program)
    try check(weighted)
    try check(try Weighted(dropsDeadChoices: true).apply(program))
    let placements: [Sequential.Placement?] = [nil, .aligned, .all, Sequential.Placement.none]
    for placement in placements {
      let sequential = try Sequential(at: placement).apply(weighted)
      try check(sequential)
      try check(try Enumerated(coverage: .partial).apply(sequential))
    }
    try check(try Enumerated(coverage: .partial).apply(weighted))
    if Simulated().refusals(program).isEmpty {
      let simulated = try Simulated().apply(program)
      try check(simulated)
      #expect(!simulated.effectKinds.contains(.observe))
    }
  }

  @Test(arguments: sourcePrograms, [true, false])
  func sequentialFindsTheSteps(source: SourceProgram, isOptimised: Bool) throws {
    let program = try compiled(source, isOptimised: isOptimised)
    let plan = Sequential().plan(try Weighted().apply(program))
    #expect(plan.placement.rawValue == source.placement, "\(plan.alignment)")
    #expect(plan.checkpoints.count == source.checkpointCount, "\(plan)")
  }

  @Test func descriptionsNameWhatTheySpeakAbout() throws {
    let program = try compiled(sourcePrograms[0], isOptimised: true)
    #expect(Alignment(program).description == "'flow': aligned, several times")
    #expect(
      DataUse(program, model: program.models[0]).description
        == """
        flow: observed at 1 place, counted
        sdLevel: read
        sdFlow: read
        """)
    #expect(DataUse(program, model: program.models[0]).parameters[0].canBeSimulated)
    let function = program.functions[Int(program.models[0].function.index)]
    let first = try #require(function.sites.first).site.number
    let slices = DependenceSlices(program)
    let slice = try #require(slices.slice(of: first))
    #expect(
      slice.description
        == "'level' affects scores of 'flow'; densities of 'level'; tallies; the result")
    #expect(EffectAnalysis(program).effects[Int(program.models[0].function.index)].contains(.draws))
  }
}
