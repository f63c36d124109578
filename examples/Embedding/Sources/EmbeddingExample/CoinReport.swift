import Borel

/// What is known about the bias of a coin after some flips, as a sentence.
///
/// - Throws: `Diagnostics` when the program or the data are wrong.
public func coinReport(flips: [Bool]) async throws -> String {
  let program = try Program(
    source: """
      model coin(flips: [Bool]) {
        bias ~ Beta(1, 1)
        for flip in flips { observe flip ~ Bernoulli(bias) }
        return bias
      }
      """, name: "coin.ppl")
  let fit = try await program.model("coin").given(["flips": flips])
    .infer(.importance(particles: 20_000), seed: 1)
  let bias = fit["bias"]
  return """
    the bias is \(rounded(bias.mean)) ± \(rounded(bias.standardDeviation)), \
    log evidence \(rounded(fit.logEvidence.value))
    """
}

/// Two digits after the point.
private func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
