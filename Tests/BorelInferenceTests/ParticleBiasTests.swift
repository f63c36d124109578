import BorelBase
import BorelInference
import Testing

/// What `docs/experiments/ppg.md` claims of the bias of smoothed tallies, at moderate size: the
/// first 20 observations of its series. Bounds are in standard errors of independent replicates.
@Suite struct ParticleBiasTests {
  private static let source = """
    model linear() {
      var x ~ Normal(0, 0.6 / sqrt(1 - 0.97 * 0.97))
      for (t, v) in [
        0.173366, 0.542613, 0.231759, 0.084871, -0.441608, 0.007095, 0.542471, 0.319119, -0.70309,
        0.726778, 0.421563, 1.155289, 0.422213, 0.114452, -0.068967, 1.100502, 1.426045, 0.240352,
        0.50455, 0.611298
      ].enumerated() {
        let last = x
        if t > 0 { x ~ Normal(0.97 * last, 0.6) }
        observe v ~ Normal(0.54 * x, 0.33)
        if t > 0 { tally products += x * last }
      }
      return x
    }
    """
  /// By conditioning of the joint normal law, numpy, double precision.
  private static let exact = 13.40709681238818

  private func bias(_ options: String) throws -> (value: Double, error: Double) {
    let posterior = try infer(
      Self.source, "ppg(\(options), resampler: multinomial, threshold: 1)")
    let tally = try #require(posterior.tallies.first)
    return (tally.value - Self.exact, try #require(tally.standardError))
  }

  /// One unconditional sweep is PaRIS, whose self-normalised weights are biased; the bias is 17
  /// standard errors here, and less than 4 with probability below 1e-30.
  @Test func parisIsBiased() throws {
    let (value, error) = try bias("particles: 20, sweeps: 1, burnIn: 0, groups: 4000")
    #expect(value < -4 * error, "\(value) ± \(error)")
  }

  /// After 15 sweeps the path has its exact law to within a small part of the error, and a sweep
  /// that starts there is unbiased with any number of particles. Beyond 4 standard errors with
  /// probability 6e-5.
  @Test func aSweepThatStartsFromAnExactPathIsUnbiased() throws {
    let (value, error) = try bias("particles: 10, sweeps: 16, burnIn: 15, groups: 4000")
    #expect(abs(value) < 4 * error, "\(value) ± \(error)")
    #expect(error < 0.06)
  }
}
