import ArgumentParser
import Borel
import BorelCompiler
import BorelLanguageServer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct LanguageServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serve an editor: Language Server Protocol on the standard streams.")

  @Flag(help: .hidden)
  var stdio = false

  func run() throws {
    var server = LanguageServer(validateMethod: { Compilation.judge(method: $0, moves: $1) })
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    while server.exitStatus == nil {
      let count = read(Console.Stream.input.rawValue, &bytes, bytes.count)
      if count < 0, errno == EINTR, !Interrupt.isRequested { continue }
      // A client that is gone wants nothing more.
      guard count > 0 else { break }
      Console.print(server.receive(bytes[..<count]))
      Console.flush()
    }
    if let status = server.exitStatus, status != 0 { throw ExitStatus.runtime }
  }
}
