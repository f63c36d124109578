import ArgumentParser
import Borel
import BorelBase

import func BorelSyntax.format

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Rewrite programs in the common format.")

  @Argument(
    help: ArgumentHelp(
      "The programs; - reads the standard input and prints the result.", valueName: "file"))
  var files: [String]

  @Flag(help: "Change nothing; name the files that would change and exit with status 3.")
  var check = false

  func run() throws {
    var hasChanges = false
    var failure: CommandFailure?
    for path in files {
      let file = try ProgramFile.read(path)
      switch format(file.text, name: file.name) {
      case .failure(let problems):
        let unreadable = CommandFailure(problems, in: SourceMap([file]))
        unreadable.report()
        failure = unreadable
      case .success(let text):
        let isChanged = text != file.text
        if check {
          if isChanged { Console.printLine(file.name) }
        } else if path == "-" {
          Console.print(text)
        } else if isChanged {
          try FileOutput.write(text, to: path)
        }
        hasChanges = hasChanges || isChanged
      }
    }
    if let failure { throw failure.status }
    if check, hasChanges { throw ExitStatus.check }
  }
}
