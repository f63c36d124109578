import ArgumentParser
import Borel
import BorelBase
import BorelIR

struct IRCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ir", abstract: "Print the intermediate representation of a program.")

  @Argument(help: ArgumentHelp("The program; - reads the standard input.", valueName: "file"))
  var file: String

  @Flag(help: "Add the place in the program to each instruction.")
  var lines = false

  func run() throws {
    let program = try ProgramFile.load(file)
    Console.print(printIR(program.code, sources: lines ? program.sources : nil))
  }
}
