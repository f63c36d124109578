import BorelTestSupport
import Foundation
import Testing

/// Scripts that try to run for ever, take all memory or confuse the compiler: each ends by itself with
/// the outcome that its first line names.
@Suite struct HostileScriptTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Hostile")

  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { $0.hasSuffix(".ppl") }.sorted()

  @Test func theCorpusIsThere() { #expect(Self.names.count >= 60) }

  /// The first line is `// ends`, or `// E0603` with the codes that are right: where several are,
  /// the speed of the machine decides which limit is met first.
  @Test(arguments: names)
  func aHostileScriptEnds(name: String) throws {
    let file = Self.folder.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let header = text.prefix { $0 != "\n" }.drop { "/ ".contains($0) }
    let expected = header.split(separator: " ").map(String.init)
    let outcome = try BorelExecutable.run(
      ["run", file.path, "--time-limit", "0.5", "--memory-limit", "100M"])
    if expected == ["ends"] {
      #expect(outcome.status == 0, "\(outcome.errors.prefix(300))")
      return
    }
    let code = outcome.errors.firstRange(of: "error[").map {
      String(outcome.errors[$0.upperBound...].prefix(5))
    }
    #expect(expected.contains(code ?? "none"), "\(outcome.errors.prefix(300))")
    #expect(outcome.status == (code == "E0603" ? 124 : outcome.status))
    #expect((1...7).contains(outcome.status) || outcome.status == 124)
  }
}
