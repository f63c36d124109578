import ArgumentParser
import Borel
import BorelBase
import BorelInference
import BorelValidation

struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Test the laws of inference on this model and this method.",
    discussion: """
      Runs the method many times and compares it with exact or long-run answers: same seed, same \
      bits; no random counter used twice; the exact measure where choices are finite; unbiased \
      evidence; expectations; calibration on data drawn from the model. Exits with status 7 when a \
      law is violated.
      """)

  @OptionGroup var source: SourceOptions
  @OptionGroup var method: MethodOption
  @OptionGroup var options: RunOptions

  @Option(help: "Probability of rejecting a correct method, over all tests.")
  var alpha = 1e-6

  @Option(help: "Runs in the first stage of a test.")
  var replicates = 48

  @Option(
    name: .customLong("reference-particles"),
    help: "Executions of each of the long runs that stand in for exact answers.")
  var referenceParticles = 10_000

  @Flag(name: .customLong("json"), help: "Print one JSON object instead of lines.")
  var isJSON = false

  mutating func validate() throws {
    if !(alpha > 0 && alpha < 0.5) {
      throw ValidationError("--alpha must be between 0 and 0.5, found \(alpha)")
    }
    if !(8...1_000_000).contains(replicates) {
      throw ValidationError("--replicates must be from 8 to 1000000, found \(replicates)")
    }
    if !(100...100_000_000).contains(referenceParticles) {
      throw ValidationError(
        "--reference-particles must be from 100 to 100000000, found \(referenceParticles)")
    }
  }

  func run() throws {
    try options.pinInstructionSet()
    let method = try method.specification()
    let program = try source.program()
    if program.isScript {
      throw CommandFailure.usage(
        "'\(source.file)' has top-level statements; only a file that declares a model is validated")
    }
    let model = try source.boundModel(of: program)
    let report = try reporting(in: model.sources) { () throws(Diagnostics) in
      let (request, warnings) = try model.request(
        method.specification, seed: options.seed, threads: options.threadCount,
        limits: options.limits(progress: nil))
      Console.report(warnings, in: model.sources)
      var settings = ModelValidation.Options()
      settings.alpha = alpha
      settings.replicates = replicates
      settings.referenceParticles = referenceParticles
      return try ModelValidation(request, options: settings).run()
    }
    if isJSON {
      Console.printLine(report.json.prettyText)
    } else {
      Console.print(report.text)
    }
    if !report.isAccepted {
      throw CommandFailure(Diagnostics([]), in: model.sources, status: .rejected)
    }
  }
}
