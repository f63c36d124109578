import ArgumentParser
import BorelInference

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "borel",
    abstract: "A universal probabilistic programming language.",
    discussion: """
      Without arguments, runs the program on the standard input.

      Exit status: 0 ok, 1 the program failed, 2 wrong usage, 3 errors in the program, \
      4 data missing or malformed, 5 no result, 6 warnings with --strict, 70 a bug in borel, \
      124 time limit, 130 interrupted.
      """,
    version: BorelVersion.text,
    subcommands: [
      RunCommand.self, LearnCommand.self, CheckCommand.self, FormatCommand.self, PlanCommand.self,
      SimulateCommand.self, IRCommand.self, DocCommand.self,
    ])
}
