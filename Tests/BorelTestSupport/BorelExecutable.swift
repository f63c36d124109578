import Foundation

/// The `borel` that was built together with the tests, run as a process.
package enum BorelExecutable {
  /// What a process left behind.
  package struct Outcome: Sendable {
    package var status: Int32
    package var output: String
    package var errors: String
  }

  /// The root of the package.
  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of the executable: that of the running tests, or the default build folder.
  package static let folder: URL = {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<5 {
      if FileManager.default.isExecutableFile(atPath: folder.appendingPathComponent("borel").path) {
        return folder
      }
      folder.deleteLastPathComponent()
    }
    #if DEBUG
      return root.appendingPathComponent(".build/debug")
    #else
      return root.appendingPathComponent(".build/release")
    #endif
  }()

  /// Runs `borel` in a folder.
  ///
  /// - Parameters:
  ///   - arguments: As after the name of the program.
  ///   - input: The standard input; empty by default.
  ///   - directory: The working directory; the root of the package by default.
  package static func run(
    _ arguments: [String], input: String = "", in directory: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(
      folder.appendingPathComponent("borel"), arguments, input: input, in: directory,
      environment: environment)
  }

  /// Runs a line of shell with `borel` in the path.
  package static func run(shell line: String, in directory: URL? = nil) throws -> Outcome {
    try run(
      URL(fileURLWithPath: "/bin/sh"), ["-c", line], input: "", in: directory, environment: [:])
  }

  private static func run(
    _ executable: URL, _ arguments: [String], input: String, in directory: URL?,
    environment: [String: String]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = directory ?? root
    var variables = ProcessInfo.processInfo.environment
    variables["PATH"] = folder.path + ":" + (variables["PATH"] ?? "")
    variables["NO_COLOR"] = "1"
    variables.merge(environment) { _, new in new }
    process.environment = variables
    // Files instead of pipes: a process that writes much never waits for its reader.
    let files = try TemporaryFiles()
    defer { files.remove() }
    try input.write(to: files.input, atomically: false, encoding: .utf8)
    process.standardInput = try FileHandle(forReadingFrom: files.input)
    process.standardOutput = try FileHandle(forWritingTo: files.output)
    process.standardError = try FileHandle(forWritingTo: files.errors)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: String(decoding: try Data(contentsOf: files.output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files.errors), as: UTF8.self))
  }
}

/// A folder for the streams of one process.
private struct TemporaryFiles {
  let folder: URL
  var input: URL { folder.appendingPathComponent("input") }
  var output: URL { folder.appendingPathComponent("output") }
  var errors: URL { folder.appendingPathComponent("errors") }

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in [output, errors] {
      FileManager.default.createFile(atPath: file.path, contents: nil)
    }
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
