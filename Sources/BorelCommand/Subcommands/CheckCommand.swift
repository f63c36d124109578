import ArgumentParser
import Borel
import BorelBase
import BorelCompiler
import BorelData

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check programs without running them.")

  @Argument(help: ArgumentHelp("The programs; - reads the standard input.", valueName: "file"))
  var files: [String]

  @Flag(name: .customLong("json"), help: "Print the diagnostics as a JSON array.")
  var isJSON = false

  @Flag(help: "Exit with status 6 when there are warnings.")
  var strict = false

  func run() throws {
    var objects: [JSONValue] = []
    var hasErrors = false
    var hasWarnings = false
    for path in files {
      let compilation = Compilation.checking(try ProgramFile.read(path))
      for diagnostic in compilation.diagnostics {
        if diagnostic.severity == .error { hasErrors = true } else { hasWarnings = true }
        if isJSON { objects.append(diagnostic.json(in: compilation.sourceMap)) }
      }
      if !isJSON { Console.report(compilation.diagnostics, in: compilation.sourceMap) }
    }
    if isJSON { Console.printLine(JSONValue.array(objects).prettyText) }
    if hasErrors { throw ExitStatus.check }
    if strict, hasWarnings { throw ExitStatus.strict }
  }
}
