import Borel
import Foundation
import Testing

private let walk = """
  model walk(y: [Real?]) {
    var x ~ Normal(0, 1)
    for (t, v) in y.enumerated() {
      if t > 0 { x ~ Normal(0.9 * x, 1) }
      observe v ~ Normal(x, 0.5)
    }
    return x
  }
  """

/// Simulated from `walk`; every seventh datum is missing.
private let walkData: [Double?] = {
  var state: UInt64 = 7
  func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Double(state >> 11) + 0.5) / 9_007_199_254_740_992
  }
  func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  var x = normal()
  return (0..<200).map { t in
    if t > 0 { x = 0.9 * x + normal() }
    let y = x + 0.5 * normal()
    return t % 7 == 6 ? nil : y
  }
}()

/// Means and variances of x after each datum, and the log-evidence, by a Kalman filter.
private func kalman(_ data: [Double?]) -> (means: [Double], sds: [Double], logEvidence: Double) {
  var (mean, variance, logEvidence) = (0.0, 1.0, 0.0)
  var (means, sds): ([Double], [Double]) = ([], [])
  for (t, y) in data.enumerated() {
    if t > 0 { (mean, variance) = (0.9 * mean, 0.81 * variance + 1) }
    if let y {
      let total = variance + 0.25
      logEvidence -= 0.5 * (log(2 * .pi * total) + (y - mean) * (y - mean) / total)
      let gain = variance / total
      (mean, variance) = (mean + gain * (y - mean), variance * (1 - gain))
    }
    means.append(mean)
    sds.append(variance.squareRoot())
  }
  return (means, sds, logEvidence)
}

@Test func aFilterHasTheBitsOfSequentialMonteCarlo() throws {
  let model = try Program(source: walk).model()
  for threshold in [0.5, 1.0] {
    let method = Method.smc(particles: 300, threshold: threshold)
    let whole = try model.given(["y": walkData]).infer(method, seed: 5)
    let filter = try model.filter(method, seed: 5)
    var last: FilteredState?
    for y in walkData { last = try filter.step(["y": y]) }
    #expect(last?.logEvidence == whole.logEvidence.value)
    if threshold == 0.5, last?.isResampled == false {
      #expect(abs((last?["x"].mean ?? .nan) - whole["result"].mean) < 1e-12)
    }
  }
}

/// The mean over 40 seeds lies within 7 of its standard errors of the exact one at each of 200
/// records: false alarm 1e-5, with 39 degrees of freedom. A filter that forgets to age
/// its state, or that shows the state after resampling under the old weights, is off by more.
@Test func filteredStatesAgreeWithTheKalmanFilter() throws {
  let model = try Program(source: walk).model()
  let exact = kalman(walkData)
  let seeds = 40
  var means = [[Double]](repeating: [], count: walkData.count)
  var sds = means
  var evidences: [Double] = []
  for seed in 1...seeds {
    let filter = try model.filter(.smc(particles: 200), seed: UInt64(seed))
    for (t, y) in walkData.enumerated() {
      let state = try filter.step(["y": y])
      means[t].append(state["x"].mean)
      sds[t].append(state["x"].standardDeviation)
      if t == walkData.count - 1 { evidences.append(exp(state.logEvidence - exact.logEvidence)) }
    }
  }
  func z(_ values: [Double], _ truth: Double) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    let variance =
      values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    return (mean - truth) / (variance / Double(values.count)).squareRoot()
  }
  let worst = walkData.indices.map { abs(z(means[$0], exact.means[$0])) }.max() ?? .infinity
  #expect(worst < 7)
  // Standard deviations have a bias of order 1/N besides.
  for t in walkData.indices {
    let ratios = sds[t].map { $0 / exact.sds[t] }
    let mean = ratios.reduce(0, +) / Double(seeds)
    let spread = ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(seeds - 1)
    #expect(abs(mean - 1) < 0.02 + 7 * (spread / Double(seeds)).squareRoot())
  }
  #expect(abs(z(evidences, 1)) < 7)
}

