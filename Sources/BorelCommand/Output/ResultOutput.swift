import Borel
import BorelBase
import BorelData
import BorelInference

/// Shows a result: a table or JSON to the output, warnings to the error stream, draws to a file.
struct ResultOutput {
  let posterior: BorelInference.Posterior
  let variables: [Variable]
  let sources: SourceMap
  let isJSON: Bool
  let isQuiet: Bool
  /// Whether long arrays are shown in full.
  let isComplete: Bool

  func write(to path: String?, _ format: DrawsFile.Format?) throws(CommandFailure) {
    let diagnostics = posterior.diagnostics.filter { !isQuiet || $0.severity != .note }
    Console.report(diagnostics, in: sources)
    let needsJSON = isJSON || format == .json
    let json =
      needsJSON
      ? posterior.json(variables: variables) { $0.json(in: sources) } : JSONValue.null
    if let path, let format {
      let text = DrawsFile.text(posterior, variables, format, summary: json)
      try TextOutput.write(text, to: path)
    }
    if isQuiet { return }
    if isJSON {
      Console.printLine(json.prettyText)
    } else {
      Console.print(
        ResultTable(posterior).text(variables: variables, isComplete: isComplete))
    }
  }
}
