import BorelTestSupport
import Foundation
import Testing

/// A folder with files that is removed at the end of a test.
struct Workplace: ~Copyable {
  let folder: URL

  init(_ files: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("borel-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(
        to: folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func run(_ arguments: String..., input: String = "") throws -> BorelExecutable.Outcome {
    try BorelExecutable.run(arguments, input: input, in: folder)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
  }

  /// The columns of a CSV file without quotes, by their names.
  func table(_ name: String) throws -> [String: [String]] {
    let rows = try text(name).split(separator: "\n").map { $0.split(separator: ",") }
    var columns: [String: [String]] = [:]
    for (index, title) in (rows.first ?? []).enumerated() {
      columns[String(title)] = rows.dropFirst().map { String($0[index]) }
    }
    return columns
  }
}

let coin = """
  /// The bias of a coin.
  model coin(flips: [Bool]) {
    p ~ Beta(1, 1)
    for f in flips { observe f ~ Bernoulli(p) }
    return p
  }

  """

/// Wrong uses and inputs: the exit status, the code and the words of each.
@Suite struct BadInputTests {
  @Test func aMissingProgramIsAUsageError() throws {
    let place = try Workplace()
    let outcome = try place.run("run", "nowhere.ppl")
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("error[E0402]: cannot read 'nowhere.ppl'"))
  }

  @Test func unknownOptionsAndSubcommandsAreUsageErrors() throws {
    let place = try Workplace(["m.ppl": coin])
    for arguments in [["run", "m.ppl", "--particels"], ["rnu", "m.ppl"], ["run"]] {
      let outcome = try BorelExecutable.run(arguments, in: place.folder)
      #expect(outcome.status == 2, "\(arguments)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("Usage: borel"))
    }
    #expect(try place.run("run", "m.ppl", "-j", "0").status == 2)
    #expect(try place.run("run", "m.ppl", "--time-limit", "-1").status == 2)
    #expect(try place.run("run", "m.ppl", "-s", "-1").status == 2)
  }

  @Test func wrongMethodsAreUsageErrors() throws {
    let place = try Workplace(["m.ppl": coin])
    let outcome = try place.run("run", "m.ppl", "-m", "smc(partices: 10)")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors == """
        error[E0704]: method 'smc' has no option 'partices'
          --> --method:1:5
           |
         1 | smc(partices: 10)
           |     ^^^^^^^^
           = hint: did you mean 'particles'?

        """)
  }

  @Test func errorsInTheProgramHaveStatusThree() throws {
    let place = try Workplace(["m.ppl": "model m() { x ~ Norml(0, 1)\n  return x }\n"])
    for command in ["check", "run", "plan", "sim", "validate", "ir"] {
      let outcome = try place.run(command, "m.ppl")
      #expect(outcome.status == 3, "\(command)")
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("--> m.ppl:1:"))
      #expect(outcome.errors.contains("did you mean 'Normal'?"))
    }
  }

  @Test func dataThatDoNotFitHaveStatusFour() throws {
    let place = try Workplace([
      "m.ppl": coin, "good.json": #"{"flips": [true, 1, 0]}"#,
      "typo.json": #"{"flip": [true]}"#, "type.json": #"{"flips": [true, "yes"]}"#,
      "broken.json": #"{"flips": [true,"#, "ragged.csv": "flips,x\n1,2\n1\n",
    ])
    for (file, code) in [
      ("typo.json", "E0411"), ("type.json", "E0412"), ("broken.json", "E0401"),
      ("ragged.csv", "E0405"), ("none.json", "E0402"),
    ] {
      let outcome = try place.run("run", "m.ppl", "-d", file)
      #expect(outcome.status == 4, "\(file): \(outcome.errors)")
      #expect(outcome.errors.contains("error[\(code)]"), "\(file): \(outcome.errors)")
      #expect(outcome.errors.contains(file))
      #expect(outcome.output.isEmpty)
    }
    let missing = try place.run("run", "m.ppl")
    #expect(missing.status == 4)
    #expect(missing.errors.contains("needs 'flips' of type [Bool], which no data give"))
    let twice = try place.run("run", "m.ppl", "-d", "good.json", "-d", "good.json")
    #expect(twice.status == 4)
    #expect(twice.errors.contains("'flips' is given by two data files"))
  }

  @Test func theStandardInputIsReadOnce() throws {
    let place = try Workplace(["m.ppl": coin])
    let outcome = try place.run("run", "-", "-d", "-", input: coin)
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("the standard input can be read only once"))
  }

  @Test func unknownVariablesAndOutputFormatsAreUsageErrors() throws {
    let place = try Workplace(["m.ppl": coin])
    let variables = try place.run(
      "run", "m.ppl", "--set", "flips=[true]", "--vars", "q", "-m", "importance(particles: 10)")
    #expect(variables.status == 2)
    #expect(variables.errors.contains("the result has no variable 'q'"))
    let format = try place.run("run", "m.ppl", "--set", "flips=[true]", "-o", "draws.xls")
    #expect(format.status == 2)
    #expect(format.errors.contains("use .json, .ndjson, .csv, .stan.csv or .zarr"))
  }

  @Test func variablesThatAreNotAskedForDoNotChangeTheOthers() throws {
    let source = """
      model walk(ys: [Real] = [1, 2, 1, 0, 1]) {
        var x ~ Normal(0, 1)
        drift ~ Normal(0, 0.1)
        for y in ys {
          x ~ Normal(x + drift, 1)
          observe y ~ Normal(x, 1)
        }
        return x - drift
      }
      """
    let place = try Workplace(["m.ppl": source + "\n"])
    let method = "smc(particles: 200)"
    let all = try place.run("run", "m.ppl", "-m", method, "--json", "-o", "all.csv")
    #expect(all.status == 0, "\(all.errors)")
    for names in ["drift", "result", "x,result", "x[2]"] {
      let some = try place.run(
        "run", "m.ppl", "-m", method, "--vars", names, "-q", "-o", "some.csv")
      #expect(some.status == 0, "\(some.errors)")
      let (whole, part) = (try place.table("all.csv"), try place.table("some.csv"))
      #expect(part.count >= 2)
      for (name, values) in part { #expect(whole[name] == values, "\(name)") }
    }
  }

  @Test func scriptsTakeNoDataFromTheCommandLine() throws {
    let place = try Workplace(["s.ppl": "print(1 + 1)\n"])
    let outcome = try place.run("run", "s.ppl", "--set", "x=1")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("has top-level statements"))
  }

  @Test func failuresOfTheProgramHaveStatusOne() throws {
    let place = try Workplace(["s.ppl": "let a = [1, 2]\nprint(a[5])\n"])
    let outcome = try place.run("run", "s.ppl")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("s.ppl:2:"))
  }

  @Test func impossibleDataHaveStatusFive() throws {
    let place = try Workplace([
      "m.ppl": "model m() {\n  let b = sample Bernoulli(0.5)\n  require b && !b\n  return b\n}\n"
    ])
    let outcome = try place.run("run", "m.ppl", "-m", "importance(particles: 100)")
    #expect(outcome.status == 5, "\(outcome.errors)")
    #expect(outcome.errors.contains("m.ppl:3:"))
  }

  @Test func theTimeLimitHasStatus124() throws {
    let place = try Workplace(["s.ppl": "var i = 0\nwhile true { i = (i + 1) % 7 }\n"])
    let outcome = try place.run("run", "s.ppl", "--time-limit", "0.2")
    #expect(outcome.status == 124, "\(outcome.errors)")
  }
}

