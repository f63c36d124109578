import ArgumentParser

struct PromptSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl",
    abstract: "Start the interactive prompt.",
    discussion: """
      At a terminal lines are edited with GNU Readline. Otherwise lines are read from the standard \
      input without prompts, and the first error ends the session with its status.
      """)

  @Argument(help: ArgumentHelp("Programs to run first.", valueName: "file"))
  var files: [String] = []

  @Option(
    name: [.customShort("d"), .customLong("data")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("JSON or CSV file for the models.", valueName: "data"))
  var data: [String] = []

  @Flag(
    name: .customLong("keep-going"),
    help: "Go on after errors also without a terminal; the status is that of the first one.")
  var keepsGoing = false

  @OptionGroup var options: RunOptions

  func run() throws {
    var prompt = PromptRun(options: options)
    prompt.files = files
    prompt.data = data
    prompt.keepsGoing = keepsGoing
    try prompt.run()
  }
}
