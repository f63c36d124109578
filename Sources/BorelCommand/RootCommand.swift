import ArgumentParser
import BorelInference

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "borel",
    abstract: "A universal probabilistic programming language.",
    discussion: """
      Without arguments, starts the interactive prompt at a terminal, and otherwise runs the \
      program on the standard input. `borel -e EXPRESSION` prints the value of an expression.

      Exit status: \(ExitStatus.summary).
      """,
    version: BorelVersion.text,
    subcommands: [
      RunCommand.self, LearnCommand.self, FilterCommand.self, CheckCommand.self,
      FormatCommand.self, PlanCommand.self, SimulateCommand.self, ValidateCommand.self,
      IRCommand.self, DocCommand.self,
      SummaryCommand.self, DiagnoseCommand.self, ConvertCommand.self, CompareCommand.self,
      PlotCommand.self, PredictCommand.self, PromptSubcommand.self, EvaluateCommand.self,
      LanguageServerCommand.self, KernelCommand.self, CompletionsCommand.self, ManualCommand.self,
    ])
}
