import BorelTestSupport
import Foundation
import Testing

/// Every `$ ` line in a ```console block of README.md and docs/ is run in the root of the package
/// and must print what the page shows; output and errors appear as at a terminal, in this order.
@Suite struct ConsoleBlockTests {
  static let pages: [String] = {
    var pages = ["README.md"]
    let docs = BorelExecutable.root.appendingPathComponent("docs")
    let files = FileManager.default.enumerator(atPath: docs.path)?.allObjects ?? []
    pages += files.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
    return pages.sorted()
  }()

  static let commands: [ConsoleCommand] = pages.flatMap { page in
    let file = BorelExecutable.root.appendingPathComponent(page)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      return [ConsoleCommand]()
    }
    return ConsoleCommand.commands(of: text, page: page)
      + [ConsoleCommand.session(of: text, page: page)].compactMap { $0 }
  }

  @Test(arguments: commands)
  func commandsOfPagesPrintWhatThePagesShow(_ command: ConsoleCommand) throws {
    // `make` would build what is being tested.
    guard !command.command.hasPrefix("make ") else { return }
    let outcome = try BorelExecutable.run(shell: "exec 2>&1\n" + command.command)
    #expect(
      command.matches(outcome.output),
      "\(command)\nprints:\n\(outcome.output)\nthe page shows:\n\(command.expected.joined(separator: "\n"))"
    )
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
