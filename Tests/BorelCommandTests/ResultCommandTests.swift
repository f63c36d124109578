import BorelTestSupport
import Foundation
import Testing

/// The commands on results that were kept in files.
@Suite struct ResultCommandTests {
  private static func place() throws -> Workplace {
    let place = try Workplace([
      "m.ppl": coin, "d.json": #"{"flips": [true, false, true]}"#,
      "e.json": #"{"flips": [false, false, true]}"#,
    ])
    for (data, name) in [("d.json", "fit.json"), ("e.json", "other.json")] {
      let run = try place.run(
        "run", "-q", "m.ppl", "-d", data, "-m", "importance(particles: 2000)", "-o", name)
      #expect(run.status == 0, "\(run.errors)")
    }
    return place
  }

  @Test func aSummaryOfAFileIsThatOfTheRun() throws {
    let place = try Self.place()
    let run = try place.run("run", "m.ppl", "-d", "d.json", "-m", "importance(particles: 2000)")
    let summary = try place.run("summary", "fit.json")
    #expect(summary.status == 0)
    #expect(summary.output == run.output)
  }

  @Test func convertedFilesHaveTheSameDraws() throws {
    let place = try Self.place()
    #expect(try place.run("convert", "fit.json", "-o", "again.json").status == 0)
    #expect(try place.text("again.json") == place.text("fit.json"))
    #expect(try place.run("convert", "fit.json", "-o", "draws.csv").status == 0)
    #expect(try place.text("draws.csv").hasPrefix("weight,p,result\n"))
    let stan = try place.run("convert", "fit.json", "-o", "fit.stan.csv")
    #expect(stan.status == 0)
    #expect(stan.errors.contains("note[N0503]"))
    let equal = try place.run(
      "convert", "fit.json", "-o", "equal.csv", "--format", "cmdstan", "--resample", "-n", "50")
    #expect(equal.errors.isEmpty)
    let lines = try place.text("equal.csv").split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(lines.count == 51)
    #expect(lines[0] == "p,result")
    #expect(try place.run("convert", "fit.json", "-o", "fit.zarr").status == 0)
    // Again over the old store, but never over another folder.
    #expect(try place.run("convert", "fit.json", "-o", "fit.zarr").status == 0)
    try FileManager.default.createDirectory(
      at: place.folder.appendingPathComponent("mine.zarr"), withIntermediateDirectories: true)
    #expect(try place.run("convert", "fit.json", "-o", "mine.zarr").status == 2)
  }

  @Test func filesOfOtherKindsAreDataErrors() throws {
    let place = try Self.place()
    for (name, text) in [("a.json", "{}"), ("b.json", "[1,"), ("c.csv", "x\nred\n"), ("d.csv", "")]
    {
      try text.write(
        to: place.folder.appendingPathComponent(name), atomically: false, encoding: .utf8)
      for command in ["summary", "diagnose", "plot"] {
        let outcome = try place.run(command, name)
        #expect(outcome.status == 4, "\(command) \(name): \(outcome.errors)")
        #expect(outcome.output.isEmpty)
      }
    }
    #expect(try place.run("summary", "nowhere.json").status == 4)
    #expect(try place.run("convert", "fit.json").status == 2)
    #expect(try place.run("convert", "fit.json", "-o", "x.json", "--format", "xml").status == 2)
  }

  @Test func strictnessDependsOnTheChecks() throws {
    let place = try Self.place()
    #expect(try place.run("diagnose", "--strict", "fit.json").status == 0)
    let poor = try place.run(
      "run", "-q", "m.ppl", "-d", "d.json", "-m", "importance(particles: 50)", "-o", "poor.json")
    #expect(poor.status == 0)
    let outcome = try place.run("diagnose", "--strict", "poor.json")
    #expect(outcome.status == 6)
    #expect(outcome.output.contains("WARN  precision"))
    #expect(try place.run("summary", "--strict", "poor.json").status == 6)
    let json = try place.run("diagnose", "--json", "poor.json").output
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    #expect(object?["ok"] as? Bool == false)
  }

  @Test func resultsOfOtherDataAreNotCompared() throws {
    let place = try Self.place()
    let same = try place.run("compare", "fit.json", "fit.json")
    #expect(same.status == 0)
    #expect(!same.errors.contains("W0512"))
    let other = try place.run("compare", "--strict", "fit.json", "other.json")
    #expect(other.status == 6)
    #expect(other.errors.contains("warning[W0512]"))
  }

  @Test func predictionsAreDrawnFromAFile() throws {
    let place = try Self.place()
    let outcome = try place.run(
      "predict", "m.ppl", "--fit", "fit.json", "--json", "--set",
      "flips=[true, true, true, true, true]")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let variables = try #require(json?["variables"] as? [String: Any])
    #expect(Set(variables.keys) == Set((0..<5).map { "flips[\($0)]" } + ["result"]))
    // The posterior is Beta(3, 2).
    let flip = try #require(variables["flips[4]"] as? [String: Any])
    let (mean, error) = (flip["mean"] as? Double ?? .nan, flip["mcse"] as? Double ?? .nan)
    #expect(abs(mean - 0.6) < 5 * error)
  }

  @Test func picturesAreWritten() throws {
    let place = try Self.place()
    let terminal = try place.run("plot", "fit.json", "--width", "60")
    #expect(terminal.status == 0)
    #expect(terminal.output.contains("█"))
    #expect(!terminal.output.contains("\u{1B}"))
    let pages = try place.run("plot", "fit.json", "--html", "p.html", "--svg", "p.svg")
    #expect(pages.status == 0)
    #expect(pages.output.isEmpty)
    #expect(try place.text("p.html").hasPrefix("<!DOCTYPE html>"))
    #expect(try place.text("p.svg").hasPrefix("<svg xmlns="))
  }
}
