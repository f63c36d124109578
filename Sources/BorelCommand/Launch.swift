import ArgumentParser
import BorelBase

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// From the arguments of the process to its exit status.
enum Launch {
  static func run() -> Never {
    Interrupt.install()
    CrashStatus.install()
    keepFreedMemory()
    var arguments = CommandLine.arguments.dropFirst().map { $0 }
    if arguments.isEmpty { arguments = defaultArguments }
    if arguments.first == "-e" { arguments[0] = "eval" }
    let status = perform(arguments)
    Console.flush()
    exit(status.rawValue)
  }

  /// Without arguments a program on the standard input is run; at a terminal the prompt starts.
  private static var defaultArguments: [String] {
    Console.isTerminal(.input) ? ["repl"] : ["run", "-"]
  }

  /// Columns and results of one inference are as large as those of the next; fresh pages of the
  /// system cost more than much of what is done with them.
  ///
  /// The GNU C library has `mallopt` in a header that Swift does not import; others do without it.
  private static func keepFreedMemory() {
    typealias SetParameter = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let set = unsafeBitCast(symbol, to: SetParameter.self)
    let (trimThreshold, mapThreshold): (Int32, Int32) = (-1, -3)
    _ = set(mapThreshold, 32 << 20)
    _ = set(trimThreshold, 256 << 20)
  }

  private static func perform(_ arguments: [String]) -> ExitStatus {
    do {
      var command = try RootCommand.parseAsRoot(arguments)
      try command.run()
      return .success
    } catch let failure as CommandFailure {
      failure.report()
      return failure.status
    } catch let status as ExitStatus {
      return status
    } catch {
      return finish(error)
    }
  }

  /// Help and version are results; everything else that the argument parser says is a usage error.
  private static func finish(_ error: any Error) -> ExitStatus {
    let message = RootCommand.fullMessage(for: error)
    guard RootCommand.exitCode(for: error).isSuccess else {
      Console.printError(message)
      return .usage
    }
    Console.printLine(message)
    return .success
  }
}
