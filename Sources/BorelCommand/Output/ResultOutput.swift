import Borel
import BorelBase
import BorelData
import BorelInference
import BorelReport

/// Shows a result: a table or JSON to the output, warnings to the error stream, draws to a file.
struct ResultOutput {
  let document: ResultDocument
  let variables: [Variable]
  let isJSON: Bool
  let isQuiet: Bool
  /// Whether long arrays are shown in full.
  let isComplete: Bool
  /// Whether the lines that did something to the result are listed.
  var showsBlame = false

  private var posterior: BorelInference.Posterior { document.posterior }

  func write(to target: OutputTarget?) throws(CommandFailure) {
    let diagnostics = posterior.diagnostics.filter { !isQuiet || $0.severity != .note }
    Console.report(diagnostics, in: document.sources)
    if let target { try target.write(document, variables) }
    if isQuiet { return }
    if isJSON {
      Console.printLine(posterior.json(variables: variables, in: document.sources).prettyText)
      return
    }
    // Log-likelihoods of single data are for other commands.
    let shown = variables.filter { !$0.name.hasPrefix(LeaveOneOut.prefix) }
    Console.print(ResultTable(posterior).text(variables: shown, isComplete: isComplete))
    if showsBlame {
      let blame = Blame(document)
      Console.print(
        "\n" + (blame.isEmpty ? "no line scored or moved between checkpoints\n" : blame.text))
    }
  }
}
