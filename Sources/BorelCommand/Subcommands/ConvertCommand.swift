import ArgumentParser
import BorelBase
import BorelInference
import BorelReport

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Write a result in another format.",
    discussion: ResultFormat.allCases.map { format in
      let ending = "." + format.extensions[0]
      return "  \(ending)\(String(repeating: " ", count: 10 - ending.count)) \(format.summary)"
    }.joined(separator: "\n"))

  @OptionGroup var results: ResultFiles
  @OptionGroup var output: OutputOptions

  @Option(name: .customLong("vars"), help: ArgumentHelp("Only these variables.", valueName: "a,b"))
  var variables: String?

  @Flag(help: "Replace weighted draws by as many draws of equal weight.")
  var resample = false

  @Option(
    name: [.customShort("n"), .customLong("draws")],
    help: "How many draws of equal weight; needs --resample.")
  var draws: Int?

  @Option(name: [.customShort("s"), .customLong("seed")], help: "Seed of --resample.")
  var seed: UInt64 = 1

  mutating func validate() throws {
    if let draws, draws < 1 { throw ValidationError("-n must be at least 1, found \(draws)") }
    if draws != nil, !resample { throw ValidationError("-n needs --resample") }
  }

  func run() throws {
    guard let target = try output.target() else {
      throw CommandFailure.usage("-o says where the result is written")
    }
    var document = try results.document()
    if resample {
      let count = draws ?? document.posterior.drawCount
      guard let resampled = document.posterior.resampled(count: count, seed: seed) else {
        throw CommandFailure.usage("every draw has weight zero")
      }
      document.posterior = resampled
    }
    let variables = try VariableSelection(variables).variables(of: document.posterior)
    try target.write(document, variables)
  }
}