@Test func scoresAddUpToTheEvidence() throws {
  let filter = try Program(source: walk).model().filter(.smc(particles: 200), seed: 2)
  var sum = 0.0
  for y in walkData {
    let state = try filter.step(["y": y])
    sum += state.logScore
    #expect(abs(sum - state.logEvidence) < 1e-9 * max(1, abs(sum)))
    if y == nil { #expect(state.logScore == 0) }
  }
}

/// The largest distance of values in (0, 1) from the uniform distribution times the root of their
/// number: above 2.7 with probability 1e-6 (Kolmogorov).
private func distanceFromUniform(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let count = Double(sorted.count)
  let distance = sorted.enumerated().map { index, value in
    max(Double(index + 1) / count - value, value - Double(index) / count)
  }
  return (distance.max() ?? 1) * count.squareRoot()
}

/// False alarm: 1e-6. The forecasts of a model that is wrong about the noise are told apart.
@Test func forecastsOfTheRightModelAreCalibrated() throws {
  func values(_ text: String) throws -> [Double] {
    let filter = try Program(source: text).model().filter(.smc(particles: 500), seed: 4)
    return try walkData.compactMap { try filter.step(["y": $0]).forecast("y")?.pit }
  }
  #expect(distanceFromUniform(try values(walk)) < 2.7)
  let wrong = walk.replacingOccurrences(of: "Normal(x, 0.5)", with: "Normal(x, 5)")
  #expect(distanceFromUniform(try values(wrong)) > 2.7)
}

@Test func forecastsAreThoseOfTheKalmanFilter() throws {
  let filter = try Program(source: walk).model().filter(.smc(particles: 20_000), seed: 4)
  var (mean, variance) = (0.0, 1.0)
  for (t, y) in walkData.prefix(20).enumerated() {
    if t > 0 { (mean, variance) = (0.9 * mean, 0.81 * variance + 1) }
    let state = try filter.step(["y": y])
    let forecast = try #require(state.forecast("y"))
    let sd = (variance + 0.25).squareRoot()
    #expect(abs(forecast.mean - mean) < 0.06)
    #expect(abs(forecast.standardDeviation / sd - 1) < 0.04)
    #expect(abs(forecast.quantiles[0] - (mean - 1.6449 * sd)) < 0.12)
    #expect((forecast.pit == nil) == (y == nil))
    if let y {
      let gain = variance / (variance + 0.25)
      (mean, variance) = (mean + gain * (y - mean), variance * (1 - gain))
    }
  }
}

/// Counts have atoms: without the random share of their probability the values pile up. False
/// alarm: 1e-6.
@Test func forecastsOfCountsAreCalibrated() throws {
  let text = """
    model counts(n: [Int]) {
      rate ~ Gamma(shape: 2, rate: 1)
      for k in n { observe k ~ Poisson(rate) }
    }
    """
  let counts = [
    1, 0, 2, 3, 1, 1, 0, 4, 2, 1, 2, 2, 0, 3, 1, 1, 2, 5, 0, 1, 1, 2, 3, 1, 0, 2, 1, 4, 1, 2,
  ]
  let filter = try Program(source: text).model().filter(.smc(particles: 2_000), seed: 3)
  let values = try counts.compactMap { try filter.step($0).forecast("n")?.pit }
  #expect(values.count == counts.count)
  #expect(distanceFromUniform(values) < 2.7)
}

@Test func aSnapshotGoesOnWithTheSameBits() throws {
  let text = """
    enum Regime { case calm, wild }
    model regimes(y: [[Real]], dt: [Real], start: Real = 1) {
      var regime = Regime.calm
      var x ~ IID(Normal(0, 1), 2)
      var last = [0.0, 0.0]
      for (t, v) in y.enumerated() {
        if t > 0 { jump ~ Bernoulli(0.1)
          if jump { regime = if regime == Regime.calm { Regime.wild } else { Regime.calm } } }
        let sd = if regime == Regime.calm { 0.5 } else { 2.0 }
        x ~ IID(Normal(x[0] * 0.5 + last[0] * 0.1, sd * dt[t]), 2)
        observe v[0] ~ Normal(x[0], 1)
        observe v[1] ~ Normal(x[1], 1)
        last = v
      }
    }
    """
  struct Record: Encodable, Sendable {
    let y: [Double]
    let dt: Double
  }
  let records = (0..<300).map { t in
    Record(y: [sin(Double(t)), cos(Double(t) * 0.7)], dt: 1 + 0.1 * Double(t % 3))
  }
  let model = try Program(source: text).model()
  let method = Method.smc(particles: 100)
  let through = try model.filter(method, seed: 9)
  var expected: [String] = []
  for record in records { expected.append(try through.step(record).json) }
  for cut in [1, 77, 150] {
    let first = try model.filter(method, seed: 9)
    for record in records.prefix(cut) { _ = try first.step(record) }
    let second = try model.filter(restoring: try first.snapshot(), method, seed: 9)
    #expect(second.recordCount == cut)
    let rest = try records.dropFirst(cut).map { try second.step($0).json }
    #expect(rest == Array(expected.dropFirst(cut)))
  }
}

@Test func snapshotsOfOthersAreRefused() throws {
  let model = try Program(source: walk).model()
  let filter = try model.filter(.smc(particles: 100), seed: 9)
  _ = try filter.step(["y": 1.0])
  let bytes = try filter.snapshot()
  #expect(
    problems { _ = try model.filter(restoring: bytes, .smc(particles: 100), seed: 8) }
      == ["E0433 the checkpoint 'snapshot' is of a run with another seed: found 9, expected 8"])
  #expect(
    problems {
      _ = try model.filter(restoring: Array(bytes.dropLast(8)), .smc(particles: 100), seed: 9)
    }
      == ["E0432 the checkpoint 'snapshot' is damaged or cut short"])
  #expect(
    problems { _ = try model.filter(restoring: [1, 2, 3]) } == [
      "E0432 'snapshot' is no checkpoint"
    ])
}

