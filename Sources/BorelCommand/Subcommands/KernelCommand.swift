import ArgumentParser
import Borel
import BorelBase
import BorelREPL
import Foundation

/// Notebooks: Jupyter speaks to a small kernel in Python, which speaks to `borel kernel serve`.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel",
    abstract: "Use Borel in Jupyter notebooks.",
    subcommands: [Install.self, Serve.self])

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make Borel known to Jupyter, which needs ipykernel.")

    @Option(help: "The folder of the installation, such as that of a virtual environment.")
    var prefix: String?

    @Option(help: "The Python that runs the kernel.")
    var python = "python3"

    func run() throws {
      let folder = try KernelSpecification.install(
        prefix: prefix, python: python,
        borel: Bundle.main.executablePath ?? "borel")
      Console.printLine("installed \(folder)")
    }
  }

  struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Answer a notebook kernel: a JSON object per line on the standard streams.")

    @OptionGroup var options: RunOptions

    func run() throws {
      try options.pinInstructionSet()
      Interrupt.keepProcess()
      let notebook = Notebook(
        settings: PromptRun.settings(options),
        interruption: NotebookHost.Interruption(
          isRequested: { Interrupt.isRequested }, clear: { Interrupt.clear() }),
        send: { answer in
          Console.printLine(answer.text)
          Console.flush()
        })
      while let line = readLine() { notebook.answer(line) }
    }
  }
}
