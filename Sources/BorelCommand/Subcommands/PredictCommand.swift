import ArgumentParser
import Borel
import BorelBase
import BorelData
import BorelInference
import BorelReport

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Draw data given the latents of a kept result.",
    discussion: """
      The data of -d and --set replace those of the fit; observed ones count only by their lengths, so \
      that longer arrays ask for forecasts. Without any, the data of the fit are predicted: what \
      `borel plot` then shows is a posterior predictive check.
      """)

  @OptionGroup var source: SourceOptions

  @Option(help: ArgumentHelp("A result kept as .json.", valueName: "out"))
  var fit: String

  @OptionGroup var options: RunOptions
  @OptionGroup var output: OutputOptions

  @Option(
    name: [.customShort("n"), .customLong("draws")],
    help: "How many draws of equal weight, instead of one for each draw of the fit.")
  var draws: Int?

  @Option(name: .customLong("vars"), help: ArgumentHelp("Show only these.", valueName: "a,b"))
  var variables: String?

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of a table.")
  var isJSON = false

  @Flag(name: [.customShort("q"), .customLong("quiet")], help: "Print no result.")
  var isQuiet = false

  mutating func validate() throws {
    if let draws, draws < 1 { throw ValidationError("-n must be at least 1, found \(draws)") }
  }

  func run() throws {
    try options.pinInstructionSet()
    let target = try output.target()
    let program = try source.program()
    var document = try ResultFiles.read(fit)
    if let draws, let resampled = document.posterior.resampled(count: draws, seed: options.seed) {
      document.posterior = resampled
    }
    var model = try source.boundModel(of: program)
    if !source.hasData { model = try withData(of: document, model) }
    let progress = ProgressLine()
    defer { progress.clear() }
    let prediction = try reporting(in: model.sources) { () throws(Diagnostics) in
      try model.predict(
        from: document.posterior, seed: options.seed, threads: options.threadCount,
        limits: options.limits(progress: progress))
    }
    progress.clear()
    var result = ResultDocument(prediction.result, of: model)
    if variables == nil { result.posterior.removeLatents(parameters: model.parameters.map(\.name)) }
    try ResultOutput(
      document: result, variables: try VariableSelection(variables).variables(of: result.posterior),
      isJSON: isJSON, isQuiet: isQuiet, isComplete: variables != nil
    ).write(to: target)
  }

  /// The model with the data that the fit was made with.
  private func withData(
    of document: ResultDocument, _ model: Model
  ) throws(CommandFailure) -> Model {
    let text = JSONValue.object(document.data.map { ($0.name, $0.value) }).text
    return try reporting(in: model.sources) { () throws(Diagnostics) in
      document.data.isEmpty ? model : try model.given(json: text, name: fit)
    }
  }
}
