import BorelTestSupport
import Foundation
import Testing

/// `run --pointwise` and `compare --loo`.
struct LeaveOneOutCommandTests {
  private static func model(_ sd: Double) -> String {
    "model m(y: [Real]) {\n  mu ~ Normal(0, 1)\n  observe y ~ Normal(mu, \(sd))\n}\n"
  }

  private func kept(_ data: String) throws -> Workplace {
    let place = try Workplace([
      "narrow.ppl": Self.model(1), "wide.ppl": Self.model(2), "d.json": data,
    ])
    for name in ["narrow", "wide"] {
      let outcome = try place.run(
        "run", "\(name).ppl", "-d", "d.json", "-m", "mh(draws: 2_000)", "--pointwise", "-o",
        "\(name).json")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(!outcome.output.contains("log_lik"), "the table is about latents")
    }
    return place
  }

  /// Data from a normal law with variance 1 speak for the narrow model, one far off for the wide one.
  @Test func modelsAreComparedDatumByDatum() throws {
    let place = try kept(#"{"y": [0.3, -0.8, 0.1, 0.9, -0.2, 0.7]}"#)
    let good = try place.run("compare", "--loo", "narrow.json", "wide.json")
    #expect(good.status == 0, "\(good.errors)")
    #expect(good.errors.isEmpty)
    let rows = good.output.split(separator: "\n")
    #expect(rows.first?.contains("elpd") == true)
    #expect(rows.dropFirst().first?.hasPrefix("narrow.json") == true)
    let json = try place.run("compare", "--loo", "--json", "narrow.json", "wide.json")
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(list.map { $0["name"] as? String } == ["narrow.json", "wide.json"])
    let data = try #require(list[0]["data"] as? [[String: Any]])
    #expect(data.map { $0["name"] as? String } == (0..<6).map { "y[\($0)]" })
    let sum = data.compactMap { $0["elpd"] as? Double }.reduce(0, +)
    #expect(abs(sum - (try #require(list[0]["elpd"] as? Double))) < 1e-9)
  }

  @Test func dataThatDecideTooMuchAreNamed() throws {
    let place = try kept(#"{"y": [0.3, -0.8, 0.1, 0.9, -0.2, 9]}"#)
    let outcome = try place.run("compare", "--loo", "--strict", "narrow.json", "wide.json")
    #expect(outcome.status == 6)
    #expect(outcome.output.contains("\nwide.json"))
    #expect(outcome.errors.contains("warning[W0515]: the estimate of 'narrow.json'"))
    #expect(outcome.errors.contains("'y[5]'"))
  }

  @Test func resultsWithoutLogLikelihoodsOrOfOtherDataAreRefused() throws {
    let place = try kept(#"{"y": [0.3, -0.8]}"#)
    let plain = try place.run(
      "run", "wide.ppl", "-d", "d.json", "-q", "-m", "mh(draws: 500)", "-o", "plain.json")
    #expect(plain.status == 0)
    let none = try place.run("compare", "--loo", "narrow.json", "plain.json")
    #expect(none.status == 2)
    #expect(none.errors.contains("error[E0715]: 'plain.json' has no log-likelihoods"))
    let longer = try place.run(
      "run", "wide.ppl", "--set", "y=[1,2,3]", "-q", "-m", "mh(draws: 500)", "--pointwise", "-o",
      "longer.json")
    #expect(longer.status == 0)
    let other = try place.run("compare", "--loo", "narrow.json", "longer.json")
    #expect(other.status == 2)
    #expect(other.errors.contains("error[E0716]"))
    #expect(other.errors.contains("'y[2]'"))
  }

  /// `--vars` keeps them as well, and Zarr has a group for them.
  @Test func logLikelihoodsAreInFiles() throws {
    let place = try kept(#"{"y": [0.3, -0.8]}"#)
    let few = try place.run(
      "run", "wide.ppl", "-d", "d.json", "-q", "-m", "mh(draws: 500)", "--pointwise", "--vars",
      "mu", "-o", "few.json")
    #expect(few.status == 0)
    #expect(try place.run("compare", "--loo", "few.json").status == 0)
    #expect(try place.run("convert", "few.json", "-o", "few.zarr").status == 0)
    let array = place.folder.appendingPathComponent("few.zarr/log_likelihood/y")
    #expect(FileManager.default.fileExists(atPath: array.path))
    let latent = place.folder.appendingPathComponent("few.zarr/posterior/mu")
    #expect(FileManager.default.fileExists(atPath: latent.path))
  }
}
