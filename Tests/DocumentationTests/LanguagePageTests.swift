import BorelTestSupport
import Foundation
import Testing

/// Every ```borel block of the pages is a program that `borel check` accepts without a warning.
struct LanguagePageTests {
  static let blocks: [String] = ConsoleBlockTests.pages.flatMap { page -> [String] in
    let file = BorelExecutable.root.appendingPathComponent(page)
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return text.components(separatedBy: "```borel\n").dropFirst().map { part in
      part.components(separatedBy: "```")[0]
    }
  }

  @Test(arguments: blocks)
  func programsOfThePagesAreCorrect(block: String) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try block.write(
      to: folder.appendingPathComponent("page.ppl"), atomically: false, encoding: .utf8)
    let outcome = try BorelExecutable.run(["check", "page.ppl"], in: folder)
    #expect(outcome.status == 0, "\(block)\n\(outcome.errors)")
    #expect(outcome.errors == "", "\(block)")
  }

  @Test func thereAreBlocks() { #expect(Self.blocks.count >= 8) }
}
