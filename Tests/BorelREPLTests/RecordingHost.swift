import BorelBase
import BorelInference
import BorelREPL
import Synchronization

/// A host that remembers what it was told.
final class RecordingHost: PromptHost {
  private struct State {
    var output = ""
    var diagnostics: [Diagnostic] = []
    var isInterrupted = false
  }
  private let state = Mutex(State())

  var isInteractive: Bool { false }
  var isInterrupted: Bool { state.withLock { $0.isInterrupted } }
  /// What was printed since the last call.
  func takeOutput() -> String {
    state.withLock { state in
      defer { state.output = "" }
      return state.output
    }
  }
  /// Codes of what was reported since the last call.
  func takeCodes() -> [String] {
    state.withLock { state in
      defer { state.diagnostics = [] }
      return state.diagnostics.map(\.code)
    }
  }

  func interrupt() { state.withLock { $0.isInterrupted = true } }
  func clearInterrupt() { state.withLock { $0.isInterrupted = false } }
  func print(_ text: String) { state.withLock { $0.output += text } }
  func report(_ diagnostics: [Diagnostic], in sources: SourceMap) {
    state.withLock { $0.diagnostics += diagnostics }
  }
  func showProgress(_ progress: RunProgress) {}
  func endProgress() {}
  func write(_ posterior: Posterior, to path: String) throws(Diagnostics) {}
}

/// A session and the prompt before it.
struct Desk {
  let host = RecordingHost()
  let prompt: Prompt
  var session: Session { prompt.session }

  init() {
    let session = Session(host: host, settings: Session.Settings(threads: 1))
    prompt = Prompt(
      session: session, host: host, history: History(file: nil), readLine: { _ in .end })
  }

  /// What an entry or a command prints; the first code of its failure instead.
  func enter(_ text: String) -> String {
    if let failure = prompt.perform(text) {
      _ = host.takeOutput()
      return failure.diagnostics.first { $0.severity == .error }?.code ?? "?"
    }
    return host.takeOutput()
  }
}
