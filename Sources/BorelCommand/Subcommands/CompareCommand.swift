import ArgumentParser
import BorelBase
import BorelData
import BorelInference
import BorelReport

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare models by their evidence, or by leave-one-out cross-validation.",
    discussion: """
      The results must be of the same data. Probabilities are those of the models when all are \
      equally likely before the data. With --loo the results must have been made with --pointwise: \
      elpd is the sum over data of the log of their density given all others, estimated by \
      Pareto-smoothed importance sampling.
      """)

  @OptionGroup var results: ResultFiles

  @Flag(help: "Compare by leave-one-out cross-validation.")
  var loo = false

  @Flag(name: .customLong("json"), help: "Print JSON instead of a table.")
  var isJSON = false

  @Flag(help: "Exit with status 6 when there are warnings.")
  var strict = false

  func run() throws {
    let documents = try results.documents()
    if loo {
      let comparison = try reporting(in: SourceMap([])) { () throws(Diagnostics) in
        try LeaveOneOutComparison(documents)
      }
      try show(comparison.text, comparison.json, comparison.warnings)
    } else {
      let comparison = try reporting(in: SourceMap([])) { () throws(Diagnostics) in
        try Comparison(documents)
      }
      try show(comparison.text, comparison.json, comparison.warnings)
    }
  }

  private func show(
    _ text: String, _ json: JSONValue, _ warnings: [Diagnostic]
  ) throws(CommandFailure) {
    Console.report(warnings, in: SourceMap([]))
    if isJSON { Console.printLine(json.prettyText) } else { Console.print(text) }
    if strict, !warnings.isEmpty {
      throw CommandFailure(Diagnostics([]), in: SourceMap([]), status: .strict)
    }
  }
}