@Test func recordsThatDoNotFitChangeNothing() throws {
  let model = try Program(source: walk).model()
  let (clean, other) = (try model.filter(seed: 3), try model.filter(seed: 3))
  let bad: [String] = [
    "{\"y\": \"high\"}", "{\"y\": 1, \"z\": 2}", "[1]", "{\"y\": 1", "{\"y\": 1e999}",
  ]
  for (index, y) in walkData.prefix(20).enumerated() {
    let expected = try clean.step(["y": y]).json
    #expect(problems { _ = try other.step(json: bad[index % bad.count]) }.count == 1)
    #expect(try other.step(["y": y]).json == expected)
  }
  #expect(
    problems { _ = try other.step(json: "{\"y\": 1, \"z\": 2}") }
      == ["E0411 no array that grows is called 'z'"])
}

@Test func oneArrayTakesItsElements() throws {
  let text = """
    model arrivals(obs: [{time: Real, n: Int}], start: Real = 0) {
      rate ~ Gamma(shape: 1, rate: 1)
      var last = start
      for o in obs {
        observe o.n ~ Poisson(rate * (o.time - last))
        last = o.time
      }
    }
    """
  struct Arrival: Encodable, Sendable {
    let time: Double
    let n: Int
  }
  let filter = try Program(source: text).model().filter(.smc(particles: 500))
  _ = try filter.step(Arrival(time: 1, n: 2))
  let state = try filter.step(json: "{\"obs\": {\"time\": 2.5, \"n\": 4}}")
  // Gamma(7, 3.5): the rate is 2 on average.
  #expect(abs(state["rate"].mean - 2) < 0.3)
  #expect(state.forecast("obs.n")?.value == 4)
}

@Test func modelsThatNeedSeveralRecordsWaitForThem() throws {
  let text = """
    model lagged(y: [Real]) {
      a ~ Uniform(-1, 1)
      for t in 2..<y.count { observe y[t] ~ Normal(a * y[t - 2], 1) }
    }
    """
  let filter = try Program(source: text).model().filter(.smc(particles: 200))
  #expect(try filter.step(json: "0.5").isStarted == false)
  #expect(try filter.step(json: "0.1").isStarted == true)
  for t in 0..<500 {
    let state = try filter.step(json: "\(t % 4 < 2 ? 1 : -1)")
    #expect(state.names == ["a"])
  }
}

