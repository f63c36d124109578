import BorelREPL
import Foundation
import Testing

@Suite struct CompletionTests {
  private func completions(_ line: String, after entries: [String] = []) -> [String] {
    let desk = Desk()
    for entry in entries { _ = desk.enter(entry) }
    return Completer(session: desk.session).complete(line).candidates
  }

  @Test func namesAndDistributionsAreCompleted() {
    #expect(completions("Norm") == ["Normal("])
    #expect(completions("let y = inver").contains("inverse("))
    #expect(completions("heig", after: ["let height = 1"]) == ["height"])
    #expect(completions("x ~ Normal(").prefix(2) == ["mean: ", "sd: "])
    #expect(completions("x ~ Normal(mean: 0, s").contains("sd: "))
    #expect(
      completions("coin(", after: ["model coin(flips: [Bool]) { p ~ Beta(1, 1) }"]) == ["flips: "])
    #expect(completions("infer(m, imp").contains("importance("))
  }

  @Test func fieldsAreCompleted() {
    let entries = ["let p = {alpha: 1, beta: {gamma: 2.5}}"]
    #expect(completions("p.a", after: entries) == ["alpha"])
    #expect(completions("p.", after: entries) == ["alpha", "beta"])
    #expect(completions("1 + p.beta.", after: entries) == ["gamma"])
  }

  @Test func lettersAreCompletedByTheirNames() {
    #expect(completions("let \\alpha") == ["α"])
    #expect(completions("\\al") == ["\\alpha"])
    let place = Completer(session: Desk().session).complete("1 + \\mu")
    #expect(place.start == 4)
    #expect(place.candidates == ["μ"])
  }

  @Test func commandsAndTheirArgumentsAreCompleted() {
    #expect(completions(":lo") == [":load "])
    #expect(completions(":set th") == ["threads "])
    #expect(completions(":infer co", after: ["model coin() { p ~ Beta(1, 1) }"]) == ["coin"])
  }

  @Test func filesAreCompletedInStringsAndCommands() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    #expect(completions(":load \(folder.path)/da") == ["\(folder.path)/data/"])
    #expect(completions("readJSON(\"\(folder.path)/d") == ["\(folder.path)/data/"])
  }
}

@Suite struct HistoryTests {
  @Test func entriesAreKeptOnceAndSurvive() throws {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-\(UUID().uuidString)/state/history")
    defer {
      try? FileManager.default.removeItem(
        at: file.deletingLastPathComponent().deletingLastPathComponent())
    }
    let first = History(file: file)
    let block = "func f() -> Int {\n  let s = \"a\\nb\"\n  1\n}"
    for entry in ["let α = 1", block, "α + 1", "let α = 1"] { first.add(entry) }
    #expect(first.entries == [block, "α + 1", "let α = 1"])
    // Another session reads what the first one has written, without its doing anything more.
    #expect(History(file: file).entries == first.entries)
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
    #expect((mode as? NSNumber)?.intValue == 0o600)
  }
}
