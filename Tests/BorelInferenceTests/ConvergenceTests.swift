import BorelInference
import Foundation
import Testing

/// Chains with the diagnostics that ArviZ computes for them (`Reference/make_convergence.py`).
struct ChainCase: Sendable, CustomStringConvertible {
  var description: String
  var chains: [[Double]]
  /// Values by the name of the diagnostic; absent where ArviZ defines none.
  var values: [String: [Double]]

  static let all: [ChainCase] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/convergence.json")
    guard let data = try? Data(contentsOf: file),
      let root = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let cases = root["cases"] as? [String: [String: Any]]
    else { return [] }
    return cases.sorted { $0.key < $1.key }.map { name, entry in
      var values: [String: [Double]] = [:]
      for (key, value) in entry {
        if let number = value as? Double { values[key] = [number] }
        if let numbers = value as? [Double] { values[key] = numbers }
      }
      return ChainCase(
        description: name, chains: entry["chains"] as? [[Double]] ?? [], values: values)
    }
  }()
}

@Test func thereAreReferenceChains() {
  #expect(ChainCase.all.count == 11)
}

@Test(arguments: ChainCase.all)
func diagnosticsOfChainsAgreeWithArviZ(_ chain: ChainCase) throws {
  let draws = chain.chains.flatMap { $0 }
  let x = Variable(name: "x", kind: .real, values: draws)
  let posterior = Posterior(
    model: "m", method: "mh", seed: 1, variables: [x], drawCount: draws.count,
    dependence: .chains(count: chain.chains.count),
    manifest: Manifest(seed: 1, method: "mh", instructionSet: "baseline", threadCount: 1))
  let summary = posterior.summary(of: x)
  let errors = posterior.errors(of: summary, x)
  let convergence = try #require(summary.convergence)
  func check(_ name: String, _ found: [Double?]) {
    guard let expected = chain.values[name] else { return }
    for (found, expected) in zip(found, expected) {
      let isClose = found.map { abs($0 - expected) <= 1e-6 * max(1, abs(expected)) } ?? false
      #expect(isClose, "\(name): found \(found ?? .nan), expected \(expected)")
    }
  }
  check("rHat", [convergence.rHat])
  check("essBulk", [convergence.essBulk])
  check("essTail", [convergence.essTail])
  check("mcseMean", [summary.mcse])
  check("mcseSd", [errors.sd])
  check("mcseQuantile", [errors.q5, errors.q50, errors.q95])
  check("quantiles", [summary.q5, summary.q50, summary.q95])
  check("sd", [summary.sd])
}

@Test func constantChainsHaveNoDiagnostics() {
  #expect(Convergence([Double](repeating: 2, count: 400), chainCount: 4) == nil)
  #expect(Convergence([1, 2, 3, 4, 5, 6, 7], chainCount: 1) == nil)
}
