import BorelTestSupport
import Foundation
import Testing

/// Models that are wrong in one line, marked by `// here`: the diagnostic or the blame report names
/// that line.
@Suite struct BlameTests {
  struct BrokenModel: Sendable, CustomStringConvertible {
    var description: String
    var source: String
    var data = "{}"
    var method = "smc(particles: 200)"
    /// What the report has to say besides the line.
    var words: [String]
    /// Whether the run fails, so that the error names the line.
    var fails = false

    /// The 1-based line with the mark.
    var line: Int {
      let lines = source.components(separatedBy: "\n")
      return (lines.firstIndex { $0.contains("// here") } ?? -1) + 1
    }
  }

  static let models = [
    BrokenModel(
      description: "a datum outside the support",
      source: """
        model m(n: [Int]) {
          rate ~ Gamma(shape: 2, rate: 1)
          for k in n {
            observe k ~ Poisson(rate)  // here
          }
        }
        """, data: #"{"n": [1, 2, -1, 3]}"#, words: ["E0502", "impossible", "-1"], fails: true),
    BrokenModel(
      description: "a condition that never holds",
      source: """
        model m() {
          x ~ Normal(0, 1)
          observe 1 ~ Normal(x, 1)
          require x > 50  // here
        }
        """, words: ["E0502", "this condition fails"], fails: true),
    BrokenModel(
      description: "a scale that can be negative",
      source: """
        model m() {
          s ~ Normal(0, 1)
          x ~ Normal(0, s)  // here
          observe 1 ~ Normal(x, 1)
        }
        """, words: ["sd", "must be positive"], fails: true),
    BrokenModel(
      description: "an index beyond the array",
      source: """
        model m(y: [Real]) {
          k ~ Poisson(3)
          let v = y[k]  // here
          observe v ~ Normal(0, 1)
        }
        """, data: #"{"y": [1, 2, 3]}"#, words: ["E0302", "out of range"], fails: true),
    BrokenModel(
      description: "the logarithm of a negative number",
      source: """
        model m() {
          x ~ Normal(0, 1)
          factor log(x)  // here
        }
        """, words: ["NaN"], fails: true),
    BrokenModel(
      description: "a division by zero",
      source: """
        model m() {
          k ~ DiscreteUniform(0, 3)
          let j = quotient(10, k)  // here
          observe 3 ~ Normal(j, 1)
        }
        """, words: ["division", "zero"], fails: true),
    BrokenModel(
      description: "a recursion without end",
      source: """
        func deep(n: Int) -> Int {
          1 + deep(n + 1)  // here
        }
        model m() {
          k ~ Poisson(1)
          let d = deep(k)
          observe d ~ Poisson(3)
        }
        """, words: ["E0601", "recursion"], fails: true),
    BrokenModel(
      description: "an outlier among the data",
      source: """
        model m(y: [Real]) {
          mu ~ Normal(0, 1)
          for v in y {
            observe v ~ Normal(mu, 1)  // here
          }
        }
        """, data: #"{"y": [0.1, 0.2, -0.1, 9, 0.3]}"#, words: ["fit worst: y[3] = 9"]),
    BrokenModel(
      description: "a scale that is far too small",
      source: """
        model m(y: [Real], z: [Real]) {
          mu ~ Normal(0, 10)
          for v in y { observe v ~ Normal(mu, 20) }
          for v in z {
            observe v ~ Normal(mu, 0.001)  // here
          }
        }
        """, data: #"{"y": [1, 2, 3], "z": [2.5, 2.5]}"#,
      words: ["largest fall of the effective sample size at z[0] = 2.5"]),
    BrokenModel(
      description: "a condition that stops most executions",
      source: """
        model m(y: [Real]) {
          mu ~ Normal(0, 1)
          for v in y { observe v ~ Normal(mu, 5) }
          require mu > 1.5  // here
        }
        """, data: #"{"y": [0, 0.5]}"#, words: ["require"]),
    BrokenModel(
      description: "a prior that contradicts the data, with few observations",
      source: """
        model m() {
          mu ~ Normal(100, 1)
          observe 90 ~ Normal(mu, 10)
          observe 0 ~ Normal(mu, 3)  // here
        }
        """, method: "importance(particles: 500)", words: ["observe"]),
    BrokenModel(
      description: "data that do not fit their type",
      source: """
        model m(n: [Int]) {
          p ~ Beta(1, 1)
          for k in n {
            observe k ~ Binomial(3, p)  // here
          }
        }
        """, data: #"{"n": [1, 2, 5]}"#, words: ["E0502", "'Binomial' is 5"], fails: true),
  ]

  @Test(arguments: models)
  func theReportNamesTheLine(_ model: BrokenModel) throws {
    let place = try Workplace(["m.ppl": model.source, "d.json": model.data])
    let run = try BorelExecutable.run(
      ["run", "m.ppl", "-d", "d.json", "-m", model.method, "--blame", "-o", "fit.json"],
      in: place.folder)
    var report = run.output + run.errors
    if model.fails {
      #expect(run.status == 1 || run.status == 5, "\(report)")
      #expect(report.contains("m.ppl:\(model.line):"), "\(report)")
    } else {
      #expect(run.status == 0, "\(report)")
      #expect(report.contains("m.ppl:\(model.line) "), "\(report)")
      // The same from the file that was kept.
      report = try BorelExecutable.run(["diagnose", "fit.json"], in: place.folder).output
      #expect(report.contains("m.ppl:\(model.line) "), "\(report)")
    }
    for words in model.words { #expect(report.contains(words), "\(words) in\n\(report)") }
  }

  @Test func theWorstLineHasTheSmallestShare() throws {
    let model = Self.models[10]
    let place = try Workplace(["m.ppl": model.source])
    let run = try place.run(
      "run", "m.ppl", "-m", model.method, "--blame", "--json")
    let json = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let shares = try #require(json?["observations"] as? [[String: Any]])
    let worst = shares.min {
      ($0["logEvidence"] as? Double ?? 0) < ($1["logEvidence"] as? Double ?? 0)
    }
    #expect(worst?["line"] as? Int == model.line)
    // Shares add up to the evidence.
    let sum = shares.reduce(0) { $0 + ($1["logEvidence"] as? Double ?? .nan) }
    let evidence = (json?["logEvidence"] as? [String: Any])?["value"] as? Double
    #expect(abs(sum - (try #require(evidence))) < 1e-9)
  }

  @Test func thereAreTwelve() { #expect(Self.models.count == 12) }
}