/// Ctrl-C.
@Test func anInterruptedRunHasStatus130() throws {
  let place = try Workplace(["s.ppl": "var i = 0\nwhile true { i = (i + 1) % 7 }\n"])
  let outcome = try BorelExecutable.run(
    shell: "borel run s.ppl & sleep 1; kill -INT $!; wait $!; echo status $?", in: place.folder)
  #expect(outcome.output == "status 130\n", "\(outcome.errors)")
}

/// What the commands print when all is well.
@Suite struct ResultTests {
  @Test func theStandardInputIsTheProgramWithoutArguments() throws {
    let place = try Workplace()
    let outcome = try BorelExecutable.run([], input: "print(1 + 1)\n", in: place.folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "2\n")
  }

  @Test func versionAndHelpAreResults() throws {
    let place = try Workplace()
    let version = try place.run("--version")
    #expect(version.status == 0)
    #expect(version.output.contains("."))
    let help = try place.run("run", "--help")
    #expect(help.status == 0)
    #expect(help.output.contains("--method"))
    #expect(help.errors.isEmpty)
  }

  @Test func jsonHasTheFieldsOfTheContract() throws {
    let place = try Workplace(["m.ppl": coin])
    let outcome = try place.run(
      "run", "m.ppl", "--set", "flips=[true, true, false]", "--json", "-s", "3",
      "-m", "importance(particles: 2000)")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let result = try #require(object as? [String: Any])
    for field in [
      "model", "method", "seed", "logEvidence", "variables", "tallies", "diagnostics", "timing",
    ] {
      #expect(result[field] != nil, "\(field)")
    }
    #expect(result["seed"] as? Int == 3)
    let variables = try #require(result["variables"] as? [String: Any])
    let p = try #require(variables["p"] as? [String: Any])
    for field in ["mean", "sd", "mcse", "q5", "q50", "q95", "essBulk", "essTail", "rHat"] {
      #expect(p[field] != nil, "\(field)")
    }
    // Beta(3, 2): mean 0.6; five standard errors are missed once in two million runs.
    let mean = try #require(p["mean"] as? Double)
    let error = try #require(p["mcse"] as? Double)
    #expect(abs(mean - 0.6) < 5 * error)
  }

