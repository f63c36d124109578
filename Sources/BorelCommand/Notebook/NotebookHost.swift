import BorelBase
import BorelData
import BorelInference
import BorelREPL
import BorelReport
import Synchronization

/// The notebook as the prompt sees it: everything becomes an answer.
final class NotebookHost: PromptHost {
  /// What the process knows of the wish to stop.
  struct Interruption: Sendable {
    let isRequested: @Sendable () -> Bool
    let clear: @Sendable () -> Void

    init(
      isRequested: @escaping @Sendable () -> Bool, clear: @escaping @Sendable () -> Void
    ) {
      self.isRequested = isRequested
      self.clear = clear
    }
  }

  private let interruption: Interruption
  private let output: @Sendable (JSONValue) -> Void
  /// What was printed instead of being sent; nil while all is sent.
  private let quiet = Mutex<String?>(nil)
  private let showsProgress = Mutex(false)

  init(interruption: Interruption, send: @escaping @Sendable (JSONValue) -> Void) {
    self.interruption = interruption
    output = send
  }

  func send(_ answer: JSONValue) { output(answer) }

  var isInteractive: Bool { true }
  var isInterrupted: Bool { interruption.isRequested() }
  func clearInterrupt() { interruption.clear() }

  func print(_ text: String) {
    let isKept = quiet.withLock { kept in
      guard kept != nil else { return false }
      kept?.append(text)
      return true
    }
    if !isKept { show("text", [("text", .string(text))]) }
  }

  func report(_ diagnostics: [Diagnostic], in sources: SourceMap) {
    guard !diagnostics.isEmpty, quiet.withLock({ $0 == nil }) else { return }
    show("problem", [("text", .string(render(diagnostics, in: sources) + "\n"))])
  }

  func showProgress(_ progress: RunProgress) {
    showsProgress.withLock { $0 = true }
    show("progress", [("text", .string(ProgressLine.text(progress)))])
  }

  func endProgress() {
    let wasShown = showsProgress.withLock { shown in
      defer { shown = false }
      return shown
    }
    if wasShown { show("progress", [("text", .string(""))]) }
  }

  func write(_ posterior: Posterior, to path: String) throws(Diagnostics) {
    try OutputTarget.write(posterior, to: path)
  }

  func show(_ document: ResultDocument, titled title: String, as text: String) -> Bool {
    display([
      ("text/plain", text), ("text/html", SummaryTable.cell(title, document.posterior)),
    ])
    return true
  }

  func showPictures(_ document: ResultDocument) -> Bool {
    let variables = document.posterior.variables
    display([
      ("text/plain", "pictures of \(document.posterior.model)"),
      ("image/svg+xml", ReportImage(document, variables, isComplete: false).svg),
    ])
    return true
  }

  private func display(_ data: [(type: String, text: String)]) {
    show("display", [("data", .object(data.map { ($0.type, .string($0.text)) }))])
  }

  private func show(_ kind: String, _ fields: [(String, JSONValue)]) {
    output(.object([("show", .string(kind))] + fields))
  }

  /// Keeps what is printed until `endQuiet`.
  func beginQuiet() { quiet.withLock { $0 = "" } }

  func endQuiet() -> String {
    quiet.withLock { kept in
      defer { kept = nil }
      return kept ?? ""
    }
  }
}
