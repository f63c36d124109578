import Synchronization

/// Strings of a process by number, so that a string is one word in a register and equality of
/// strings is equality of words. Grows only.
package final class StringTable: Sendable {
  package static let shared = StringTable()

  private struct State {
    var numbers: [String: Int64] = [:]
    var strings: [String] = []
  }
  private let state = Mutex(State())
  private let bytes = Atomic<Int>(0)

  /// Bytes of all strings: a run can be stopped when it makes too many.
  package var byteCount: Int { bytes.load(ordering: .relaxed) }

  /// The number of a string; the same for equal strings.
  package func number(of string: String) -> Int64 {
    state.withLock { state in
      if let known = state.numbers[string] { return known }
      let number = Int64(state.strings.count)
      state.strings.append(string)
      state.numbers[string] = number
      bytes.add(string.utf8.count, ordering: .relaxed)
      return number
    }
  }

  /// All strings, by number.
  package var strings: [String] { state.withLock { $0.strings } }

  /// The string with a number; empty for a number never given out (a dead lane).
  package subscript(number: Int64) -> String {
    state.withLock { state in
      let index = Int(number)
      return index >= 0 && index < state.strings.count ? state.strings[index] : ""
    }
  }
}
