import Foundation

/// A command line in a page with the output that the page shows.
struct ConsoleCommand: CustomStringConvertible, Sendable {
  /// The page, relative to the root of the package.
  var page: String
  /// The 1-based line of the command.
  var line: Int
  /// What follows `$ `, with the lines that `\` continues.
  var command: String
  /// The lines up to the next command or the end of the block. A line `...` stands for any lines.
  var expected: [String]

  var description: String { "\(page):\(line): \(command)" }

  /// The commands in the ```console blocks of a page.
  static func commands(of text: String, page: String) -> [ConsoleCommand] {
    var commands: [ConsoleCommand] = []
    var isInside = false
    var continues = false
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if line.hasPrefix("```") {
        isInside = line.hasPrefix("```console")
        continues = false
        continue
      }
      guard isInside else { continue }
      if continues {
        commands[commands.count - 1].command += "\n" + line
        continues = line.hasSuffix("\\")
      } else if line.hasPrefix("$ ") {
        commands.append(
          ConsoleCommand(
            page: page, line: index + 1, command: String(line.dropFirst(2)), expected: []))
        continues = line.hasSuffix("\\")
      } else if !commands.isEmpty {
        commands[commands.count - 1].expected.append(line)
      }
    }
    return commands
  }

  /// The entries of a page that stand behind `borel> ` and `  ...> `, with all that they print, as
  /// one command: a page is one session.
  static func session(of text: String, page: String) -> ConsoleCommand? {
    var entries: [String] = []
    var expected: [String] = []
    var first: Int?
    // The blanks in front of the fence of the block around a line, in a list.
    var indentation: Int?
    var isSession = false
    for (index, full) in text.components(separatedBy: "\n").enumerated() {
      let blanks = full.prefix { $0 == " " }.count
      if full.dropFirst(blanks).hasPrefix("```") {
        indentation = indentation == nil ? blanks : nil
        isSession = false
        continue
      }
      guard let indentation else { continue }
      let line = String(full.dropFirst(min(blanks, indentation)))
      if line.hasPrefix("borel> ") || line.hasPrefix("  ...> ") {
        isSession = true
        first = first ?? index + 1
        entries.append(String(line.dropFirst(7)))
      } else if isSession {
        expected.append(line)
      }
    }
    guard let first else { return nil }
    let input = entries.joined(separator: "\n")
    return ConsoleCommand(
      page: page, line: first, command: "borel repl --keep-going <<'END' \n\(input)\nEND\n",
      expected: expected)
  }

  /// Whether an output is what the page shows, apart from blanks at the ends of lines.
  func matches(_ output: String) -> Bool {
    Self.matches(
      Self.lines(output)[...], Self.lines(expected.joined(separator: "\n"))[...])
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.components(separatedBy: "\n").map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func matches(_ lines: ArraySlice<String>, _ pattern: ArraySlice<String>) -> Bool {
    guard let first = pattern.first else { return lines.isEmpty }
    if first == "..." {
      return (lines.startIndex...lines.endIndex).contains {
        matches(lines[$0...], pattern.dropFirst())
      }
    }
    return lines.first == first && matches(lines.dropFirst(), pattern.dropFirst())
  }
}
