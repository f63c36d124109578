import BorelBase

/// A command of the prompt: what follows a colon.
package struct PromptCommand: Sendable {
  /// What Tab offers for the arguments.
  enum Arguments: Sendable {
    case none, files, names, models, expression, commands, settings
  }

  package var name: String
  /// As in the help: `FILE...`.
  var usage: String
  var summary: String
  var arguments: Arguments
  var action: @Sendable (Prompt, String) throws(SessionFailure) -> Void

  init(
    _ name: String, _ usage: String, _ summary: String, _ arguments: Arguments,
    _ action: @escaping @Sendable (Prompt, String) throws(SessionFailure) -> Void
  ) {
    self.name = name
    self.usage = usage
    self.summary = summary
    self.arguments = arguments
    self.action = action
  }

  /// In the order of the help.
  package static let all: [PromptCommand] =
    general + definitions + inference + results + files + [shell]

  /// `:!COMMAND`, which needs no blank.
  private static let shell = PromptCommand(
    "!", "COMMAND", "run a command of the shell", .files
  ) { _, text throws(SessionFailure) in try Shell.run(text) }

  /// The command that a word means: its whole name, or the start of one only.
  package static func named(_ word: String) throws(SessionFailure) -> PromptCommand {
    if let exact = all.first(where: { $0.name == word }) { return exact }
    let matches = all.filter { !word.isEmpty && $0.name.hasPrefix(word) }
    if let only = matches.first, matches.count == 1 { return only }
    if matches.isEmpty {
      throw .usage(
        "there is no command ':\(word)'",
        hint: didYouMean(word, among: all.map(\.name)).map { "did you mean ':\($0)'?" }
          ?? "':help' lists the commands")
    }
    let names = matches.map { ":" + $0.name }.joined(separator: ", ")
    throw .usage("':\(word)' is the start of several commands", hint: "it may mean \(names)")
  }

  /// Runs the text after the colon.
  static func perform(_ text: String, at prompt: Prompt) throws(SessionFailure) {
    if text.hasPrefix("!") { return try Shell.run(String(text.dropFirst()).trimmed) }
    let word = text.prefix { !$0.isWhitespace }
    let command = try named(String(word))
    try command.action(prompt, text.dropFirst(word.count).trimmed)
  }
}
