import Borel
import Foundation
import Testing

private let programs = [
  """
  model m(y: [Real] = [1, 0.5, 2, -1]) {
    mu ~ Normal(0, 2)
    sd ~ HalfNormal(1)
    for v in y { observe v ~ Normal(mu, sd) }
  }
  """,
  """
  model m(y: [Real] = [1, 0.5, 2, -1, 0.2, 0.4]) {
    var x ~ Normal(0, 1)
    for (t, v) in y.enumerated() {
      if t > 0 { x ~ Normal(0.9 * x, 1) }
      observe v ~ Normal(x, 1)
    }
    return x
  }
  """,
  """
  model m() {
    var n = 0
    while sample Bernoulli(0.7) { n = n + 1 }
    let words = ["a", "b", "c"]
    w ~ DiscreteUniform(0, 2)
    observe n ~ Poisson(2)
    return words[w]
  }
  """,
]

private let methods: [Method] = [
  .smc(particles: 3_000), .importance(particles: 3_000), .mh(chains: 2, draws: 200, warmup: 100),
]

/// What an inference gives, but for its time.
private func fingerprint(_ number: Int) throws -> String {
  let model = try Program(source: programs[number % programs.count]).model()
  let fit = try model.infer(
    methods[(number / programs.count) % methods.count], seed: UInt64(number),
    threads: 1 + number % 2)
  return "\(fit.logEvidence.value) \(fit.names.map { fit.draws($0) })"
}

@Test func inferencesSideBySideHaveTheBitsOfSingleOnes() async throws {
  let single = try (0..<9).map(fingerprint)
  let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
    for number in 0..<9 { group.addTask { (number, try fingerprint(number)) } }
    var found: [Int: String] = [:]
    for try await (number, text) in group { found[number] = text }
    return found
  }
  for (number, text) in single.enumerated() { #expect(together[number] == text) }
}

private let endless = """
  model m() {
    var s = 0.0
    for i in 0..<1_000_000_000 { s = s + 1 }
    return s
  }
  """

/// The best of some tries counts: other tests run at the same time.
@Test func cancellingStopsWithinATenthOfASecond() async throws {
  let model = try Program(source: endless).model()
  var best = Duration.seconds(10)
  for _ in 0..<50 where best >= .milliseconds(100) {
    let task = model.start(.importance(particles: 100))
    try await Task.sleep(for: .milliseconds(30))
    let start = ContinuousClock.now
    task.cancel()
    do {
      _ = try await task.value
      Issue.record("the run ended by itself")
    } catch let problems as Diagnostics {
      #expect(problems.list.map(\.code) == ["E0699"])
    }
    best = min(best, ContinuousClock.now - start)
  }
  #expect(best < .milliseconds(100))
}

@Test func progressIsASequence() async throws {
  let model = try Program(source: programs[0]).model()
  let task = model.start(.mh(chains: 4, draws: 60_000, warmup: 100))
  var shares: [Double] = []
  for await share in task.progress { shares.append(share) }
  _ = try await task.value
  #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
}

/// Everything that a script takes is given back: runs of the same kind need no more each time.
@Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/statm")))
func memoryIsGivenBack() throws {
  func resident() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4_096
  }
  let model = try Program(
    source: """
      model m() {
        var kept: [Real] = []
        for i in 0..<100_000 { kept.append(sample Normal(0, 1)) }
        return sum(kept)
      }
      """
  ).model()
  let limits = Limits(memory: 40 << 20)
  for _ in 0..<3 { _ = try? model.infer(.importance(particles: 100), limits: limits) }
  let before = try resident()
  for _ in 0..<20 { _ = try? model.infer(.importance(particles: 100), limits: limits) }
  // A run that kept its 40 megabytes would need 800 more; other tests run in the same process.
  #expect(try resident() - before < 400 << 20)
}
