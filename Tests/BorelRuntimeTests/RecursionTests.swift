import BorelBase
import BorelCompiler
import BorelRuntime
import BorelTransforms
import Testing

struct RecursionTests {
  private func run(_ source: String, depth: Int) throws -> [UInt64] {
    let compilation = compile(source: SourceFile(name: "deep.ppl", text: source))
    let program = try Weighted().apply(try #require(compilation.program))
    var options = MachineOptions()
    options.limits.recursionDepth = depth
    let machine = Machine(
      program: ProgramCompiler.compile(program), groupKeys: [1], lanesPerGroup: 3,
      options: options)
    let model = try #require(program.models.last)
    machine.start(function: model.function, arguments: [])
    try machine.advance()
    return machine.results(width: 1).columns[0]
  }

  private static let deep = """
    func depth(n: Int) -> Int { if n == 0 { 0 } else { 1 + depth(n - 1) } }
    model m() { return depth(500_000) + sample DiscreteUniform(0, 0) }
    """

  @Test func deepRecursionNeedsNoStack() throws {
    #expect(try run(Self.deep, depth: 1_000_000) == [500_000, 500_000, 500_000])
  }

  @Test func recursionBeyondTheLimitIsAnErrorThatNamesIt() throws {
    let error = try #require(throws: Diagnostic.self) { try run(Self.deep, depth: 1_000) }
    #expect(error.code == "E0601")
    #expect(error.message.contains("1000"))
  }
}
