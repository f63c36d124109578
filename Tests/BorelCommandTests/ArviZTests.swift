import BorelTestSupport
import Foundation
import Testing

/// Whether there is a Python with ArviZ: `BOREL_PYTHON`, or `python3`.
private let python: String? = {
  let candidate = ProcessInfo.processInfo.environment["BOREL_PYTHON"] ?? "python3"
  let outcome = try? BorelExecutable.run(shell: "\(candidate) -c 'import arviz, zarr' 2>/dev/null")
  return outcome?.status == 0 ? candidate : nil
}()

/// Files open in ArviZ, whose numbers agree with ours to 1e-6. Runs where ArviZ is installed.
@Test(.enabled(if: python != nil, "no Python with ArviZ"))
func arviZOpensOurFilesAndAgrees() throws {
  // Chains of an autoregressive process, as CmdStan writes them.
  var files: [String: String] = [:]
  var state: UInt64 = 5
  func uniform() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / Double(1 << 53) - 0.5
  }
  for chain in 1...4 {
    var text = "# stan_version_major = 2\n# model = ar_model\nlp__,mu,theta.1,theta.2\n"
    var x = uniform()
    for _ in 0..<500 {
      x = 0.6 * x + uniform()
      text += "-1,\(x),\(x * x),\(uniform())\n"
    }
    files["chain-\(chain).csv"] = text
  }
  let place = try Workplace(files)
  let inputs = (1...4).map { "chain-\($0).csv" }
  func borel(_ arguments: [String]) throws -> String {
    let outcome = try BorelExecutable.run(arguments, in: place.folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output
  }
  let summary = try borel(["summary", "--json"] + inputs)
  try summary.write(
    to: place.folder.appendingPathComponent("summary.json"), atomically: false, encoding: .utf8)
  _ = try borel(["convert", "-o", "fit.zarr"] + inputs)
  _ = try borel(["convert", "-o", "fit.stan.csv"] + inputs)
  let script = BorelExecutable.root
    .appendingPathComponent("Tests/BorelReportTests/Reference/check_arviz.py")
  let outcome = try BorelExecutable.run(
    shell: "\(try #require(python)) \(script.path) summary.json fit.zarr fit-?.stan.csv",
    in: place.folder)
  #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
}
