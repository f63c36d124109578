import BorelBase
@preconcurrency import CReadline
import Foundation

/// Lines from a terminal, edited with GNU Readline, which obeys `~/.inputrc`.
///
/// The callback interface is used, so that Ctrl-C can drop a line that is being edited: signals are
/// left to the process, and a line is given up between two characters. There is one terminal, so
/// all state is of the type; it is used by the main thread only.
package final class ReadlineSource {
  private let host: any PromptHost
  nonisolated(unsafe) private static var completer: Completer?
  nonisolated(unsafe) private static var finished: Prompt.Line?
  nonisolated(unsafe) private static var pending: [String] = []

  package init(host: any PromptHost, session: Session, history: History) {
    self.host = host
    Self.completer = Completer(session: session)
    Self.prepare()
    using_history()
    for entry in history.entries { add_history(entry) }
    history.onAdd = { entry, previous in
      if let previous, let old = remove_history(Int32(previous)) { free_history_entry(old) }
      add_history(entry)
    }
  }

  private static func prepare() {
    // Characters are UTF-8 also where the environment does not say so.
    setlocale(LC_CTYPE, "")
    if let codeset = nl_langinfo(nl_item(CODESET)), String(cString: codeset) != "UTF-8" {
      setlocale(LC_CTYPE, "C.UTF-8")
    }
    rl_catch_signals = 0
    rl_variable_bind("enable-bracketed-paste", "on")
    rl_variable_bind("blink-matching-paren", "on")
    rl_initialize()
    rl_attempted_completion_function = { _, start, end in
      ReadlineSource.matches(start: Int(start), end: Int(end))
    }
    rl_completion_word_break_hook = { ReadlineSource.wordBreaks() }
    rl_completion_append_character = 0
  }

  /// Reads a line with a prompt.
  package func readLine(_ prompt: String) -> Prompt.Line {
    Self.finished = nil
    rl_callback_handler_install(prompt) { ReadlineSource.finish($0) }
    while Self.finished == nil {
      var request = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      let count = poll(&request, 1, 250)
      if host.isInterrupted {
        dropLine()
        return .interrupted
      }
      if count > 0 { rl_callback_read_char() }
    }
    rl_callback_handler_remove()
    return Self.finished ?? .end
  }

  /// Gives the line up that is being edited, and whatever search or argument goes with it.
  private func dropLine() {
    host.print("^C")
    rl_callback_sigcleanup()
    rl_free_line_state()
    rl_callback_handler_remove()
    host.print("\n")
  }

  private static func finish(_ line: UnsafeMutablePointer<CChar>?) {
    // Without a handler readline shows no further prompt.
    rl_callback_handler_remove()
    guard let line else {
      finished = .end
      return
    }
    finished = .text(String(cString: line))
    free(line)
  }

  // MARK: Completion

  /// The part of the line in front of the cursor.
  private static var lineBeforeCursor: String {
    guard let buffer = rl_line_buffer else { return "" }
    let count = max(0, Int(rl_point))
    return buffer.withMemoryRebound(to: UInt8.self, capacity: count) {
      String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
    }
  }

  /// Readline takes what follows the last of these characters as the word to complete; they are
  /// chosen so that this is what the completer replaces.
  private static func wordBreaks() -> UnsafeMutablePointer<CChar>? {
    let line = lineBeforeCursor
    guard let start = completer?.complete(line).start, start > 0 else { return noBreak }
    let bytes = Array(line.utf8)
    let last = bytes[start - 1]
    // A word that starts within a character or contains the break is left to the default.
    if last >= 0x80 || bytes[start...].contains(last) { return noBreak }
    oneBreak[0] = CChar(bitPattern: last)
    oneBreak[1] = 0
    return oneBreak
  }

  nonisolated(unsafe) private static let noBreak: UnsafeMutablePointer<CChar>? = {
    let text = UnsafeMutablePointer<CChar>.allocate(capacity: 2)
    text[0] = 1
    text[1] = 0
    return text
  }()

  nonisolated(unsafe) private static let oneBreak = UnsafeMutablePointer<CChar>.allocate(
    capacity: 2)

  /// The matches in the form that readline frees: the common start, each match, nil.
  private static func matches(
    start: Int, end: Int
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    rl_attempted_completion_over = 1
    rl_completion_append_character = 0
    guard let completion = completer?.complete(lineBeforeCursor) else { return nil }
    let line = Array(lineBeforeCursor.utf8)
    // Readline may have found the word to start elsewhere.
    let lead =
      start < completion.start
      ? String(decoding: line[start..<completion.start], as: UTF8.self) : ""
    let skipped = max(0, start - completion.start)
    let texts = completion.candidates.compactMap { candidate -> String? in
      let bytes = Array(candidate.utf8)
      guard bytes.count >= skipped else { return nil }
      return lead + String(decoding: bytes[skipped...], as: UTF8.self)
    }
    guard let first = texts.first else { return nil }
    let common = texts.dropFirst().reduce(Array(first)) { common, text in
      Array(zip(common, text).prefix { $0 == $1 }.map(\.0))
    }
    let items = texts.count == 1 ? [first] : [String(common)] + texts
    let size = (items.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
    guard
      let list = malloc(size)?.bindMemory(
        to: UnsafeMutablePointer<CChar>?.self, capacity: items.count + 1)
    else { return nil }
    for (index, item) in items.enumerated() { list[index] = strdup(item) }
    list[items.count] = nil
    return list
  }
}
