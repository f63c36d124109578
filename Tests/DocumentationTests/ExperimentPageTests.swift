import BorelTestSupport
import Foundation
import Testing

/// The figures in `docs/experiments/ppg.md` bear out what the page claims. The command that writes
/// them takes minutes; `ParticleBiasTests` runs a part of it at moderate size.
@Suite struct ExperimentPageTests {
  /// The rows of a table between two comments, cells by column name.
  private func rows(_ mark: String) throws -> [[String: String]] {
    let text = try page()
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

  /// At equal cost conditional sweeps buy less bias with a larger standard deviation, so that the
  /// smoothed tally itself has the larger error; tracing paths has the largest bias.
  @Test func conditionalSweepsBuyBiasWithVariance() throws {
    let rows = try rows("table")
    for paris in rows where paris["method"] == "PaRIS" {
      let own = rows.filter { $0["method"] == "PPG" && budget($0) == budget(paris) }
      #expect(own.count >= 2)
      for row in own {
        for column in ["sd", "rmse"] {
          let found = try #require(row[column].flatMap { Double($0) })
          let other = try #require(paris[column].flatMap { Double($0) })
          #expect(found > other, "\(row)")
        }
      }
    }
    let traced = try estimate(rows.first { $0["method"] == "particle Gibbs" }?["bias"])
    for row in rows where row["method"] != "particle Gibbs" {
      #expect(try abs(estimate(row["bias"]).value) < abs(traced.value) - 4 * traced.error)
    }
  }

  // MARK: Exact values

  private struct Series: Decodable { var y: [Double] }

  private func series() throws -> [Double] {
    let file = BorelExecutable.root.appendingPathComponent("docs/experiments/ppg.json")
    return try JSONDecoder().decode(Series.self, from: Data(contentsOf: file)).y
  }

  private func page() throws -> String {
    try String(
      contentsOf: BorelExecutable.root.appendingPathComponent("docs/experiments/ppg.md"),
      encoding: .utf8)
  }

  /// x_t = a x_{t-1} + q noise, y_t = 0.54 x_t + 0.33 noise: filtered means and variances, and the
  /// log-likelihood.
  private func kalman(
    _ a: Double, _ q: Double, _ data: [Double]
  ) -> (means: [Double], variances: [Double], logEvidence: Double) {
    let (b, r) = (0.54, 0.33)
    var (mean, variance, total) = (0.0, q * q / (1 - a * a), 0.0)
    var (means, variances) = ([Double](), [Double]())
    for (t, y) in data.enumerated() {
      if t > 0 { (mean, variance) = (a * mean, a * a * variance + q * q) }
      let s = b * b * variance + r * r
      total -= 0.5 * (log(2 * .pi * s) + (y - b * mean) * (y - b * mean) / s)
      let gain = variance * b / s
      mean += gain * (y - b * mean)
      variance *= 1 - gain * b
      means.append(mean)
      variances.append(variance)
    }
    return (means, variances, total)
  }

  /// The sum of products by the smoother of Rauch, Tung and Striebel, with the covariance of
  /// neighbours that it gives.
  @Test func theExactTallyIsThatOfTheKalmanSmoother() throws {
    let data = try series()
    let filter = kalman(0.97, 0.6, data)
    guard var mean = filter.means.last, var variance = filter.variances.last else { return }
    var sum = 0.0
    for t in stride(from: data.count - 2, through: 0, by: -1) {
      let predicted = 0.97 * 0.97 * filter.variances[t] + 0.36
      let gain = filter.variances[t] * 0.97 / predicted
      let smoothed = filter.means[t] + gain * (mean - 0.97 * filter.means[t])
      sum += gain * variance + mean * smoothed
      variance = filter.variances[t] + gain * gain * (variance - predicted)
      mean = smoothed
    }
    let text = String(format: "%.4f", sum)
    #expect(try page().contains("its exact posterior expectation is \(text)"), "\(text)")
  }

  /// No point a unit of the last digit away has a higher likelihood.
  @Test func theExactMaximumIsThatOfTheKalmanFilter() throws {
    let (a, q, data) = (0.94342, 0.51203, try series())
    #expect(try page().contains("a = \(a), q = \(q) (Kalman filter)"))
    let top = kalman(a, q, data).logEvidence
    for (da, dq) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1), (1, -1), (-1, 1)] {
      let other = kalman(a + Double(da) * 1e-5, q + Double(dq) * 1e-5, data).logEvidence
      #expect(other < top, "\(da) \(dq)")
    }
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
