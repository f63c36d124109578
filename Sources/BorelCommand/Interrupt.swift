import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The user's wish to stop: the first Ctrl-C asks the run to end, the second one ends the process,
/// unless a prompt goes on after it.
enum Interrupt {
  private static let flag = Atomic(false)
  private static let survives = Atomic(false)

  static var isRequested: Bool { flag.load(ordering: .relaxed) }

  /// From here on Ctrl-C never ends the process.
  static func keepProcess() { survives.store(true, ordering: .relaxed) }

  static func clear() { flag.store(false, ordering: .relaxed) }

  static func install() {
    signal(SIGPIPE, SIG_DFL)
    // A parent's worker thread may have started the process with signals blocked.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    signal(SIGINT) { _ in
      Interrupt.flag.store(true, ordering: .relaxed)
      if !Interrupt.survives.load(ordering: .relaxed) { signal(SIGINT, SIG_DFL) }
    }
  }
}
