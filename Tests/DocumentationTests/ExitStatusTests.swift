import BorelTestSupport
import Foundation
import Testing

/// The table of exit statuses on the page of the command line is that of the code, which the
/// manual page shows.
@Test func thePageListsTheExitStatusesOfTheCode() throws {
  let page = try String(
    contentsOf: BorelExecutable.root.appendingPathComponent("docs/command-line.md"),
    encoding: .utf8)
  let section = try #require(page.components(separatedBy: "## Exit status\n").last)
  let documented = section.components(separatedBy: "\n").compactMap { line -> String? in
    let cells = line.components(separatedBy: "|").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    guard cells.count == 4, let status = Int(cells[1]) else { return nil }
    return "\(status) \(cells[2].replacingOccurrences(of: "`", with: ""))"
  }
  let manual = try BorelExecutable.run(["manual"]).output
    .replacingOccurrences(of: "\\-", with: "-").components(separatedBy: "\n")
  let start = try #require(manual.firstIndex(of: ".SH EXIT STATUS"))
  var coded: [String] = []
  var lines = manual[(start + 1)...]
  while lines.first == ".TP" {
    let pair = lines.dropFirst().prefix(2)
    coded.append(pair.joined(separator: " ").replacingOccurrences(of: ".B ", with: ""))
    lines = lines.dropFirst(3)
  }
  #expect(coded.count >= 9)
  #expect(documented == coded)
}
