import BorelTestSupport
import Foundation
import Testing

/// What bad input gets: the cases of `Tests/Diagnostics`, run by `borel run` as a user would.
///
/// A case is a program, then sections: `--- data.json` or `--- data.csv`, `--- options` (more
/// arguments, one line), and `--- expect N`, the exit status and the lines that must occur on
/// standard error. `§` in program or data marks the place that the first message must point to.
struct DiagnosticCaseTests {
  private static let folder = BorelExecutable.root.appendingPathComponent("Tests/Diagnostics")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return files.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  private struct Case {
    var files: [(name: String, text: String)] = []
    var place: String?
    var options: [String] = []
    var status: Int32 = 0
    var expected: [String] = []
  }

  private func read(_ name: String) throws -> Case {
    let text = try String(
      contentsOf: Self.folder.appendingPathComponent(name), encoding: .utf8)
    var result = Case()
    var sections: [(head: String, lines: [Substring])] = [("case.ppl", [])]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("--- ") {
        sections.append((String(line.dropFirst(4)), []))
      } else {
        sections[sections.count - 1].lines.append(line)
      }
    }
    for (head, lines) in sections {
      if head == "options" {
        let words = lines.first { !$0.isEmpty }?.split(separator: " ", maxSplits: 1) ?? []
        result.options = words.map(String.init)
      } else if head.hasPrefix("expect ") {
        result.status = try #require(Int32(head.dropFirst(7)))
        result.expected = lines.filter { !$0.isEmpty }.map(String.init)
      } else {
        for (number, line) in lines.enumerated() {
          guard let mark = line.firstIndex(of: "§") else { continue }
          let column = line.distance(from: line.startIndex, to: mark) + 1
          result.place = "--> \(head):\(number + 1):\(column)"
        }
        let body = lines.joined(separator: "\n").replacing("§", with: "")
        result.files.append((head, body.hasSuffix("\n") ? body : body + "\n"))
      }
    }
    return result
  }

  @Test(arguments: names)
  func badInputGetsItsDiagnostic(name: String) throws {
    let item = try read(name)
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-case-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in item.files {
      try file.text.write(
        to: folder.appendingPathComponent(file.name), atomically: false, encoding: .utf8)
    }
    let data = item.files.dropFirst().flatMap { ["-d", $0.name] }
    let outcome = try BorelExecutable.run(
      ["run", "case.ppl"] + data + item.options, in: folder)
    #expect(outcome.status == item.status, "\(outcome.errors)")
    for line in item.expected {
      #expect(outcome.errors.contains(line), "no '\(line)' in:\n\(outcome.errors)")
    }
    if item.status == 0 { #expect(!outcome.errors.contains("error")) }
    if let place = item.place {
      let first = outcome.errors.split(separator: "\n").first { $0.contains("--> ") }
      #expect(
        first?.trimmingCharacters(in: .whitespaces) == place,
        "expected \(place) in:\n\(outcome.errors)")
    }
  }

  @Test func thereAreCases() { #expect(Self.names.count >= 30) }
}
