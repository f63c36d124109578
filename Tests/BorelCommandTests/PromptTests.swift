import BorelTestSupport
import Foundation
import Testing

/// The prompt as a new user meets it, in a terminal of its own.
@Suite(.serialized) struct PromptTests {
  private func terminal(_ place: borrowing Workplace, _ arguments: String...) throws
    -> PseudoTerminal
  {
    try PseudoTerminal(arguments, in: place.folder)
  }

  @Test func aModelIsDefinedInferredBrokenAndRecovered() throws {
    let place = try Workplace(["coin.json": "{\"flips\": [true, true, false, true]}"])
    let terminal = try terminal(place)
    try terminal.expect("borel> ")
    terminal.send("1 + 2\r")
    try terminal.expect("$1: Int = 3")
    // Several lines, as long as a bracket is open.
    terminal.send("model coin(flips: [Bool]) {\r")
    try terminal.expect("  ...> ")
    terminal.send("p ~ Beta(1, 1)\r")
    try terminal.expect("  ...> ")
    terminal.send("observe flips ~ Bernoulli(p)\r")
    try terminal.expect("  ...> ")
    terminal.send("}\r")
    try terminal.expect("model coin(flips: [Bool])\r\n")
    terminal.send(":data coin.json\r")
    try terminal.expect(":data coin.json\r\n")
    try terminal.expect("coin.json\r\n")
    terminal.send(":infer coin importance(particles: 10_000)\r")
    let table = try terminal.expect("p  0.6")
    #expect(table.contains("$2: Posterior<Unit>"))
    #expect(table.contains("log evidence -"))
    // A mistake is shown with its place, and nothing is lost.
    terminal.send("it.maen(\"p\")\r")
    try terminal.expect("error[E0209]")
    try terminal.expect("did you mean 'mean'?")
    terminal.send("it.mean(\"p\") > 0.5\r")
    try terminal.expect("$3: Bool = true")
    try terminal.expect("borel> ")
    terminal.send("\u{4}")
    #expect(terminal.wait() == 0)
  }

  @Test func controlCStopsWhatRunsAndDropsALine() throws {
    let place = try Workplace()
    let terminal = try terminal(place)
    try terminal.expect("borel> ")
    terminal.send("let kept = 41\r")
    try terminal.expect("kept: Int = 41")
    try terminal.expect("borel> ")
    terminal.send("var i = 0\r")
    try terminal.expect("i: Int = 0")
    try terminal.expect("borel> ")
    terminal.send("while true { i += 1 }\r")
    try terminal.expect("\n")
    Thread.sleep(forTimeInterval: 0.3)
    terminal.send("\u{3}")
    try terminal.expect("interrupted")
    try terminal.expect("borel> ")
    terminal.send("this is never run")
    try terminal.expect("never run")
    terminal.send("\u{3}")
    try terminal.expect("borel> ")
    terminal.send("func f(x: Int) -> Int {\r")
    try terminal.expect("...> ")
    terminal.send("\u{3}")
    try terminal.expect("borel> ")
    terminal.send("kept + 1\r")
    try terminal.expect("$1: Int = 42")
    terminal.send(":quit\r")
    #expect(terminal.wait() == 0)
  }

  @Test func tabCompletesAndLettersHaveNames() throws {
    let place = try Workplace()
    let terminal = try terminal(place)
    try terminal.expect("borel> ")
    terminal.send("let \\alpha\t = 2\r")
    try terminal.expect("α: Int = 2")
    terminal.send("let p = {height: 1.5}\r")
    try terminal.expect("p: {height: Real} = {height: 1.5}")
    terminal.send("α * p.he\t\r")
    try terminal.expect("$1: Real = 3.0")
    terminal.send("Norma\tmean: 0, sd: 1)\r")
    try terminal.expect("$2: Dist<Real> = Normal(mean: 0.0, sd: 1.0)")
    // What is pasted in brackets is one entry, also over several lines.
    terminal.send("\u{1B}[200~func g(x: Int) -> Int {\n  x + 1\n}\u{1B}[201~\r")
    try terminal.expect("func g(x: Int) -> Int\r\n")
    terminal.send("g(1)\r")
    try terminal.expect("$3: Int = 2")
  }