  @Test func drawsKeepTheirWeightsInEveryFormat() throws {
    let place = try Workplace(["m.ppl": coin])
    for name in ["d.csv", "d.ndjson", "d.json"] {
      let outcome = try place.run(
        "run", "m.ppl", "--set", "flips=[true]", "-m", "importance(particles: 50)", "-q",
        "-o", name)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    let rows = try place.text("d.csv").split(separator: "\n").map { $0.split(separator: ",") }
    #expect(rows.count == 51)
    #expect(rows[0].first == "weight")
    let total = rows.dropFirst().reduce(0.0) { $0 + (Double($1[0]) ?? .nan) }
    #expect(abs(total - 1) < 1e-9)
    let line = try place.text("d.ndjson").split(separator: "\n")[0]
    #expect(line.hasPrefix("{\"weight\": \(rows[1][0])"))
    let object = try JSONSerialization.jsonObject(with: Data(try place.text("d.json").utf8))
    let weights = try #require((object as? [String: Any])?["weights"] as? [Double])
    #expect(weights.count == 50)
  }

  @Test func threadsDoNotChangeTheResult() throws {
    let place = try Workplace(["m.ppl": coin])
    let outputs = try ["1", "2", "3"].map { threads in
      try place.run(
        "run", "m.ppl", "--set", "flips=[true, false]", "-m", "smc(particles: 5000)", "-j",
        threads
      ).output
    }
    #expect(!outputs[0].isEmpty)
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0] == outputs[2])
  }

  @Test func everyPageOfTheReferenceIsFound() throws {
    let place = try Workplace()
    let index = try place.run("doc").output
    for name in ["Normal", "smc", "exp"] {
      #expect(index.contains("  \(name) "))
      let page = try place.run("doc", name)
      #expect(page.status == 0)
      #expect(page.output.contains("\(name)("))
    }
    let wrong = try place.run("doc", "Normall")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("did you mean 'Normal'?"))
  }

  @Test func programsAreFormattedInPlace() throws {
    let place = try Workplace(["m.ppl": "model m(){\nx~Normal(0,1)\nreturn x}\n"])
    #expect(try place.run("fmt", "--check", "m.ppl").status == 3)
    #expect(try place.run("fmt", "m.ppl").status == 0)
    #expect(try place.run("fmt", "--check", "m.ppl").status == 0)
    #expect(try place.text("m.ppl").contains("  x ~ Normal(0, 1)\n"))
    let broken = try place.run("fmt", "-", input: "model (")
    #expect(broken.status == 3)
    #expect(broken.output.isEmpty)
  }

  @Test func theIntermediateRepresentationIsPrintedAfterEachTransform() throws {
    let place = try Workplace(["m.ppl": coin])
    let sampled = try place.run("ir", "m.ppl")
    #expect(sampled.output.contains("observe<bool>"))
    let sequential = try place.run("ir", "m.ppl", "--after", "sequential")
    #expect(sequential.output.contains("checkpoint"))
    #expect(!sequential.output.contains("observe<bool>"))
    let enumerated = try place.run("ir", "m.ppl", "--after", "enumerated")
    #expect(enumerated.status == 5)
    #expect(enumerated.errors.contains("m.ppl:3:"))
  }

  @Test func simulationDrawsFromThePrior() throws {
    let place = try Workplace(["m.ppl": coin])
    let outcome = try place.run("sim", "m.ppl", "--set", "flips=[true]", "-n", "400", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("\"draws\": 400"))
  }

  @Test func thePlanNamesTheMethod() throws {
    let place = try Workplace(["m.ppl": coin])
    let outcome = try place.run("plan", "m.ppl", "--set", "flips=[true, false]")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("method"))
  }
}

/// `borel validate`: verdicts and exit status.
@Suite struct ValidateCommandTests {
  private static let rare = """
    model rare(y: Real) {
      x ~ Bernoulli(0.01)
      observe y ~ Normal(if x { 1.0 } else { 0.0 }, 1)
      return x
    }
    """

  @Test func aCorrectMethodIsAccepted() throws {
    let place = try Workplace(["rare.ppl": Self.rare])
    let alpha = "\(FalseAlarms.alpha("validation on the command line") / 4)"
    let outcome = try place.run(
      "validate", "rare.ppl", "--set", "y=1.5", "-m", "smc(particles: 200)", "--alpha", alpha,
      "--reference-particles", "1000")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("accepted\n"), "\(outcome.output)")
  }

  @Test func aWrongClaimIsRejectedWithStatusSeven() throws {
    let place = try Workplace(["rare.ppl": Self.rare])
    let outcome = try place.run(
      "validate", "rare.ppl", "--set", "y=1.5", "-m", "enumerate(tolerance: 0.2)", "--json",
      "--reference-particles", "1000")
    #expect(outcome.status == 7, "\(outcome.errors)")
    #expect(outcome.output.contains("\"verdict\": \"rejected\""), "\(outcome.output)")
  }

  @Test func optionsOutsideTheirRangeAreUsageErrors() throws {
    let place = try Workplace(["rare.ppl": Self.rare])
    for option in [["--alpha", "2"], ["--replicates", "1"], ["--reference-particles", "1"]] {
      let outcome = try BorelExecutable.run(
        ["validate", "rare.ppl", "--set", "y=1.5"] + option, in: place.folder)
      #expect(outcome.status == 2)
    }
  }
}
