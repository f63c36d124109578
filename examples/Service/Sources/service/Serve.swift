import ArgumentParser
import Borel
import Foundation
import Hummingbird
import ServiceExample

/// Serves posteriors.
@main
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service", abstract: "Serve posteriors as JSON, with a page that plots them.")

  @Option(help: "The address to listen on.")
  var host = "127.0.0.1"

  @Option(help: "The port to listen on; 0 takes a free one.")
  var port = 8080

  @Option(help: "Seconds that one inference may take.")
  var seconds = 10.0

  @Option(help: "Inferences at the same time.")
  var concurrent = 8

  func validate() throws {
    guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
    guard seconds > 0 else { throw ValidationError("--seconds must be positive") }
    guard concurrent > 0 else { throw ValidationError("--concurrent must be positive") }
  }

  func run() async throws {
    var limits = ServiceLimits()
    limits.inference.seconds = seconds
    limits.concurrentRequests = concurrent
    let host = host
    let service = try makeService(limits: limits, address: .hostname(host, port: port)) { port in
      FileHandle.standardOutput.write(Data("http://\(host):\(port)\n".utf8))
    }
    try await service.runService()
  }
}
