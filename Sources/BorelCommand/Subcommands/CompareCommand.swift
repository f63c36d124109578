import ArgumentParser
import BorelBase
import BorelInference
import BorelReport

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare models by their evidence.",
    discussion: """
      The results must be of the same data. Probabilities are those of the models when all are \
      equally likely before the data.
      """)

  @OptionGroup var results: ResultFiles

  @Flag(name: .customLong("json"), help: "Print JSON instead of a table.")
  var isJSON = false

  @Flag(help: "Exit with status 6 when there are warnings.")
  var strict = false

  func run() throws {
    let documents = try results.documents()
    let comparison = try reporting(in: SourceMap([])) { () throws(Diagnostics) in
      try Comparison(documents)
    }
    Console.report(comparison.warnings, in: SourceMap([]))
    if isJSON {
      Console.printLine(comparison.json.prettyText)
    } else {
      Console.print(comparison.text)
    }
    if strict, !comparison.warnings.isEmpty {
      throw CommandFailure(Diagnostics([]), in: SourceMap([]), status: .strict)
    }
  }
}
