import ArgumentParser
import BorelBase
import BorelData

struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Print the manual page, for man.",
    discussion: "borel manual > ~/.local/share/man/man1/borel.1")

  func run() throws {
    let file = SourceFile(name: "help", text: RootCommand._dumpHelp())
    let root = try reporting(in: SourceMap([file])) { () throws(Diagnostics) in
      try JSONReader.document(file, fileIndex: 0)
    }
    Console.print(ManualPage(root).text)
  }
}
