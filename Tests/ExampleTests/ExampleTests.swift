import BorelTestSupport
import Foundation
import Testing

/// Every example runs by the command in its header and finds what the header says.
///
/// Bounds are 5 standard errors of the run where the answer is random and the seed is fixed.
struct ExampleTests {
  /// What the JSON result has to say.
  struct Expectation: Sendable, CustomStringConvertible {
    var example: String
    /// `logEvidence`, or the mean of a variable.
    var quantity: String
    var value: Double
    /// Allowed beside five standard errors of the run.
    var slack: Double
    var description: String { "\(example) \(quantity)" }
  }

  static let expectations = [
    Expectation(example: "nile", quantity: "logEvidence", value: -639.2566, slack: 0),
    Expectation(example: "nile", quantity: "level[28]", value: 950.93, slack: 10),
    Expectation(example: "nile_diffuse", quantity: "logEvidence", value: -636.6341, slack: 0),
    Expectation(example: "coin", quantity: "p", value: 2.0 / 3, slack: 0),
    Expectation(example: "coin", quantity: "logEvidence", value: -5.1240, slack: 0),
    Expectation(example: "eight_schools", quantity: "theta[0]", value: 6.15, slack: 0.05),
    Expectation(example: "eight_schools", quantity: "tau", value: 3.6, slack: 0.05),
    Expectation(example: "coal", quantity: "early", value: 3.1, slack: 0.1),
    Expectation(example: "coal", quantity: "change", value: 40, slack: 1.5),
    Expectation(example: "galaxies", quantity: "result", value: 8, slack: 4),
    Expectation(example: "volatility", quantity: "logEvidence", value: -269.872, slack: 0.3),
    Expectation(example: "volatility", quantity: "h[249]", value: -0.929, slack: 0.02),
    Expectation(example: "earthquakes", quantity: "logEvidence", value: -342.3470985, slack: 1e-6),
    Expectation(example: "earthquakes", quantity: "active[57]", value: 0.9321631446, slack: 1e-9),
    Expectation(example: "birth_death", quantity: "logEvidence", value: -3.2701, slack: 0.001),
    Expectation(example: "scalar_implicature", quantity: "passed", value: 5.0 / 3, slack: 1e-12),
  ]

  private static let folder = BorelExecutable.root.appendingPathComponent("examples")

  /// The command in the header of an example.
  private func command(_ name: String) throws -> String {
    let url = Self.folder.appendingPathComponent("\(name).ppl")
    let text = try String(contentsOf: url, encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.contains("borel run") }
    return try #require(line).trimmingCharacters(in: CharacterSet(charactersIn: "/ "))
  }

  @Test func everyExampleHasAnExpectation() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let names = Set(files.filter { $0.hasSuffix(".ppl") }.map { String($0.dropLast(4)) })
    #expect(names == Set(Self.expectations.map(\.example)).union(["dice"]))
  }

  /// The only script among the examples: it prints what it found.
  @Test func theScriptPrintsExactProbabilities() throws {
    let outcome = try BorelExecutable.run(shell: try command("dice"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("-2.197"), "\(outcome.output)")
  }

  /// Within 2 % and 5 % of the maximum by the Kalman filter, and standard errors within 25 %.
  @Test func theVariancesOfTheNileAreLearned() throws {
    let outcome = try BorelExecutable.run(
      shell: "borel learn examples/nile_diffuse.ppl -d examples/data/nile.json --json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let learned = try #require((json as? [String: Any])?["learn"] as? [String: Any])
    let parameters = try #require(learned["parameters"] as? [String: [String: Any]])
    for (name, value, slack, error) in [
      ("sdFlow", 122.876, 0.02, 12.80), ("sdLevel", 38.330, 0.05, 16.70),
    ] {
      let found = try #require(parameters[name]?["value"] as? Double)
      let foundError = try #require(parameters[name]?["standardError"] as? Double)
      #expect(abs(found / value - 1) < slack, "\(name): \(found)")
      #expect(abs(foundError / error - 1) < 0.25, "\(name): \(foundError)")
    }
  }

  @Test(arguments: expectations)
  func exampleFindsWhatItsHeaderSays(_ expectation: Expectation) throws {
    let outcome = try BorelExecutable.run(
      shell: try command(expectation.example) + " --json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    let result = try #require(json as? [String: Any])
    let found: Double?
    let error: Double?
    if expectation.quantity == "logEvidence" {
      let evidence = result["logEvidence"] as? [String: Any]
      found = evidence?["value"] as? Double
      error = evidence?["standardError"] as? Double
    } else {
      let variables = result["variables"] as? [String: Any]
      let variable = variables?[expectation.quantity] as? [String: Any]
      found = variable?["mean"] as? Double
      error = variable?["mcse"] as? Double
    }
    let value = try #require(found)
    #expect(
      abs(value - expectation.value) <= 5 * (error ?? 0) + expectation.slack + 1e-12,
      "\(expectation): found \(value), expected \(expectation.value)")
  }
}
