import BorelTestSupport
import Foundation
import Testing

private let level = """
  model level(y: [Real?]) {
    var x ~ Normal(0, 10)
    for (t, v) in y.enumerated() {
      if t > 0 { x ~ Normal(x, 1) }
      observe v ~ Normal(x, 1)
    }
  }
  """

private func objects(_ output: String) throws -> [[String: Any]] {
  try output.split(separator: "\n").map {
    try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
  }
}

@Test func everyRecordGetsALine() throws {
  let place = try Workplace(["level.ppl": level])
  let outcome = try BorelExecutable.run(
    ["filter", "level.ppl", "-d", "-", "--quantiles", "0.025,0.975"],
    input: "{\"y\": 1.5}\n2.5\n\nnull\n{}\n3", in: place.folder)
  #expect(outcome.status == 0, "\(outcome.errors)")
  let lines = try objects(outcome.output)
  #expect(lines.map { $0["record"] as? Int } == [0, 1, 2, 3, 4])
  let state = lines[1]["state"] as? [String: [String: Any]]
  #expect(Set(state?["x"]?.keys.map { $0 } ?? []) == ["mean", "sd", "q2.5", "q97.5"])
  let forecast = lines[2]["forecast"] as? [String: [String: Any]]
  #expect(forecast?["y"]?["value"] is NSNull && forecast?["y"]?["pit"] is NSNull)
  #expect(lines[2]["logScore"] as? Double == 0)
}

@Test func recordsThatAreMalformedOrLateAreSkippedOrStopTheFilter() throws {
  let place = try Workplace(["level.ppl": level])
  let records =
    "{\"at\": 1, \"y\": 1}\n{\"at\": 3, \"y\": 2}\n{\"at\": 2, \"y\": 9}\n"
    + "{\"at\": 4, \"y\": \"low\"}\nno json\n{\"y\": 3}\n{\"at\": 4, \"y\": 3}\n"
  let arguments = ["filter", "level.ppl", "--time", "at"]
  let stopped = try BorelExecutable.run(arguments, input: records, in: place.folder)
  #expect(stopped.status == 4)
  #expect(try objects(stopped.output).count == 2)
  #expect(stopped.errors.contains("error[E0440]: the record is late: a record of 3"))
  #expect(stopped.errors.contains("<stdin>, line 3:1:8"))
  let skipped = try BorelExecutable.run(
    arguments + ["--bad-records", "skip"], input: records, in: place.folder)
  #expect(skipped.status == 0, "\(skipped.errors)")
  let lines = try objects(skipped.output)
  let codes = lines.map { ($0["skipped"] as? [String: Any])?["code"] as? String ?? "-" }
  #expect(codes == ["-", "-", "E0440", "E0412", "E0401", "E0410", "-"])
  // What was skipped left no trace.
  let clean = try BorelExecutable.run(
    ["filter", "level.ppl"], input: "1\n2\n3\n", in: place.folder)
  #expect(
    skipped.output.split(separator: "\n").last == clean.output.split(separator: "\n").last)
}

@Test func aFilterGoesOnFromACheckpoint() throws {
  let place = try Workplace(["level.ppl": level])
  let records = (0..<60).map { "\(sin(Double($0)))\n" }
  let whole = try BorelExecutable.run(
    ["filter", "level.ppl"], input: records.joined(), in: place.folder)
  let first = try BorelExecutable.run(
    ["filter", "level.ppl", "--checkpoint", "c.chk"],
    input: records.prefix(25).joined(), in: place.folder)
  let second = try BorelExecutable.run(
    ["filter", "level.ppl", "--resume", "c.chk", "-j", "2"],
    input: records.dropFirst(25).joined(), in: place.folder)
  #expect(first.status == 0 && second.status == 0, "\(second.errors)")
  #expect(first.output + second.output == whole.output)
  let other = try BorelExecutable.run(
    ["filter", "level.ppl", "--resume", "c.chk", "-m", "smc(particles: 50)"], input: "1\n",
    in: place.folder)
  #expect(other.status != 0 && other.errors.contains("E0433"))
}

@Test func whatWasFilteredIsShownWhenARecordEndsTheFilter() throws {
  let text = """
    model m(y: [Real]) {
      s ~ Uniform(0, 1)
      for v in y { observe v ~ Uniform(0, s + 1) }
    }
    """
  let place = try Workplace(["m.ppl": text])
  let outcome = try BorelExecutable.run(
    ["filter", "m.ppl", "--bad-records", "skip"], input: "0.5\n0.6\n7\n0.5\n", in: place.folder)
  #expect(outcome.status == 5)
  #expect(try objects(outcome.output).count == 2)
  #expect(outcome.errors.contains("error[E0502]") && outcome.errors.contains("m.ppl:3:"))
}

/// A filter that keeps 16 bytes a record grows by 800 kilobytes over 50,000 records.
@Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
func memoryDoesNotGrowWithTheRecords() throws {
  let place = try Workplace(["level.ppl": level])
  let script = """
    mkfifo in
    "\(BorelExecutable.folder.path)/borel" filter level.ppl -m 'smc(particles: 20)' --records in \
      > out &
    exec 3> in
    feed() {
      yes 1 | head -n "$1" >&3
      while [ "$(wc -l < out)" -lt "$2" ]; do sleep 0.1; done
      sed -n 's/VmRSS:[[:space:]]*\\([0-9]*\\) kB/\\1/p' /proc/$!/status
    }
    feed 10000 10000
    feed 50000 60000
    exec 3>&-
    wait
    """
  let outcome = try BorelExecutable.run(shell: script, in: place.folder)
  let sizes = outcome.output.split(separator: "\n").compactMap { Int($0) }
  #expect(sizes.count == 2, "\(outcome.output) \(outcome.errors)")
  if sizes.count == 2 { #expect(sizes[1] - sizes[0] < 500) }
}
