import BorelTestSupport
import Foundation
import Testing

/// Every `$ ` line in a ```console block of README.md and docs/ is run and must print what the page
/// shows; output and errors appear as at a terminal, in this order. The commands of a page run one
/// after the other in a folder that shows the files of the package and is removed afterwards.
@Suite struct ConsoleBlockTests {
  static let pages: [String] = {
    var pages = ["README.md"]
    let docs = BorelExecutable.root.appendingPathComponent("docs")
    let files = FileManager.default.enumerator(atPath: docs.path)?.allObjects ?? []
    pages += files.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
    return pages.sorted()
  }()

  private static func commands(of page: String) throws -> [ConsoleCommand] {
    let file = BorelExecutable.root.appendingPathComponent(page)
    let text = try String(contentsOf: file, encoding: .utf8)
    return ConsoleCommand.commands(of: text, page: page)
      + [ConsoleCommand.session(of: text, page: page)].compactMap { $0 }
  }

  /// A folder with a link to each file and folder of the package.
  private static func makeFolder() throws -> URL {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appendingPathComponent(
      "borel-page-\(UUID().uuidString)")
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in try manager.contentsOfDirectory(atPath: BorelExecutable.root.path) {
      try manager.createSymbolicLink(
        at: folder.appendingPathComponent(name),
        withDestinationURL: BorelExecutable.root.appendingPathComponent(name))
    }
    return folder
  }

  @Test(arguments: pages)
  func commandsOfPagesPrintWhatThePagesShow(_ page: String) throws {
    let folder = try Self.makeFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // `make` would build what is being tested.
    for command in try Self.commands(of: page) where !command.command.hasPrefix("make ") {
      let outcome = try BorelExecutable.run(shell: "exec 2>&1\n" + command.command, in: folder)
      #expect(
        command.matches(outcome.output),
        "\(command)\nprints:\n\(outcome.output)\nthe page shows:\n\(command.expected.joined(separator: "\n"))"
      )
    }
  }

  @Test func blocksAreSplitIntoCommands() {
    let page = """
      text
      ```console
      $ borel check \\
          a.ppl
      one

      two
      $ true
      ```
      ```swift
      $ ignored
      ```
      """
    let commands = ConsoleCommand.commands(of: page, page: "p")
    #expect(commands.map(\.command) == ["borel check \\\n    a.ppl", "true"])
    #expect(commands.map(\.line) == [3, 8])
    #expect(commands[0].matches("one  \n\ntwo\n"))
    #expect(!commands[0].matches("one\ntwo\n"))
    #expect(commands[1].matches(""))
  }

  @Test func threeDotsStandForAnyLines() {
    let command = ConsoleCommand(page: "p", line: 1, command: "", expected: ["a", "...", "b"])
    #expect(command.matches("a\nx\ny\nb\n"))
    #expect(command.matches("a\nb\n"))
    #expect(!command.matches("a\nx\n"))
  }
}
