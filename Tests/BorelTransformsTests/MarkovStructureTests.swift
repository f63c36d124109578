import BorelBase
import BorelCompiler
import BorelIR
import BorelTransforms
import Testing

@Suite struct MarkovStructureTests {
  private func structure(_ body: String, arguments: String = "y: [Real]") throws -> MarkovStructure
  {
    let source = SourceFile(name: "m", text: "model m(\(arguments)) {\n\(body)\n}")
    let compilation = compile(source: source)
    #expect(compilation.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
    let program = try (Sequential() ∘ Weighted()).apply(#require(compilation.program))
    return MarkovStructure(program, model: program.models[0].function)
  }

  @Test func redrawnVariableIsTheState() throws {
    let structure = try structure(
      """
        var level ~ Normal(0, 1)
        for (t, v) in y.enumerated() {
          let last = level
          if t > 0 { level ~ Normal(last, 1) }
          observe v ~ Normal(level, 1)
          if t > 0 { tally s += square(level - last) }
        }
        return level
      """)
    #expect(structure.obstacles.map(\.message) == [])
    #expect(structure.description == "state: level")
    #expect(!structure.scoresReadPreviousState)
  }

  @Test func stateDrawnInEveryStepIsMarkov() throws {
    let structure = try structure(
      """
        var level = 0.0
        for v in y {
          level ~ Normal(level, 1)
          observe v ~ Normal(level, 1)
        }
        return level
      """)
    #expect(structure.obstacles.map(\.message) == [])
    #expect(structure.isMarkov)
    #expect(structure.description == "state: level")
    #expect(!structure.scoresReadPreviousState)
    #expect(structure.drawsReadPreviousState)
  }

  @Test func staticLatentIsAParameterAndARegimeIsCompared() throws {
    let structure = try structure(
      """
        s ~ HalfNormal(1)
        var level = 0.0
        var jumps = 0
        for v in y {
          let jump = sample Bernoulli(0.1)
          jumps = if jump { jumps + 1 } else { jumps }
          level ~ Normal(level + jumps, s)
          observe v ~ Normal(level, s)
        }
        return level
      """)
    #expect(structure.isMarkov)
    #expect(
      structure.description == "state: level; discrete state carried on: jumps; parameters: s")
  }

  @Test(arguments: [
    (
      "accumulated noise",
      """
        var x = 0.0
        for v in y {
          x = x + sample Normal(0, 1)
          observe v ~ Normal(x, 1)
        }
        return x
      """, "x"
    ),
    (
      "second lag",
      """
        var x = 0.0
        var lag = 0.0
        for v in y {
          let next = sample Normal(x + lag, 1)
          lag = x
          x = next
          observe v ~ Normal(x, 1)
        }
        return x
      """, "lag"
    ),
    (
      "redraw by chance",
      """
        var x = 0.0
        for v in y {
          if sample Bernoulli(0.5) { x ~ Normal(0, 1) }
          observe v ~ Normal(x, 1)
        }
        return x
      """, "x"
    ),
    (
      "growing array",
      """
        var xs = [] as [Real]
        for v in y {
          let x = sample Normal(0, 1)
          xs = xs + [x]
          observe v ~ Normal(x, 1)
        }
        return count(xs)
      """, "xs"
    ),
  ])
  func carriedStateIsRefusedByName(title: String, body: String, variable: String) throws {
    let structure = try structure(body)
    #expect(!structure.isMarkov)
    let message = try #require(structure.obstacles.first).message
    #expect(message.hasPrefix("'\(variable)' is carried on from the previous step"), "\(message)")
  }

  @Test func scoreThatReadsThePreviousStateIsTold() throws {
    let structure = try structure(
      """
        var level = 0.0
        for v in y {
          let last = level
          level ~ Normal(level, 1)
          observe v ~ Normal(level + last, 1)
        }
        return level
      """)
    #expect(structure.isMarkov)
    #expect(structure.scoresReadPreviousState)
  }
}
