import BorelInference
import Testing

/// Resample-move: the kernel keeps the target of each step, so that answers and evidence stay right,
/// and parameters that resampling alone would collapse get new values.
struct RejuvenationTests {
  private static let source = """
    model m() {
      mu ~ Normal(0, 10)
      for y in [2.1, 1.7, 2.5, 2.2, 1.9, 2.4, 2.0, 2.3] { observe y ~ Normal(mu, 1) }
      return mu
    }
    """

  /// Normal with known variance: precision 0.01 + 8; evidence in closed form by the chain rule.
  private static var truth: (mean: Double, logEvidence: Double) {
    let data = [2.1, 1.7, 2.5, 2.2, 1.9, 2.4, 2.0, 2.3]
    var (mean, variance, logEvidence) = (0.0, 100.0, 0.0)
    for y in data {
      let spread = variance + 1
      let log2Pi = 1.8378770664093453
      logEvidence -= 0.5 * (log2Pi + naturalLog(spread) + (y - mean) * (y - mean) / spread)
      let gain = variance / spread
      mean += gain * (y - mean)
      variance *= 1 - gain
    }
    return (mean, logEvidence)
  }

  /// log by its series in (x - 1)/(x + 1) after halving.
  private static func naturalLog(_ x: Double) -> Double {
    var (x, result) = (x, 0.0)
    while x > 1.5 {
      x /= 2
      result += 0.6931471805599453
    }
    let ratio = (x - 1) / (x + 1)
    var power = ratio
    for k in 0..<60 {
      result += 2 * power / Double(2 * k + 1)
      power *= ratio * ratio
    }
    return result
  }

  @Test func meanAndEvidenceStayRight() throws {
    let posterior = try infer(
      Self.source, "smc(particles: 500, groups: 40, rejuvenate: randomWalk(scale: 0.7))", seed: 3)
    let summary = posterior.summary(of: try #require(posterior.variable("mu")))
    let error = try #require(summary.mcse)
    #expect(abs(try #require(summary.mean) - Self.truth.mean) < 5 * error)
    let evidence = try #require(posterior.evidence)
    let evidenceError = try #require(evidence.standardError)
    #expect(abs(evidence.logValue - Self.truth.logEvidence) < 5 * evidenceError)
  }

  /// Without moves few of the 500 values survive seven resamplings.
  @Test func movesBringNewValues() throws {
    func distinct(_ method: String) throws -> Int {
      let posterior = try infer(Self.source, method, seed: 5)
      return Set(try #require(posterior.variable("mu")).values).count
    }
    let still = try distinct("smc(particles: 500, threshold: 1)")
    let moved = try distinct(
      "smc(particles: 500, threshold: 1, rejuvenate: randomWalk(scale: 0.7))")
    #expect(still < 100)
    #expect(moved > 200)
  }

  /// Reports of earlier steps are those of the moved traces.
  @Test func reportsFollowTheMoves() throws {
    let posterior = try infer(
      """
      model walk() {
        var x ~ Normal(0, 1)
        for (t, y) in [1.0, 2.0, 1.5].enumerated() {
          let last = x
          if t > 0 { x ~ Normal(last, 1) }
          observe y ~ Normal(x, 1)
        }
        return x
      }
      """, "smc(particles: 400, groups: 50, threshold: 1, rejuvenate: singleSite(steps: 2))",
      seed: 7)
    // Kalman smoothing of the three states.
    for (name, truth) in [("x[0]", 21.0 / 26), ("x[2]", 19.0 / 13)] {
      let summary = posterior.summary(of: try #require(posterior.variable(name)))
      let error = try #require(summary.mcse)
      #expect(abs(try #require(summary.mean) - truth) < 5 * error, "\(name)")
    }
    let last = try #require(posterior.variable("x[2]"))
    #expect(last.values == posterior.variable("result")?.values)
  }
}
