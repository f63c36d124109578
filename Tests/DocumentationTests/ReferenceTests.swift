import BorelCompiler
import BorelTestSupport
import Foundation
import Testing

@Test func theReferenceIsUpToDate() throws {
  let file = BorelExecutable.root.appendingPathComponent("docs/reference.md")
  let outcome = try BorelExecutable.run(["doc", "--markdown"])
  #expect(outcome.status == 0)
  let isCurrent = try String(contentsOf: file, encoding: .utf8) == outcome.output
  #expect(isCurrent, "run `make reference`")
}

@Test func everyNameOfTheLanguageHasAPage() throws {
  let index = try BorelExecutable.run(["doc"]).output
  let missing = LanguageNames.all.sorted().filter { !index.contains("\n  \($0) ") }
  #expect(missing == [])
}
