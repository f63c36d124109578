import BorelTestSupport
import Foundation
import Testing

/// Scripts and the habits of a shell.
@Suite struct ScriptTests {
  @Test func argumentsReachTheScript() throws {
    let place = try Workplace([
      "s.ppl": """
      #!/usr/bin/env -S borel run
      let n = if arguments.count > 0 { Int(arguments[0]) } else { 3 }
      assert(n > 0, "n must be positive")
      print(arguments, n, isReal("1e3"), Real("2.5") * 2)

      """
    ])
    #expect(try place.run("run", "s.ppl").output == "[] 3 true 5.0\n")
    #expect(
      try place.run("run", "s.ppl", "--", "4", "-x", "b c").output
        == "[\"4\", \"-x\", \"b c\"] 4 true 5.0\n")
    let bad = try place.run("run", "s.ppl", "--", "four")
    #expect(bad.status == 1)
    #expect(bad.errors.hasPrefix("error[E0319]: the text \"four\" is not a number\n  --> s.ppl:2:"))
    let failed = try place.run("run", "s.ppl", "--", "0")
    #expect(failed.status == 1)
    #expect(failed.errors.contains("n must be positive"))
  }

  @Test func argumentsBelongToTheTopLevel() throws {
    let place = try Workplace(["s.ppl": "func f() -> Int { arguments.count }\nprint(f())\n"])
    let outcome = try place.run("run", "s.ppl")
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("error[E0232]"))
  }

  @Test func expressionsAreEvaluated() throws {
    let place = try Workplace()
    #expect(try place.run("-e", "1 + 2").output == "3\n")
    #expect(try place.run("-e", "let x = 2.5\nx * 2").output == "5.0\n")
    #expect(try place.run("-e", "arguments", "--", "a").output == "[\"a\"]\n")
    let draws = try (0..<2).map { _ in try place.run("-e", "sample Normal(0, 1)", "-s", "3").output
    }
    #expect(draws[0] == draws[1])
    #expect(try place.run("-e", "1 +").status == 3)
    #expect(try place.run("-e", "[1][2]").status == 1)
  }

  @Test func aScriptIsDeterministic() throws {
    let place = try Workplace([
      "s.ppl": """
      model m(y: [Real]) {
        x ~ Normal(0, 1)
        observe y ~ Normal(x, 1)
      }
      x ~ Normal(0, 1)
      print(x, infer(m(y: [1.0, 2.0]), smc(particles: 500)).mean("x"))

      """
    ])
    let first = try place.run("run", "s.ppl", "-s", "5", "-j", "1")
    #expect(first.status == 0)
    #expect(try place.run("run", "s.ppl", "-s", "5", "-j", "2").output == first.output)
    #expect(try place.run("run", "s.ppl", "-s", "6").output != first.output)
  }

  @Test func limitsEndARunWithTheirStatus() throws {
    let place = try Workplace([
      "loop.ppl": "var i = 0\nwhile true { i += 1 }\n",
      "wordy.ppl": "while true { print(\"another line\") }\n",
      "grow.ppl": "var xs = [0.0]\nwhile xs.count > 0 { xs = concat(xs, xs) }\n",
      "coin.ppl": coin,
    ])
    #expect(try place.run("run", "loop.ppl", "--time-limit", "0.2").status == 124)
    let full = try place.run("run", "grow.ppl", "--memory-limit", "100M", "--time-limit", "20")
    #expect(full.status == 1)
    #expect(full.errors.hasPrefix("error[E0605]"))
    #expect(try place.run("run", "coin.ppl", "--memory-limit", "much").status == 2)
    let wordy = try place.run("run", "wordy.ppl", "--output-limit", "1000", "--time-limit", "20")
    #expect(wordy.status == 1 && wordy.output.count <= 1_000)
    #expect(wordy.output.hasPrefix("another line\n"))
    #expect(wordy.errors.hasPrefix("error[E0609]"))
    #expect(try place.run("run", "coin.ppl", "--output-limit", "much").status == 2)
  }

  /// What nothing refers to any more is given back: all of it would need three times the limit.
  @Test func manyInferencesTakeTheMemoryOfFew() throws {
    let place = try Workplace([
      "many.ppl": """
      model m() { return sample Normal(0, 1) }
      let first = infer(m(), importance(particles: 10_000))
      var total = 0.0
      for _ in 0..<1_000 { total += infer(m(), importance(particles: 10_000)).mean("result") }
      print(abs(total / 1_000) < 0.002, abs(first.mean("result")) < 0.06)

      """
    ])
    let outcome = try place.run("run", "many.ppl", "--memory-limit", "100M", "--time-limit", "60")
    // Standard errors 0.0003 and 0.01: false with probability below 1e-8.
    #expect(outcome.output == "true true\n", "\(outcome.errors.prefix(300))")
  }

  @Test func warningsOfInferencesInScriptsAreShown() throws {
    let place = try Workplace([
      "s.ppl": """
      model m(y: Real) {
        x ~ Normal(0, 1)
        observe y ~ Normal(x, 0.0001)
      }
      let fit = infer(m(y: 2), importance(particles: 1_000))
      print(fit.effectiveSampleSize < 100)

      """
    ])
    let outcome = try place.run("run", "s.ppl")
    #expect(outcome.output == "true\n")
    #expect(outcome.errors.contains("warning[W0501]"))
    #expect(try place.run("run", "s.ppl", "--strict").status == 6)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionScriptsNameTheSubcommands(_ shell: String) throws {
    let outcome = try BorelExecutable.run(["completions", shell])
    #expect(outcome.status == 0)
    for word in ["run", "repl", "time-limit"] { #expect(outcome.output.contains(word)) }
  }

  @Test func theManualHasEverySubcommandAndStatus() throws {
    let manual = try BorelExecutable.run(["manual"])
    #expect(manual.status == 0)
    #expect(manual.output.hasPrefix(".TH BOREL 1"))
    for part in ["borel run", "borel repl", "borel lsp", "\\-\\-time\\-limit", ".B 124", ".B 130"] {
      #expect(manual.output.contains(part), "\(part)")
    }
  }

  @Test func aClosedPipeEndsTheProcessQuietly() throws {
    let outcome = try BorelExecutable.run(
      shell: "borel doc 2>&1 | head -n 1; echo done")
    #expect(outcome.output == "Distributions\ndone\n")
    #expect(outcome.errors.isEmpty)
  }
}
