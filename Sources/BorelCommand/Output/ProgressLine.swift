import Synchronization

/// The share that is done, on one line of the error stream; nothing when that is no terminal.
final class ProgressLine: Sendable {
  private struct State {
    var shown = -1
    let start = ContinuousClock.now
  }
  private let state = Mutex(State())

  /// Called on any thread.
  @Sendable func update(_ share: Double) {
    guard Console.isTerminal(.error) else { return }
    let percent = Int(min(max(share, 0), 1) * 100)
    let isNew = state.withLock { state in
      // Short runs end before anything is shown.
      guard percent > state.shown, .now - state.start > .milliseconds(500) else { return false }
      state.shown = percent
      return true
    }
    if isNew { Console.printStatus("\(percent) %") }
  }

  /// Removes the line.
  func clear() {
    if state.withLock({ $0.shown >= 0 }) { Console.printStatus("") }
  }
}