  @Test func theHistorySurvivesAKill() throws {
    let place = try Workplace()
    let first = try terminal(place)
    try first.expect("borel> ")
    first.send("let größe = 12345\r")
    try first.expect("größe: Int = 12345")
    first.kill(with: SIGKILL)
    #expect(first.wait() == 128 + SIGKILL)
    let second = try terminal(place)
    try second.expect("borel> ")
    // The arrow finds the entry, and so does a search backwards.
    second.send("\u{1B}[A\r")
    try second.expect("größe: Int = 12345")
    try second.expect("borel> ")
    second.send("\u{12}123\r")
    try second.expect("größe: Int = 12345")
    let history = try String(
      contentsOf: place.folder.appendingPathComponent("state/borel/history"), encoding: .utf8)
    #expect(history.split(separator: "\n").first == "let größe = 12345")
  }

  @Test func aCrashHasItsOwnStatus() throws {
    let place = try Workplace()
    let terminal = try terminal(place)
    try terminal.expect("borel> ")
    terminal.kill(with: SIGILL)
    try terminal.expect("bug in Borel")
    #expect(terminal.wait() == 70)
  }

  @Test func aLongRunShowsHowFarItIsAndCanBeStopped() throws {
    let place = try Workplace([
      "slow.ppl": """
      model slow() {
        var x = 0.0
        for i in 0..<100_000 { x = 0.5 * x + sample Normal(0, 1) }
        return x
      }

      """
    ])
    let terminal = try terminal(place, "run", "slow.ppl", "-m", "importance(particles: 100_000)")
    let shown = try terminal.expect(" left")
    #expect(shown.contains(" %"))
    #expect(shown.contains("lane-steps/s"))
    terminal.send("\u{3}")
    #expect(terminal.wait() == 130)
  }

  /// Progress tells how well a run goes, and what is done when it is stopped stays.
  @Test(arguments: [
    ("smc(particles: 20_000)", "20_000", "ESS ", "W0507"),
    ("mh(draws: 100_000, warmup: 5)", "200", " accepted", "W0505"),
    ("pgas(particles: 20, draws: 100_000, burnIn: 2)", "200", " of the paths renewed", "W0505"),
  ])
  func aStoppedRunKeepsWhatIsDone(
    method: String, steps: String, quality: String, code: String
  ) throws {
    let place = try Workplace([
      "walk.ppl": """
      model walk() {
        var x ~ Normal(0, 1)
        for t in 0..<\(steps) {
          if t > 0 { x ~ Normal(0.9 * x, 0.5) }
          observe 0.3 ~ Normal(x, 1)
        }
      }

      """
    ])
    let terminal = try terminal(
      place, "run", "walk.ppl", "-q", "-m", method, "-o", "part.json", "--vars", "x[0]")
    for _ in 0..<3 { try terminal.expect(quality) }
    terminal.send("\u{3}")
    try terminal.expect("warning[\(code)]: the run was stopped after")
    #expect(terminal.wait() == 130)
    #expect(try place.text("part.json").contains(code))
  }

  @Test func runWithIRunsAFileAndStays() throws {
    let place = try Workplace(["s.ppl": "let n = Int(arguments[0])\nprint(\"n is\", n)\n"])
    let terminal = try terminal(place, "run", "-i", "s.ppl", "--", "7")
    try terminal.expect("n is 7")
    try terminal.expect("borel> ")
    terminal.send("n * 6\r")
    try terminal.expect("$1: Int = 42")
  }

  @Test func withoutATerminalThereIsNoPromptAndTheFirstErrorEnds() throws {
    let place = try Workplace()
    let good = try place.run("repl", input: "let a = 1\na + 1\n:type a\n")
    #expect(good.status == 0)
    #expect(good.output == "a: Int = 1\n$1: Int = 2\na: Int\n")
    let bad = try place.run("repl", input: "1\nlet b = [1][7]\n2\n")
    #expect(bad.status == 1)
    #expect(bad.output == "$1: Int = 1\n")
    #expect(bad.errors.hasPrefix("error[E0302]"))
    #expect(try place.run("repl", input: "a +\n").status == 3)
    #expect(try place.run("repl", input: ":nothing\n").status == 2)
  }
}
