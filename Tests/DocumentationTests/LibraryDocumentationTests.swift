import BorelTestSupport
import Foundation
import Testing

/// The catalog of the Swift library: its links lead somewhere, and its programs are correct.
struct LibraryDocumentationTests {
  private static let hasTools =
    (try? BorelExecutable.run(shell: "command -v docc && command -v swiftc").status) == 0
    && FileManager.default.fileExists(
      atPath: BorelExecutable.folder.appendingPathComponent("Modules").path)

  @Test(.enabled(if: hasTools)) func theCatalogIsBuilt() throws {
    let output = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: output) }
    let outcome = try BorelExecutable.run(
      shell: "scripts/documentation '\(BorelExecutable.folder.path)' '\(output.path)' 2>&1",
      in: BorelExecutable.root)
    #expect(outcome.status == 0, "\(outcome.output.suffix(3_000))")
    let pages = output.appendingPathComponent("data/documentation/borel/posterior.json")
    #expect(FileManager.default.fileExists(atPath: pages.path))
    let tutorial = output.appendingPathComponent("data/tutorials/borel/river.json")
    #expect(FileManager.default.fileExists(atPath: tutorial.path))
  }
}
