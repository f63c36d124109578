import Borel
import BorelBase
import BorelCompiler

import func BorelSyntax.needsMoreInput

/// The interactive prompt: reads entries and commands, runs them, shows what they give.
package final class Prompt {
  /// Why the prompt has ended.
  package enum End {
    case quit
    /// Without a person before it the first error ends it.
    case failed(SessionFailure)
  }

  /// Where lines come from.
  package enum Line {
    case text(String)
    /// Ctrl-C.
    case interrupted
    /// Ctrl-D, or the end of the input.
    case end
  }

  package let session: Session
  let host: any PromptHost
  let history: History
  private let readLine: (_ prompt: String) -> Line
  private(set) var isFinished = false
  /// Whether an error ends only the entry, also without a person before the prompt.
  package var keepsGoing = false
  /// Files of the last `:load`.
  var loaded: [String] = []
  /// The last entry, for `:edit`.
  private(set) var lastEntry = ""
  private var entryNumber = 0

  package init(
    session: Session, host: any PromptHost, history: History,
    readLine: @escaping (_ prompt: String) -> Line
  ) {
    self.session = session
    self.host = host
    self.history = history
    self.readLine = readLine
  }

  /// What stands on the command line: files to run, data files, single values.
  package func begin(
    files: [String], data: [String], settings: [String]
  ) throws(SessionFailure) {
    loaded = files
    for path in files { try load(path) }
    for path in data { try readData(path) }
    for setting in settings { try session.data.add(.setting(setting)) }
  }

  /// Reads and runs until the end.
  package func run() -> End {
    var first: SessionFailure?
    while !isFinished {
      switch readEntry() {
      case .interrupted: host.clearInterrupt()
      case .end:
        if host.isInteractive { host.print("\n") }
        isFinished = true
      case .text(let text):
        guard let failure = perform(text), !host.isInteractive else { continue }
        first = first ?? failure
        if !keepsGoing { isFinished = true }
      }
    }
    return first.map { .failed($0) } ?? .quit
  }

  /// Runs an entry or a command and shows what it gives.
  ///
  /// - Returns: Why it did nothing.
  package func perform(_ text: String) -> SessionFailure? {
    let trimmed = text.trimmed
    if trimmed.isEmpty { return nil }
    if host.isInteractive { history.add(text) }
    do {
      if trimmed.hasPrefix(":") {
        try PromptCommand.perform(String(trimmed.dropFirst()), at: self)
      } else {
        lastEntry = text
        try enter(text)
      }
      return nil
    } catch {
      if error.isInterruption, host.isInteractive {
        host.print("interrupted\n")
      } else {
        host.report(error.diagnostics, in: error.sources)
      }
      return error
    }
  }

  func finish() { isFinished = true }

  // MARK: Entries

  /// Lines up to the end of the construct that the first one starts.
  private func readEntry() -> Line {
    var text = ""
    while true {
      switch readLine(text.isEmpty ? "borel> " : "  ...> ") {
      case .interrupted: return .interrupted
      case .end: return text.isEmpty ? .end : .text(text)
      case .text(let line):
        text += text.isEmpty ? line : "\n" + line
        if text.trimmed.hasPrefix(":") || !needsMoreInput(text) { return .text(text) }
      }
    }
  }

  /// Runs an entry of the language and shows its values.
  func enter(_ text: String, name: String? = nil, isKept: Bool = true) throws(SessionFailure) {
    entryNumber += 1
    let (definitions, results) = try session.run(
      text, name: name ?? "<entry \(entryNumber)>", isKept: isKept)
    for definition in definitions { host.print("\(definition.signature)\n") }
    for result in results { show(result) }
  }

  func show(_ result: SessionResult) {
    let head = "\(result.name): \(result.typeText)"
    if result.isPosterior {
      let text = "\(head)\n\(result.text)"
      if let document = try? document(result.name),
        host.show(document, titled: head, as: text)
      {
        return
      }
      host.print(text)
    } else {
      host.print("\(head) = \(result.text)\n")
    }
  }

  /// Runs a file; its definitions and variables stay.
  package func load(_ path: String) throws(SessionFailure) {
    let file: SourceFile
    do {
      file = try TextFile.read(path, category: .usage)
    } catch {
      throw SessionFailure(error.list)
    }
    let (definitions, _) = try session.run(file.text, name: path)
    if host.isInteractive {
      for definition in definitions { host.print("\(definition.signature)\n") }
    }
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
