import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process that believes to run at a terminal, for tests of what people do there.
package final class PseudoTerminal {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  private let master: Int32
  package let process: pid_t
  private var isOver = false
  private var bytes: [UInt8] = []
  /// Where the next `expect` starts to look.
  private var mark = 0

  /// Starts `borel` with a terminal of its own as its controlling terminal.
  package init(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws {
    var (near, far) = (Int32(-1), Int32(-1))
    var name = [CChar](repeating: 0, count: 256)
    guard openpty(&near, &far, &name, nil, nil) == 0 else {
      throw Failure(description: "no pseudo-terminal")
    }
    master = near
    defer { close(far) }
    let terminal = name.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that a session leader opens becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    posix_spawn_file_actions_addclose(&actions, near)
    posix_spawn_file_actions_addclose(&actions, far)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, 0x80)  // POSIX_SPAWN_SETSID
    var variables = ProcessInfo.processInfo.environment
    variables["TERM"] = "xterm"
    variables["NO_COLOR"] = "1"
    variables["INPUTRC"] = "/dev/null"
    variables["LC_ALL"] = "C.UTF-8"
    variables["HOME"] = folder.path
    variables["XDG_STATE_HOME"] = folder.appendingPathComponent("state").path
    variables.merge(environment) { _, new in new }
    let executable = BorelExecutable.folder.appendingPathComponent("borel").path
    let line =
      "cd '\(folder.path)' && exec '\(executable)' "
      + arguments.map { "'\($0)'" }.joined(separator: " ")
    let words = Self.copies(["/bin/sh", "-c", line])
    let settings = Self.copies(variables.map { "\($0.key)=\($0.value)" })
    defer {
      for text in words + settings { free(text) }
    }
    var child = pid_t()
    guard posix_spawn(&child, "/bin/sh", &actions, &attributes, words, settings) == 0 else {
      throw Failure(description: "the process cannot be started")
    }
    process = child
  }

  /// C strings that the caller frees, and the null pointer that ends their list.
  private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
    var pointers: [UnsafeMutablePointer<CChar>?] = []
    for text in texts { pointers.append(strdup(text)) }
    pointers.append(nil)
    return pointers
  }

  deinit {
    if !isOver {
      _ = Self.end(process, SIGKILL)
      var status: Int32 = 0
      waitpid(process, &status, 0)
    }
    close(master)
  }

  /// Types keys.
  package func send(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  /// Waits until a text is shown after what was expected before.
  ///
  /// - Returns: What was shown up to the end of the text.
  @discardableResult
  package func expect(_ text: String, seconds: Double = 20) throws -> String {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let rest = String(decoding: bytes[mark...], as: UTF8.self)
      if let range = rest.range(of: text) {
        let seen = String(rest[..<range.upperBound])
        mark += seen.utf8.count
        return seen
      }
      guard Date() < end, read(until: end) else {
        throw Failure(description: "expected \(text), the terminal shows:\n\(rest)")
      }
    }
  }

  private func read(until end: Date) -> Bool {
    var request = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    let wait = max(1, Int32(end.timeIntervalSinceNow * 1_000))
    guard poll(&request, 1, wait) > 0 else { return false }
    var buffer = [UInt8](repeating: 0, count: 4_096)
    #if canImport(Glibc)
      let count = Glibc.read(master, &buffer, buffer.count)
    #else
      let count = Darwin.read(master, &buffer, buffer.count)
    #endif
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    return true
  }

  package func kill(with signal: Int32) { _ = Self.end(process, signal) }

  private static func end(_ process: pid_t, _ signal: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.kill(process, signal)
    #else
      Darwin.kill(process, signal)
    #endif
  }

  /// The exit status; that of a signal with 128 added.
  package func wait() -> Int32 {
    var status: Int32 = 0
    let end = Date().addingTimeInterval(20)
    while waitpid(process, &status, WNOHANG) == 0 {
      if Date() > end { return -1 }
      _ = read(until: Date().addingTimeInterval(0.02))
    }
    isOver = true
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }
}
