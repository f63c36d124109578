import BorelBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The lines of a file or of the standard input, one at a time.
struct RecordLines: ~Copyable {
  struct Line {
    var text: String
    /// From 1.
    var number: Int
    /// For messages.
    var name: String

    var isBlank: Bool { text.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
  }

  private let descriptor: Int32
  private let name: String
  private var buffer: [UInt8] = []
  /// What has been handed out.
  private var start = 0
  /// What has no line end before it.
  private var searched = 0
  private var isAtEnd = false
  private var count = 0

  /// Longer lines are no records.
  private static let lengthLimit = 1 << 26
  private static let chunk = 1 << 16

  /// - Parameter path: `-` for the standard input.
  init(_ path: String) throws(CommandFailure) {
    if path == "-" {
      descriptor = Console.Stream.input.rawValue
      name = "<stdin>"
      return
    }
    descriptor = open(path, O_RDONLY)
    name = path
    if descriptor < 0 {
      throw Self.failure(
        path, "cannot read '\(path)': \(String(cString: strerror(errno)).lowercased())")
    }
  }

  deinit { if descriptor != Console.Stream.input.rawValue { close(descriptor) } }

  mutating func next() throws(CommandFailure) -> Line? {
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        return try line(upTo: end, next: end + 1)
      }
      searched = buffer.count
      if isAtEnd {
        return start < buffer.count ? try line(upTo: buffer.count, next: buffer.count) : nil
      }
      guard buffer.count - start <= Self.lengthLimit else {
        throw Self.failure(name, "line \(count + 1) has more than \(Self.lengthLimit) bytes")
      }
      try fill()
    }
  }

  private mutating func line(upTo end: Int, next: Int) throws(CommandFailure) -> Line {
    count += 1
    let place = "\(name), line \(count)"
    guard let text = String(validating: buffer[start..<end], as: UTF8.self) else {
      throw Self.failure(place, "line \(count) is not UTF-8 text")
    }
    start = next
    searched = next
    return Line(text: text, number: count, name: place)
  }

  private mutating func fill() throws(CommandFailure) {
    if start > 0 {
      buffer.removeSubrange(..<start)
      searched -= start
      start = 0
    }
    // What has been answered is shown before a wait.
    Console.flush()
    let size = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: Self.chunk))
    var found = -1
    var reason: Int32 = 0
    let descriptor = descriptor
    buffer.withUnsafeMutableBytes { bytes in
      found = read(descriptor, bytes.baseAddress.map { $0 + size }, Self.chunk)
      reason = errno
    }
    buffer.removeLast(Self.chunk - max(found, 0))
    if found > 0 { return }
    if found == 0 {
      isAtEnd = true
    } else if reason != EINTR {
      throw Self.failure(
        name, "cannot read '\(name)': \(String(cString: strerror(reason)).lowercased())")
    } else if Interrupt.isRequested {
      isAtEnd = true
    }
  }

  private static func failure(_ name: String, _ message: String) -> CommandFailure {
    CommandFailure(
      Diagnostics([Diagnostic("E0402", .data, message, at: .none)]), in: SourceMap([]))
  }
}
