import BorelBase
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The standard streams: results to the output, everything else to the error stream.
enum Console {
  enum Stream: Int32 {
    case input = 0
    case output = 1
    case error = 2
  }

  private static let pending = Mutex<[UInt8]>([])

  /// Writes a line of results. Lines are collected and written in large pieces, at a terminal at
  /// once.
  static func printLine(_ text: String) {
    print(text + "\n")
  }

  /// Writes results as they are.
  static func print(_ text: String) {
    let isFull = pending.withLock { bytes in
      bytes += text.utf8
      return bytes.count > 1 << 15
    }
    if isFull || isTerminal(.output) { flush() }
  }

  /// Writes what was collected.
  static func flush() {
    let bytes = pending.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
    write(bytes, to: .output)
  }

  /// Writes a line to the error stream.
  static func printError(_ text: String) {
    flush()
    write(Array((text + "\n").utf8), to: .error)
  }

  /// Replaces the current line of the error stream.
  static func printStatus(_ text: String) {
    write(Array(("\r\u{1B}[K" + text).utf8), to: .error)
  }

  /// Shows diagnostics with an empty line between them.
  static func report(_ diagnostics: [Diagnostic], in sources: SourceMap) {
    guard !diagnostics.isEmpty else { return }
    printError(render(diagnostics, in: sources, color: usesColor))
  }

  static func isTerminal(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

  /// Whether diagnostics are coloured: at a terminal, unless `NO_COLOR` is set.
  static let usesColor: Bool =
    isTerminal(.error) && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"

  static func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  private static func write(_ bytes: [UInt8], to stream: Stream) {
    bytes.withUnsafeBytes { buffer in
      var start = 0
      while start < buffer.count, let base = buffer.baseAddress {
        let count = writeBytes(stream.rawValue, base + start, buffer.count - start)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return }
        start += count
      }
    }
  }
}

private func writeBytes(_ descriptor: Int32, _ start: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, start, count)
}
