import BorelTestSupport
import Foundation
import Testing

/// Plain loops without annotation under every method that follows whole paths, and the programs
/// that all but plain `pg` refuse. Bounds are 5 standard errors: 6e-7 each, if seeds were drawn.
struct ParticleMethodCommandTests {
  private static let methods = [
    "pg(particles: 30, draws: 800, burnIn: 50)", "pgas(particles: 15, draws: 800, burnIn: 50)",
    "paris(particles: 400)", "ppg(particles: 20, sweeps: 60, burnIn: 10)",
  ]

  private static let data = [1.2, 0.1, -1.3, 0.9, nil, 4.7, 3.1, 5.4, 2.8] as [Double?]

  private static let json: String = {
    let list = data.map { $0.map { "\($0)" } ?? "null" }
    return "{\"y\": [\(list.joined(separator: ", "))]}"
  }()

  private static let level = """
    model level(y: [Real?], param q: Real in 0<.. = 0.7) {
      var x ~ Normal(0, 2)
      for v in y {
        x ~ Normal(x, q)
        observe v ~ Normal(x, 0.9)
      }
      return x
    }
    """

  /// Mean of the last state and log-likelihood by the Kalman filter.
  private static func kalman(_ q: Double) -> (mean: Double, logEvidence: Double) {
    var (mean, variance, total) = (0.0, 4.0, 0.0)
    for y in data {
      variance += q * q
      guard let y else { continue }
      let s = variance + 0.81
      total -= 0.5 * (log(s) + (y - mean) * (y - mean) / s)
      let gain = variance / s
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return (mean, total)
  }

  private func mean(_ text: String, of name: String) throws -> (value: Double, error: Double) {
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let variables = try #require(json["variables"] as? [String: [String: Any]])
    let variable = try #require(variables[name])
    return (
      try #require(variable["mean"] as? Double), variable["mcse"] as? Double ?? .infinity
    )
  }

  @Test(arguments: methods)
  func aPlainLoopRuns(method: String) throws {
    let place = try Workplace(["m.ppl": Self.level, "d.json": Self.json])
    let outcome = try place.run("run", "m.ppl", "-d", "d.json", "-m", method, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let (value, error) = try mean(outcome.output, of: "result")
    let exact = Self.kalman(0.7).mean
    #expect(abs(value - exact) < 5 * error, "\(value) ± \(error), expected \(exact)")
    #expect(error < 0.1)
  }

  @Test(arguments: [
    "paris(particles: 100)", "ppg(particles: 20, sweeps: 4, burnIn: 1, groups: 8)", "auto",
  ])
  func aPlainLoopLearns(method: String) throws {
    let place = try Workplace(["m.ppl": Self.level, "d.json": Self.json])
    let outcome = try place.run("learn", "m.ppl", "-d", "d.json", "-m", method, "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let learned = try #require(json["learn"] as? [String: Any])
    let parameters = try #require(learned["parameters"] as? [String: [String: Any]])
    let found = try #require(parameters["q"])
    let value = try #require(found["value"] as? Double)
    let error = try #require(found["monteCarloError"] as? Double)
    let exact = try #require(
      (1...3000).map { Double($0) / 1000 }
        .max { Self.kalman($0).logEvidence < Self.kalman($1).logEvidence })
    // The bias of the smoothed scores moves the maximum by less than 0.02.
    #expect(abs(value - exact) < 5 * error + 0.02, "\(value) ± \(error), expected \(exact)")
  }

  /// A regime with a duration, two redraws in a step and missing data.
  private static let regime = """
    model regime(y: [Real?], param s: Real in 0<.. = 0.6) {
      var busy = false
      var age = 0
      var load = 0
      for v in y {
        let stays = sample Bernoulli(if age > 1 { 0.4 } else { 0.8 })
        age = if stays { min(age + 1, 2) } else { 0 }
        busy ~ Bernoulli(if busy { 0.7 } else { 0.4 })
        load ~ Binomial(2, if busy { 0.7 } else { 0.2 })
        observe v ~ Normal(load + 0.3 * age, s)
      }
      return load
    }
    """

  @Test func stepsWithSeveralStatesAreAcceptedByAll() throws {
    let place = try Workplace([
      "m.ppl": Self.regime, "d.json": #"{"y": [0.4, null, 1.2, 1.7]}"#,
    ])
    let exact = try place.run("run", "m.ppl", "-d", "d.json", "-m", "enumerate", "--json")
    let expected = try mean(exact.output, of: "result").value
    for method in Self.methods {
      let outcome = try place.run("run", "m.ppl", "-d", "d.json", "-m", method, "--json")
      #expect(outcome.status == 0, "\(method): \(outcome.errors)")
      let (value, error) = try mean(outcome.output, of: "result")
      #expect(abs(value - expected) < 5 * error, "\(method): \(value) ± \(error)")
    }
    for method in ["paris(particles: 20)", "ppg(particles: 5, sweeps: 3, burnIn: 1)"] {
      let outcome = try place.run(
        "learn", "m.ppl", "-d", "d.json", "-m", method, "--steps", "5", "-q")
      #expect(outcome.status == 0, "\(method): \(outcome.errors)")
    }
  }

  // MARK: Refusals

  struct Refusal: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var source: String
    var variable: String
    var line: Int
  }

  static let refusals = [
    Refusal(
      testDescription: "second lag",
      source: """
        model m(param s: Real in 0<.. = 1) {
          var x = 0.0
          var lag = 0.0
          for v in [0.1, 0.5, 0.2] {
            let next = sample Normal(0.5 * x + 0.3 * lag, s)
            lag = x
            x = next
            observe v ~ Normal(x, 1)
          }
          return x
        }
        """, variable: "'lag'", line: 4),
    Refusal(
      testDescription: "noise added",
      source: """
        model m(param s: Real in 0<.. = 1) {
          var level = 0.0
          for v in [0.1, 0.5, 0.2] {
            let eps = sample Normal(0, 1)
            level = level + s * eps
            observe v ~ Normal(level, 1)
          }
          return level
        }
        """, variable: "'level'", line: 5),
    Refusal(
      testDescription: "mixture with memoised centres",
      source: """
        model m(param s: Real in 0<.. = 1) {
          let center = mem { (k: Int) in sample Normal(0, 10) }
          var tables = [] as [Int]
          for v in [0.1, 0.5, 0.2] {
            let k = sample CRP(tables, 1)
            tables = seat(tables, k)
            observe v ~ Normal(center(k), s)
          }
          return count(tables)
        }
        """, variable: "'tables'", line: 6),
  ]

  @Test(arguments: refusals)
  func statesThatDoNotFollowFromTheirStepAreRefused(refusal: Refusal) throws {
    let place = try Workplace(["m.ppl": refusal.source])
    let runs = ["pgas", "pg(backward: true)", "paris", "ppg", "ffbsi"].map { ("run", $0) }
    for (command, method) in runs + [("learn", "paris"), ("learn", "ppg")] {
      let outcome = try place.run(command, "m.ppl", "-m", method)
      #expect(outcome.status != 0, "\(command) \(method) ran")
      #expect(outcome.errors.contains("error[E0595]"), "\(method): \(outcome.errors)")
      #expect(outcome.errors.contains("m.ppl:\(refusal.line):"), "\(method): \(outcome.errors)")
      #expect(outcome.errors.contains(refusal.variable), "\(method): \(outcome.errors)")
      #expect(outcome.errors.contains("'pg'"), "\(method): \(outcome.errors)")
    }
    let plain = try place.run(
      "run", "m.ppl", "-m", "pg(particles: 10, draws: 20, burnIn: 5, chains: 1)", "-q")
    #expect(plain.status == 0, "\(plain.errors)")
  }
}
