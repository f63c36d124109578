import ArgumentParser
import BorelBase
import BorelREPL

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Print the value of an expression; -e is short for it.")

  @Argument(help: ArgumentHelp("Statements and an expression.", valueName: "expression"))
  var text: String

  @OptionGroup var options: RunOptions

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp("What the expression sees as arguments.", valueName: "arguments"))
  var arguments: [String] = []

  func run() throws {
    try options.pinInstructionSet()
    let host = TerminalHost(isInteractive: false)
    var settings = Session.Settings(threads: options.threadCount)
    settings.seed = options.seed
    settings.timeLimit = options.timeLimit
    settings.memoryLimit = options.memoryLimit.flatMap(ByteCount.parse)
    settings.outputLimit = options.outputLimit.flatMap(ByteCount.parse)
    let session = Session(host: host, settings: settings, arguments: arguments)
    if let value = try evaluate(in: session), value.name.hasPrefix("$") {
      Console.print(value.isPosterior ? value.text : value.text + "\n")
    }
  }

  private func evaluate(in session: Session) throws(CommandFailure) -> SessionResult? {
    do {
      return try session.run(text, name: "-e").results.last
    } catch {
      throw CommandFailure(Diagnostics(error.diagnostics), in: error.sources)
    }
  }
}
