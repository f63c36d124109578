import ArgumentParser
import Borel
import BorelBase
import BorelInference
import BorelReport

struct LearnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learn",
    abstract: "Find the maximum likelihood of the param arguments of a model.",
    discussion: """
      Ascends the likelihood on the unconstrained scale of the param arguments, with gradients by \
      the method, and prints their values with standard errors, then the posterior of the model \
      at these values. The start is the value of an argument in the data, or its default.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var method: MethodOption
  @OptionGroup var options: RunOptions

  @Option(help: ArgumentHelp("Most steps of the ascent.", valueName: "n"))
  var steps: Int = 300

  @Option(
    help: ArgumentHelp("Length of the first steps on the unconstrained scale.", valueName: "x"))
  var rate: Double = 0.1

  @Option(
    help: ArgumentHelp("How steps are made: adam, robbinsMonro, or em.", valueName: "schedule"))
  var schedule: String = "adam"

  @Option(
    help: ArgumentHelp(
      "End when the error on the unconstrained scale is below this.", valueName: "x"))
  var tolerance: Double = 0.02

  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("vars"), help: ArgumentHelp("Show only these.", valueName: "a,b"))
  var variables: String?

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of a table.")
  var isJSON = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print no result.")
  var isQuiet = false

  @Flag(help: "Exit with status 6 when there are warnings.")
  var strict = false

  func run() throws {
    try options.pinInstructionSet()
    let method = try method.specification()
    let settings = try learnSettings()
    let target = try output.target()
    let model = try source.boundModel(of: source.program())
    let progress = ProgressLine()
    defer { progress.clear() }
    let fit = try reporting(in: model.sources) { () throws(Diagnostics) in
      try model.learn(
        method, settings, seed: options.seed, threads: options.threadCount,
        limits: options.limits(progress: progress))
    }
    progress.clear()
    let shown = try VariableSelection(variables).variables(of: fit.result)
    try ResultOutput(
      document: ResultDocument(fit.result, of: model), variables: shown, isJSON: isJSON,
      isQuiet: isQuiet, isComplete: variables != nil
    ).write(to: target)
    if strict, fit.result.diagnostics.contains(where: { $0.severity != .note }) {
      throw CommandFailure(Diagnostics([]), in: model.sources, status: .strict)
    }
  }

  /// The settings, checked like those in a program.
  private func learnSettings() throws(CommandFailure) -> LearnSettings {
    let text =
      "learn(steps: \(steps), rate: \(rate), schedule: \(schedule), tolerance: \(tolerance))"
    return try reporting(in: SourceMap([])) { () throws(Diagnostics) in
      LearnSettings(try MethodSpecification(parsing: text))
    }
  }
}
