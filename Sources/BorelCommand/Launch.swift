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
    let arguments = CommandLine.arguments.dropFirst().map { $0 }
    let status = perform(arguments.isEmpty ? defaultArguments : arguments)
    Console.flush()
    exit(status.rawValue)
  }

  /// Without arguments a program on the standard input is run; at a terminal help is shown.
  private static var defaultArguments: [String] {
    Console.isTerminal(.input) ? ["--help"] : ["run", "-"]
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
