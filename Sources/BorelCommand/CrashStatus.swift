#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Gives a crash, which is always a bug, a status of its own.
enum CrashStatus {
  static let status: Int32 = 70

  /// Not done when the Swift runtime has been asked for backtraces, which it makes in handlers.
  static func install() {
    if Console.environment("SWIFT_BACKTRACE") != nil { return }
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = { CrashStatus.end($0) }
    #else
      action.__sigaction_handler.sa_handler = { CrashStatus.end($0) }
    #endif
    for signal in [SIGILL, SIGTRAP, SIGBUS, SIGSEGV, SIGFPE, SIGABRT] {
      sigaction(signal, &action, nil)
    }
  }

  /// Only what is safe in a signal handler.
  private static func end(_ signal: Int32) {
    let text: StaticString = "borel: this is a bug in Borel; please report it with the program\n"
    _ = write(Console.Stream.error.rawValue, text.utf8Start, text.utf8CodeUnitCount)
    _exit(status)
  }
}