/// Each model, and the line that stands against it.
@Test(arguments: [
  (
    "model m(y: [Real]) {\n  mu ~ Normal(0, 1)\n  observe y ~ IID(Normal(mu, 1), y.count)\n}",
    "has no loop over 'y'", 1
  ),
  (
    "model m(y: [Real]) {\n  mu ~ Normal(mean(y), 1)\n  for v in y { observe v ~ Normal(mu, 1) }\n}",
    "'y' is used here as a whole", 2
  ),
  (
    "model m(y: [Real]) {\n  s ~ Normal(0, 1)\n  for t in 0..<y.count {\n"
      + "    observe y[t] ~ Normal(s / Real(y.count), 1)\n  }\n}",
    "depends on how many elements", 4
  ),
  (
    "model m(y: [Real]) {\n  s ~ Normal(0, 1)\n  for t in 0..<y.count - 1 {\n"
      + "    observe y[t] ~ Normal(s, 1)\n  }\n}",
    "has no loop over 'y'", 1
  ),
  (
    "model m(y: [Real]) {\n  var s = 0.0\n  for v in y { s = s + v }\n  mu ~ Normal(s, 1)\n"
      + "  for v in y { observe v ~ Normal(mu, 1) }\n}",
    "goes over all of 'y' before an observation", 3
  ),
  (
    "model m(y: [Real]) {\n  mu ~ Normal(0, 1)\n  for v in y { observe v ~ Normal(mu, 1) }\n"
      + "  for v in y { observe v ~ Normal(mu, 2) }\n}",
    "this observation follows the loop", 4
  ),
  (
    "model m(y: [Real]) {\n  mu ~ Normal(0, 1)\n  for t in 0..<y.count {\n"
      + "    observe y[t + 1] ~ Normal(mu, 1)\n  }\n}",
    "has yet to arrive", 4
  ),
  ("model m(p: Real) {\n  observe p ~ Normal(0, 1)\n}", "has no parameter that is an array", 1),
])
func modelsWithoutALoopOverTheirDataAreRefused(text: String, message: String, line: Int) throws {
  let program = try Program(source: text, name: "m.ppl")
  var model = try program.model()
  if text.contains("p: Real") { model = try model.given(["p": 1]) }
  do {
    _ = try model.filter()
    Issue.record("nothing was refused")
  } catch {
    let first = try #require(error.list.first)
    #expect(first.code == "E0580")
    #expect(first.message.contains(message), "\(first.message)")
    #expect(program.text(of: first).contains("m.ppl:\(line):"), "\(program.text(of: first))")
  }
}

@Test func otherMethodsAreRefused() throws {
  let model = try Program(source: walk).model()
  for method in [Method.mh(), .smc(groups: 4), .smc(rejuvenating: .singleSite())] {
    #expect(problems { _ = try model.filter(method) }.first?.hasPrefix("E0581") == true)
  }
}

@Test func aRecordThatTheModelExcludesEndsTheFilter() throws {
  let text = """
    model m(y: [Real]) {
      s ~ Uniform(0, 1)
      for v in y { observe v ~ Uniform(0, s + 1) }
    }
    """
  let filter = try Program(source: text).model().filter()
  _ = try filter.step(json: "0.5")
  #expect(problems { _ = try filter.step(json: "7") }.first?.hasPrefix("E0502") == true)
  #expect(problems { _ = try filter.step(json: "0.5") }.first?.hasPrefix("E0502") == true)
  #expect(problems { _ = try filter.snapshot() }.first?.hasPrefix("E0583") == true)
}

@Test func aSequenceOfRecordsGivesASequenceOfStates() async throws {
  let model = try Program(source: walk).model()
  let filter = try model.filter(seed: 3)
  let expected = try walkData.map { try filter.step(["y": $0]).json }
  let records = AsyncStream<[String: Double?]> { continuation in
    for y in walkData { continuation.yield(["y": y]) }
    continuation.finish()
  }
  var found: [String] = []
  for try await state in model.filter(particles: 1_000, records, seed: 3) {
    found.append(state.json)
  }
  #expect(found == expected)
}

@Test func recordsThatDoNotFitAreSkippedOrStopTheSequence() async throws {
  let model = try Program(source: walk).model()
  let records = AsyncStream<[String: Double]> { continuation in
    for name in ["y", "x", "y"] { continuation.yield([name: 1]) }
    continuation.finish()
  }
  actor Seen {
    var numbers: [Int] = []
    func add(_ number: Int) { numbers.append(number) }
  }
  let (skipped, report) = AsyncStream<Int>.makeStream()
  var count = 0
  for try await _ in model.filter(records, skipping: { number, _ in report.yield(number) }) {
    count += 1
  }
  report.finish()
  #expect(count == 2)
  var numbers: [Int] = []
  for await number in skipped { numbers.append(number) }
  #expect(numbers == [1])
  let again = AsyncStream<[String: Double]> { continuation in
    continuation.yield(["x": 1])
    continuation.finish()
  }
  await #expect(throws: Diagnostics.self) {
    for try await _ in model.filter(again) {}
  }
}
