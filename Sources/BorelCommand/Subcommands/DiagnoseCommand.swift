import ArgumentParser
import BorelBase
import BorelData
import BorelInference
import BorelReport

struct DiagnoseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract: "Whether results can be relied upon, and which lines are to blame.",
    discussion: """
      Checks the usual thresholds: R-hat at most 1.01 and effective sample sizes of at least 400 for \
      Markov chains; for weighted draws the worth of the weights, the surviving lineages and the \
      precision of every variable.
      """)

  @OptionGroup var results: ResultFiles
  @OptionGroup var view: ResultViewOptions

  func run() throws {
    let documents = try results.documents()
    for (index, (name, document)) in documents.enumerated() {
      let checks = Check.all(document.posterior, try view.variables(of: document))
      if view.isJSON {
        Console.printLine(json(name, document, checks).prettyText)
      } else {
        Console.print((index > 0 ? "\n" : "") + text(name, document, checks))
      }
    }
    try view.judge(documents)
  }

  private func text(_ name: String, _ document: ResultDocument, _ checks: [Check]) -> String {
    var text = "\(name): \(document.posterior.model), \(document.posterior.method)\n"
    for check in checks { text += check.line }
    let warnings = document.posterior.diagnostics.filter { $0.severity != .note }
    if !warnings.isEmpty { text += "\n" + render(warnings, in: document.sources) + "\n" }
    let blame = Blame(document)
    if !blame.isEmpty { text += "\n" + blame.text }
    return text
  }

  private func json(
    _ name: String, _ document: ResultDocument, _ checks: [Check]
  ) -> JSONValue {
    let summary = document.posterior.json(variables: [], in: document.sources)
    var fields: [(String, JSONValue)] = [
      ("file", .string(name)), ("ok", .bool(checks.allSatisfy(\.isGood))),
      ("checks", .array(checks.map(\.json))),
    ]
    if case .object(let all) = summary {
      fields += all.filter { ["observations", "moves", "diagnostics"].contains($0.0) }
    }
    return .object(fields)
  }
}
