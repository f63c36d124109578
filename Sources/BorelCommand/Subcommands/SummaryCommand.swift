import ArgumentParser
import BorelData
import BorelInference
import BorelReport

struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "The table of results that were kept in files.")

  @OptionGroup var results: ResultFiles
  @OptionGroup var view: ResultViewOptions

  func run() throws {
    let documents = try results.documents()
    for (index, (name, document)) in documents.enumerated() {
      let variables = try view.variables(of: document)
      if documents.count > 1, !view.isJSON {
        Console.print((index > 0 ? "\n" : "") + name + "\n")
      }
      try ResultOutput(
        document: document, variables: variables, isJSON: view.isJSON, isQuiet: false,
        isComplete: view.variables != nil
      ).write(to: nil)
    }
    try view.judge(documents)
  }
}
