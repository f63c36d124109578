import BorelBase
import Foundation

/// Commands of the system's shell, with the terminal of the prompt.
enum Shell {
  static func run(_ command: String) throws(SessionFailure) {
    guard !command.isEmpty else { throw .usage("':!' needs a command") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    do {
      try process.run()
    } catch {
      throw .usage("cannot run /bin/sh: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    let status = process.terminationStatus
    guard process.terminationReason == .exit, status == 0 else {
      throw .usage("the command ended with status \(status)")
    }
  }
}
