import BorelBase
import BorelData
import BorelInference
import BorelReport
import Testing

@Test func chainsThatAgreePassTheChecks() {
  let document = chainDocument()
  let checks = Check.all(document.posterior, document.posterior.variables)
  #expect(checks.filter { $0.name == "R-hat" }.allSatisfy { $0.isGood })
  #expect(checks.filter { $0.name.hasPrefix("ESS") }.map(\.isGood) == [true, true])
  // One latent did not move in one chain.
  #expect(checks.filter { $0.name == "moves" }.map(\.isGood) == [false])
}

@Test func chainsThatDisagreeAreNamed() throws {
  var posterior = chainDocument(shift: 1).posterior
  posterior.addChainWarnings()
  let mixing = try #require(posterior.diagnostics.first { $0.code == "W0510" })
  #expect(mixing.message.contains("R-hat"))
  #expect(mixing.message.contains("'mu'") || mixing.message.contains("'theta["))
  #expect(mixing.message.contains("and 2 more variables"))
  let count = posterior.diagnostics.count
  posterior.addChainWarnings()
  #expect(posterior.diagnostics.count == count)
}

@Test func goodChainsGetNoWarning() {
  var posterior = chainDocument().posterior
  posterior.moves = []
  posterior.addChainWarnings()
  #expect(posterior.diagnostics.isEmpty)
}

@Test func blameNamesLineAndDatum() {
  let text = Blame(particleDocument()).text
  #expect(text.contains("m.ppl:2"))
  #expect(text.contains("for v in y { observe v ~ Normal(0, 1) }"))
  #expect(text.contains("fit worst: y[4] = -0.5 (-8)"))
  #expect(text.contains("largest fall of the effective sample size at y[4] = -0.5"))
  #expect(text.contains("first stopped executions at y[6] = 1.5"))
}

@Test func blameOfChainsShowsAcceptance() {
  let text = Blame(chainDocument()).text
  #expect(text.contains("c.ppl:2  mu  singleSite"))
  #expect(text.contains("25 %"))
  #expect(text.contains("1 of 4 chains"))
}

@Test func modelsAreComparedByEvidence() throws {
  var (first, second) = (particleDocument(), particleDocument())
  first.posterior.evidence = Evidence(logValue: -10, standardError: 0.3)
  second.posterior.evidence = Evidence(logValue: -12, standardError: 0.4)
  let comparison = try Comparison([("b", second), ("a", first)])
  #expect(comparison.rows.map(\.name) == ["a", "b"])
  #expect(comparison.rows[1].difference == -2)
  let error = try #require(comparison.rows[1].differenceError)
  #expect(abs(error - 0.5) < 1e-12)
  // 1 / (1 + e^-2)
  #expect(abs(comparison.rows[0].probability - 0.880_797_077_977_882) < 1e-12)
  #expect(comparison.warnings.isEmpty)
  second.posterior.evidence = Evidence(logValue: -10.5, standardError: 0.4)
  second.data = [("y", .array([.number(1)]))]
  let close = try Comparison([("b", second), ("a", first)])
  #expect(close.warnings.map(\.code) == ["W0512", "W0513"])
  second.posterior.evidence = nil
  #expect(throws: Diagnostics.self) { try Comparison([("b", second)]) }
}
