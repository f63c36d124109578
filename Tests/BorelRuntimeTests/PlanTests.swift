import BorelBase
import BorelCompiler
import BorelIR
import BorelRuntime
import BorelTransforms
import Testing

/// Plans are the machine's short cut between two checkpoints: nothing but time depends on them.
struct PlanTests {
  private static let lanes = 300

  private struct Outcome: Equatable {
    var words: [[UInt64]]
    var logWeights: [UInt64]
    var reports: [[[UInt64]]]
    var tallies: [[UInt64]] = []
    var failure: [String]
  }

  private static let programs = [
    // Missing data: two ways from one checkpoint to the next.
    """
    model m() {
      let ys: [Real?] = [1.0, nil, 0.5, 0.25, nil, nil, 2.0, 1.0, nil, 0.5, 0.1, 0.2, nil, 1.5, 1.0]
      var level ~ Normal(0, 1)
      for y in ys {
        level ~ Normal(0.9 * level, 1)
        observe y ~ Normal(level, 0.5)
      }
      return level
    }
    """,
    // A call that is not inlined, a state that is carried along, a value that nothing reads.
    """
    func step(x: Real, depth: Int) -> Real {
      if depth == 0 { return 0.5 * x }
      return step(x, depth - 1) + 0.25
    }
    model m() {
      var x = sample Normal(0, 1)
      let start = x
      for t in 0..<12 {
        let unused = exp(x)
        x = sample Normal(step(x, 3), 1 + Real(t) / 10)
        observe Real(t % 3) ~ Normal(x + start, 1)
      }
      return (x, start)
    }
    """,
    // Conditions on lanes, and weights from elsewhere.
    """
    model m() {
      var n = sample Poisson(4)
      for t in 0..<10 {
        n = n + sample Poisson(2)
        require n > t
        factor -0.01 * Real(n)
        observe t + 3 ~ Poisson(Real(n) + 0.5)
      }
      return n
    }
    """,
    // The scale falls below zero in some lanes, late.
    """
    model m() {
      var scale = 6.0
      for t in 0..<12 {
        scale = scale - sample Exponential(rate: 2)
        observe 0.5 ~ Normal(0, scale)
      }
      return scale
    }
    """,
    // Sums along the way: the same for all lanes at first, then one per lane.
    """
    model m() {
      var x = 0.5
      for t in 0..<12 {
        tally total += x
        x = sample Normal(0.8 * x, 1)
        observe 0.25 * Real(t) ~ Normal(x, 1)
        tally squares += x * x
        tally steps += 1
      }
      return x
    }
    """,
  ]

  /// The machine of a program, at its start.
  private static func start(
    _ source: String, usesPlans: Bool
  ) throws -> (Machine, Program, ModelInfo) {
    let compilation = compile(source: SourceFile(name: "plan.ppl", text: source))
    let program = try #require(compilation.program, "\(compilation.diagnostics.map(\.message))")
    let sequential = try Composition([Sequential(), Weighted()]).apply(program)
    let model = try #require(sequential.models.last)
    var options = MachineOptions()
    options.usesPlans = usesPlans
    let machine = Machine(
      program: ProgramCompiler.compile(sequential), groupKeys: [7], lanesPerGroup: lanes,
      options: options)
    machine.start(function: model.function, arguments: [])
    return (machine, sequential, model)
  }

  private static func run(_ source: String, usesPlans: Bool) throws -> Outcome {
    let (machine, sequential, model) = try start(source, usesPlans: usesPlans)
    var outcome = Outcome(words: [], logWeights: [], reports: [], failure: [])
    var weights = [Double](repeating: 0, count: lanes)
    var steps = 0
    do {
      while true {
        try machine.advance()
        for emission in machine.emissions {
          let (_, _, values) = machine.read(emission)
          outcome.reports.append(values)
        }
        machine.discardEmissions()
        machine.readLogWeights(into: &weights)
        outcome.logWeights += weights.map(\.bitPattern)
        if machine.isFinished { break }
        steps += 1
        if steps % 3 == 0 {
          let living = weights.indices.filter { weights[$0] > -.infinity }
          let ancestors = (0..<lanes).map { Int32(living[$0 * 7 % living.count]) }.sorted()
          machine.replaceLanes(by: ancestors, count: lanes, keepsWeights: steps % 2 == 0)
        }
        try machine.beginGeneration()
      }
      let width = model.result.layout(sequential.enumerations).count
      outcome.words = machine.results(width: width).columns
      outcome.tallies = sequential.tallies.indices.map { machine.tally($0).map { $0.bitPattern } }
    } catch let diagnostic as Diagnostic {
      outcome.failure =
        [diagnostic.code, diagnostic.message, "\(diagnostic.span)"] + diagnostic.hints
    }
    return outcome
  }

  @Test(arguments: programs.indices)
  func resultsDoNotDependOnPlans(index: Int) throws {
    let source = Self.programs[index]
    let expected = try Self.run(source, usesPlans: false)
    let found = try Self.run(source, usesPlans: true)
    #expect(found == expected)
    // The mutant: the programs differ from each other, so equality is not for nothing.
    let other = Self.programs[(index + 1) % Self.programs.count]
    #expect(expected != (try Self.run(other, usesPlans: false)))
    #expect(index != 3 || expected.failure.first == "E0301")
  }

  /// What a conditional sweep leaves: log-weights and choices of all lanes by step, and the tallies.
  private struct Sweep: Equatable {
    var logWeights: [[UInt64]] = []
    var choices: [[UInt64]] = []
    var tallies: [[UInt64]] = []
  }

  /// A sweep in which lane 5 repeats what lane 9 of a free run has chosen.
  private static func sweep(_ source: String, usesPlans: Bool) throws -> Sweep {
    var path: [ChoiceTable] = []
    var outcome = Sweep()
    for isConditional in [false, true] {
      let (machine, program, _) = try start(source, usesPlans: usesPlans)
      let everyLane = (0..<Int32(lanes)).map { $0 }
      var weights = [Double](repeating: 0, count: lanes)
      outcome = Sweep()
      var step = 0
      while true {
        try machine.beginGeneration()
        let record = StepRecord(machine)
        machine.recording = record
        if isConditional { machine.replay = ChoiceReplay(path[step], frozen: [5]) }
        try machine.advance()
        record.finish(machine)
        machine.recording = nil
        let all = ChoiceTable(copying: everyLane, of: record, program: machine.program)
        outcome.choices.append(
          all.listChoices(of: 0).flatMap { choice in
            everyLane.map { all.word(choice, row: Int($0)) }
          })
        if isConditional {
          #expect(machine.replay?.hasMismatch == false)
          for choice in all.listChoices(of: 5) {
            #expect(all.word(choice, row: 5) == path[step].word(choice, row: 0))
          }
        } else {
          path.append(ChoiceTable(copying: [9], of: record, program: machine.program))
        }
        machine.readLogWeights(into: &weights)
        outcome.logWeights.append(weights.map(\.bitPattern))
        if machine.isFinished { break }
        step += 1
        if step % 3 == 0 {
          machine.replaceLanes(by: everyLane.map { min($0 / 9 * 9 + 5, 299) }, count: lanes)
        }
      }
      outcome.tallies = program.tallies.indices.map { machine.tally($0).map { $0.bitPattern } }
    }
    return outcome
  }

  @Test(arguments: [1, 4])
  func conditionalSweepsDoNotDependOnPlans(index: Int) throws {
    let expected = try Self.sweep(Self.programs[index], usesPlans: false)
    #expect(try Self.sweep(Self.programs[index], usesPlans: true) == expected)
    #expect(expected.choices.count == 13)
  }
}
