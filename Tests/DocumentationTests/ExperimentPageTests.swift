import BorelTestSupport
import Foundation
import Testing

/// The figures in `docs/experiments/ppg.md` bear out what the page claims. The command that writes
/// them takes minutes; `ParticleBiasTests` runs a part of it at moderate size.
@Suite struct ExperimentPageTests {
  /// The rows of a table between two comments, cells by column name.
  private func rows(_ mark: String) throws -> [[String: String]] {
    let page = BorelExecutable.root.appendingPathComponent("docs/experiments/ppg.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let begin = try #require(text.range(of: "<!-- \(mark) begins -->"))
    let end = try #require(text.range(of: "<!-- \(mark) ends -->"))
    let lines = text[begin.upperBound..<end.lowerBound].split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let names = try #require(lines.first)
    return lines.dropFirst(2).map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }

  /// `value ± error`.
  private func estimate(_ cell: String?) throws -> (value: Double, error: Double) {
    let parts = try #require(cell).components(separatedBy: " ± ").compactMap { Double($0) }
    try #require(parts.count == 2)
    return (parts[0], parts[1])
  }

  private func budget(_ row: [String: String]) -> Int? {
    guard let n = row["N"].flatMap({ Int($0) }), let k = row["k"].flatMap({ Int($0) }) else {
      return nil
    }
    return n * k
  }

  /// At a budget of 100 with at least 3,000 replicates: PaRIS is biased by more than 4 standard
  /// errors, and Parisian particle Gibbs by less than half of that, one-sided p below 1e-3.
  @Test func conditionalSweepsHalveTheBias() throws {
    let rows = try rows("table").filter { budget($0) == 100 }
    let paris = try estimate(try #require(rows.first { $0["method"] == "PaRIS" })["bias"])
    #expect(abs(paris.value) > 4 * paris.error)
    let scores = try rows.filter { $0["method"] == "PPG" }.map { row in
      #expect((row["replicates"].flatMap { Int($0) } ?? 0) >= 3000)
      let own = try estimate(row["bias"])
      let error = (own.error * own.error + paris.error * paris.error / 4).squareRoot()
      return (abs(paris.value) / 2 - abs(own.value)) / error
    }
    #expect((scores.max() ?? 0) > 3.09)
  }

  @Test func conditionalSweepsLearnTheMaximumBetter() throws {
    let rows = try rows("learning")
    let paris = try #require(rows.first { $0["method"] == "PaRIS" })
    let distance = try estimate(paris["distance to the maximum"]).value
    for row in rows where row["method"] == "PPG" {
      #expect(budget(row) == budget(paris))
      #expect((row["runs"].flatMap { Int($0) } ?? 0) >= 40)
      #expect(try estimate(row["distance to the maximum"]).value < 0.7 * distance)
      #expect(try #require(row["p"].flatMap { Double($0) }) < 0.01)
    }
  }
}
