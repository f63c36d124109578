import BorelInference
import Foundation
import Testing

/// Parameters under a particle filter: drawn once, they are thinned out by every resampling.
@Suite struct ThinnedValuesTests {
  /// A local level whose scale is drawn; the data are the beginning of a made-up series.
  private static let level = """
    model level(y: [Real] = [1.2, 0.4, 2.9, 5.1, 4.4, 9.0, 8.1, 12.3, 10.2, 6.6, 7.1, 2.2, 1.9, -3.5,
      -1.0, 2.5, 6.1, 5.5, 9.9, 14.2, 11.0, 8.3, 4.1, 3.3, -2.8, -6.0, -4.4, -9.1, -3.0, 0.7]) {
      scale ~ LogNormal(mu: 0, sigma: 1)
      var x ~ Normal(0, 3)
      for v in y {
        x ~ Normal(x, scale)
        observe v ~ Normal(x, 0.5)
      }
      return scale
    }
    """

  @Test func aFilterSaysThatItHasFewValuesOfAParameter() throws {
    let few = try infer(Self.level, "smc(particles: 200, groups: 10)")
    let warning = try #require(few.diagnostics.first { $0.code == "W0516" })
    #expect(warning.message.contains("'scale'"))
    #expect(!warning.message.contains("'x"), "states are not parameters")
    // Populations whose weights differ by orders of magnitude are one population.
    let summary = try #require(few.summaries(of: few.variables).first { $0.name == "scale" })
    #expect(summary.mcse == nil)
  }

  @Test func autoMovesParametersThatAFilterWouldLose() throws {
    let posterior = try infer(Self.level, "auto")
    #expect(posterior.method.hasPrefix("pgas"))
    #expect(!posterior.diagnostics.contains { $0.code == "W0516" || $0.code == "W0502" })
    let reference = try infer(Self.level, "pmmh(particles: 400, draws: 2000, chains: 4)", seed: 2)
    func scale(_ posterior: Posterior) throws -> (mean: Double, error: Double) {
      let summary = try #require(
        posterior.summaries(of: posterior.variables).first { $0.name == "scale" })
      return (try #require(summary.mean), try #require(summary.mcse))
    }
    let (found, expected) = (try scale(posterior), try scale(reference))
    let error = (found.error * found.error + expected.error * expected.error).squareRoot()
    // Five standard errors: false alarm 6e-7.
    #expect(abs(found.mean - expected.mean) < 5 * error)
  }

  @Test func modelsWithoutParametersAndWithManyValuesAreFiltered() throws {
    let fixed = Self.level.replacingOccurrences(
      of: "scale ~ LogNormal(mu: 0, sigma: 1)", with: "let scale = 2.5")
    let filtered = try infer(fixed, "auto")
    #expect(filtered.method.hasPrefix("smc"))
    #expect(!filtered.diagnostics.contains { $0.code == "W0516" })
    let short = """
      model short(y: [Real] = [0.3, -0.2, 0.4]) {
        scale ~ LogNormal(mu: 0, sigma: 0.2)
        var x ~ Normal(0, 1)
        for v in y {
          x ~ Normal(x, scale)
          observe v ~ Normal(x, 2)
        }
        return scale
      }
      """
    #expect(try infer(short, "auto").method.hasPrefix("smc"))
  }
}
