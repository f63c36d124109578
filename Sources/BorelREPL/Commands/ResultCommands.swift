import BorelBase
import BorelInference
import BorelReport

extension PromptCommand {
  static let results: [PromptCommand] = [
    PromptCommand("plot", "[NAME]", "pictures of a posterior", .names) {
      prompt, text throws(SessionFailure) in
      let document = try prompt.document(text)
      if prompt.host.showPictures(document) { return }
      let style = TerminalStyle.ofOutput(usesColor: prompt.host.isInteractive)
      prompt.host.print(
        TerminalReport(document, style: style)
          .text(document.posterior.variables, isComplete: false))
    },
    PromptCommand("diagnose", "[NAME]", "whether a posterior can be relied upon", .names) {
      prompt, text throws(SessionFailure) in
      let posterior = try prompt.document(text).posterior
      for check in Check.all(posterior, posterior.variables) { prompt.host.print(check.line) }
    },
    PromptCommand("blame", "[NAME]", "what each line did to a posterior", .names) {
      prompt, text throws(SessionFailure) in
      let blame = Blame(try prompt.document(text))
      prompt.host.print(blame.isEmpty ? "no line scored between checkpoints\n" : blame.text)
    },
  ]
}

extension Prompt {
  /// The posterior with a name, or the last one, with the texts of the session.
  func document(_ name: String) throws(SessionFailure) -> ResultDocument {
    let posterior = try session.posterior(named: name.isEmpty ? nil : name)
    return ResultDocument(posterior, sources: session.compiler.sources)
  }
}
