import BorelCompiler
import BorelReference
import BorelTestSupport
import Foundation
import Testing

@Test func theReferenceIsUpToDate() throws {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("borel-reference-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  let outcome = try BorelExecutable.run(["doc", "--markdown", folder.path])
  #expect(outcome.status == 0)
  let kept = BorelExecutable.root.appendingPathComponent("docs/reference")
  let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  #expect(try FileManager.default.contentsOfDirectory(atPath: kept.path).sorted() == names)
  for name in names {
    let isCurrent =
      try String(contentsOf: kept.appendingPathComponent(name), encoding: .utf8)
      == String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    #expect(isCurrent, "\(name): run `make reference-pages`")
  }
}

/// Codes in the sources and codes in the catalogue are the same ones.
@Test func everyCodeIsInTheCatalogue() throws {
  let sources = BorelExecutable.root.appendingPathComponent("Sources")
  let files = FileManager.default.enumerator(atPath: sources.path)?.allObjects ?? []
  let pattern = try Regex("\"([EWN]0[0-9]{3})\"", as: (Substring, Substring).self)
  var used: Set<String> = []
  for case let name as String in files
  where name.hasSuffix(".swift") && !name.hasSuffix("DiagnosticCatalogue.swift") {
    let text = try String(contentsOf: sources.appendingPathComponent(name), encoding: .utf8)
    for match in text.matches(of: pattern) { used.insert(String(match.output.1)) }
  }
  let listed = DiagnosticCatalogue.sections.flatMap(\.entries).map(\.code)
  #expect(used.subtracting(listed).sorted() == [], "add them to DiagnosticCatalogue")
  #expect(Set(listed).subtracting(used).sorted() == [], "no source uses them")
  #expect(Set(listed).count == listed.count)
}

@Test func everyNameOfTheLanguageHasAPage() throws {
  let index = try BorelExecutable.run(["doc"]).output
  let missing = LanguageNames.all.sorted().filter { !index.contains("\n  \($0) ") }
  #expect(missing == [])
}
