import ArgumentParser
import BorelBase
import BorelReference

struct DocCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doc",
    abstract: "Describe distributions, functions and inference methods.")

  @Argument(help: ArgumentHelp("What to describe; without it, a list.", valueName: "name"))
  var name: String?

  @Flag(help: "Print the whole reference as Markdown.")
  var markdown = false

  func run() throws {
    let pages = ReferencePages.all
    if markdown {
      Console.print(ReferencePages.markdown(pages))
      return
    }
    guard let name else {
      Console.print(ReferencePages.index(pages))
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
