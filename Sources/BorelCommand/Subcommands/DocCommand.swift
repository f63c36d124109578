import ArgumentParser
import BorelBase
import BorelReference
import BorelReport

struct DocCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doc",
    abstract: "Describe distributions, functions, inference methods and codes of diagnostics.")

  @Argument(help: ArgumentHelp("What to describe; without it, a list.", valueName: "name"))
  var name: String?

  @Option(
    help: ArgumentHelp("Write the whole reference as Markdown into a folder.", valueName: "folder"))
  var markdown: String?

  func run() throws {
    if let markdown {
      try FileOutput.write(
        ReferenceFiles.all.map {
          WrittenFile(path: "\(markdown)/\($0.name)", bytes: Array($0.text.utf8))
        })
      return
    }
    let pages = ReferencePages.all
    guard let name else {
      Console.print(ReferencePages.index(pages))
      return
    }
    if let entry = DiagnosticCatalogue.entry(name) {
      Console.printLine("\(entry.code)  \(entry.summary)")
      return
    }
    let found = pages.filter { $0.name == name }
    guard !found.isEmpty else {
      let insensitive = pages.first { $0.name.lowercased() == name.lowercased() }
      throw CommandFailure.usage(
        "there is nothing named '\(name)'",
        hint: insensitive.map { "did you mean '\($0.name)'?" }
          ?? didYouMean(name, among: pages.map(\.name)).map { "did you mean '\($0)'?" }
          ?? "'borel doc' lists everything")
    }
    Console.print(found.map(\.text).joined(separator: "\n"))
  }
}
