import Borel
import BorelBase
import BorelInference
import BorelREPL
import BorelReport

/// Starts an interactive session: at a terminal with a line editor, otherwise reading its lines
/// from the standard input without prompts and stopping at the first error.
struct PromptRun {
  var options: RunOptions
  var arguments: [String] = []
  /// Run first.
  var files: [String] = []
  var data: [String] = []
  var settings: [String] = []
  var method: String?
  var keepsGoing = false

  func run() throws(CommandFailure) {
    try options.pinInstructionSet()
    let host = TerminalHost(isInteractive: Console.isTerminal(.input))
    var start = Self.settings(options)
    if let method { start.method = method }
    let session = Session(host: host, settings: start, arguments: arguments)
    let history = History(file: host.isInteractive ? History.defaultFile : nil)
    let prompt = Prompt(
      session: session, host: host, history: history, readLine: reader(host, session, history))
    prompt.keepsGoing = keepsGoing
    if host.isInteractive {
      Interrupt.keepProcess()
      Console.print("Borel \(BorelVersion.text). :help lists commands, Ctrl-D leaves.\n")
    }
    try begin(prompt, host)
    if case .failed(let failure) = prompt.run() {
      throw CommandFailure(
        Diagnostics([]), in: failure.sources, status: ExitStatus(failure.diagnostics))
    }
  }

  /// What a session starts with.
  static func settings(_ options: RunOptions) -> Session.Settings {
    var settings = Session.Settings(threads: options.threadCount)
    settings.seed = options.seed
    settings.timeLimit = options.timeLimit
    settings.memoryLimit = options.memoryLimit.flatMap(ByteCount.parse)
    settings.outputLimit = options.outputLimit.flatMap(ByteCount.parse)
    return settings
  }

  /// Runs the files and reads the data. At a terminal an error is shown and the prompt goes on.
  private func begin(_ prompt: Prompt, _ host: TerminalHost) throws(CommandFailure) {
    do {
      try prompt.begin(files: files, data: data, settings: settings)
    } catch {
      guard host.isInteractive else {
        throw CommandFailure(Diagnostics(error.diagnostics), in: error.sources)
      }
      host.report(error.diagnostics, in: error.sources)
    }
  }

  private func reader(
    _ host: TerminalHost, _ session: Session, _ history: History
  ) -> (String) -> Prompt.Line {
    guard host.isInteractive else { return { PlainSource.readLine($0) } }
    let source = ReadlineSource(host: host, session: session, history: history)
    return { source.readLine($0) }
  }
}

/// The process and its terminal as the prompt sees them.
struct TerminalHost: PromptHost {
  let isInteractive: Bool
  private let progress = ProgressLine()

  init(isInteractive: Bool) { self.isInteractive = isInteractive }

  var isInterrupted: Bool { Interrupt.isRequested }

  func clearInterrupt() { Interrupt.clear() }

  func print(_ text: String) {
    progress.clear()
    Console.print(text)
  }

  func report(_ diagnostics: [Diagnostic], in sources: SourceMap) {
    progress.clear()
    Console.report(diagnostics, in: sources)
  }

  func showProgress(_ progress: RunProgress) { self.progress.update(progress) }

  func endProgress() { progress.clear() }

  func write(_ posterior: BorelInference.Posterior, to path: String) throws(Diagnostics) {
    try OutputTarget.write(posterior, to: path)
  }
}
