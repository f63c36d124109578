import BorelTestSupport
import Testing

/// Where a run says that its time goes.
struct ProfileCommandTests {
  private static let walk = """
    model walk(n: Int = 200) {
      var x ~ Normal(0, 1)
      for t in 0..<n {
        x ~ StudentT(4, x, 1)
        observe 0.5 ~ Normal(x, 1)
      }
      return x
    }
    """

  /// The share, in per cent, of the first line that ends in a text.
  private func share(_ end: String, in text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasSuffix(end) }.flatMap { line in
      line.split(separator: " ").first.flatMap { Double($0) }
    }
  }

  @Test func linesAreListedByTheTimeThatTheyTake() throws {
    let place = try Workplace(["walk.ppl": Self.walk])
    let plain = try place.run("run", "walk.ppl", "-m", "smc(particles: 5_000)", "-j", "1")
    let outcome = try place.run(
      "run", "walk.ppl", "-m", "smc(particles: 5_000)", "-j", "1", "--profile")
    #expect(outcome.status == 0 && outcome.output == plain.output)
    let draw = try #require(share("x ~ StudentT(4, x, 1)", in: outcome.errors))
    let datum = try #require(share("observe 0.5 ~ Normal(x, 1)", in: outcome.errors))
    #expect(draw > datum && datum > 0, "\(outcome.errors)")
    #expect(share("resampling", in: outcome.errors) != nil)
    #expect(outcome.errors.contains("walk.ppl:4  x ~ StudentT"))
    #expect(outcome.errors.contains("occupancy 100 %"))
  }

  /// Moves compute the densities of the line that they change and of those that depend on it.
  @Test func linesOfChainsAreListed() throws {
    let place = try Workplace([
      "m.ppl": """
      model m() {
        mu ~ Normal(0, 10)
        for t in 0..<20 {
          x ~ Normal(mu, 1)
          observe 0.5 ~ Normal(x, 1)
        }
      }
      """
    ])
    let method = "mh(kernel: singleSite, chains: 200, draws: 50)"
    let plain = try place.run("run", "m.ppl", "-m", method, "-j", "1")
    let outcome = try place.run("run", "m.ppl", "-m", method, "-j", "1", "--profile")
    #expect(outcome.status == 0 && outcome.output == plain.output)
    for line in ["mu ~ Normal(0, 10)", "x ~ Normal(mu, 1)", "observe 0.5 ~ Normal(x, 1)"] {
      #expect((share(line, in: outcome.errors) ?? 0) > 0, "\(outcome.errors)")
    }
  }

  /// Half of the lanes take each way.
  @Test func divergentLanesAreCounted() throws {
    let place = try Workplace([
      "m.ppl": """
      model m() {
        var s = 0.0
        for t in 0..<50 {
          if sample Bernoulli(0.5) { s = s + sample Normal(0, 1) } else { s = s - sample HalfNormal(1) }
        }
        return s
      }
      """
    ])
    let outcome = try place.run(
      "run", "m.ppl", "-m", "importance(particles: 4_000)", "--profile")
    let occupancy = outcome.errors.firstRange(of: "occupancy ").flatMap {
      outcome.errors[$0.upperBound...].split(separator: " ").first.flatMap { Double($0) }
    }
    #expect((40...90).contains(occupancy ?? 0), "\(outcome.errors)")
  }
}
