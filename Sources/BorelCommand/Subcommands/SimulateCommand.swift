import ArgumentParser
import Borel
import BorelBase
import BorelInference
import BorelReport

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim",
    abstract: "Draw from the prior: observations draw instead of scoring.")

  @OptionGroup var source: SourceOptions
  @OptionGroup var options: RunOptions

  @Option(
    name: [.customShort("n"), .customLong("draws")], help: "The number of draws.")
  var draws = 1_000

  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("vars"), help: ArgumentHelp("Show only these.", valueName: "a,b"))
  var variables: String?

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of a table.")
  var isJSON = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print no result.")
  var isQuiet = false

  mutating func validate() throws {
    if draws < 1 { throw ValidationError("-n must be at least 1, found \(draws)") }
  }

  func run() throws {
    try options.pinInstructionSet()
    let target = try output.target()
    let program = try source.program()
    let model = try source.boundModel(of: program)
    let progress = ProgressLine()
    defer { progress.clear() }
    let sample = try reporting(in: model.sources) { () throws(Diagnostics) in
      try model.simulate(
        draws: draws, seed: options.seed, threads: options.threadCount,
        limits: options.limits(progress: progress))
    }
    progress.clear()
    try ResultOutput(
      document: ResultDocument(sample.result, of: model),
      variables: try VariableSelection(variables).variables(of: sample.result),
      isJSON: isJSON, isQuiet: isQuiet, isComplete: variables != nil
    ).write(to: target)
  }
}
