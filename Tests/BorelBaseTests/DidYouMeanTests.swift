import BorelBase
import Testing

@Suite struct DidYouMeanTests {
  private let families = ["Normal", "LogNormal", "Gamma", "Beta", "Bernoulli", "Binomial"]

  @Test(arguments: [
    ("Nomal", "Normal"), ("normal", "Normal"), ("Noraml", "Normal"), ("Gama", "Gamma"),
    ("Berouli", "Bernoulli"), ("lognormal", "LogNormal"),
  ])
  func aMisspeltNameFindsItsNeighbour(name: String, expected: String) {
    #expect(didYouMean(name, among: families) == expected)
    #expect(didYouMean(name, among: families.reversed()) == expected)
  }

  @Test func farAndShortNamesFindNothing() {
    #expect(didYouMean("Weibull", among: families) == nil)
    #expect(didYouMean("x", among: ["y", "z"]) == nil)
    #expect(didYouMean("", among: families) == nil)
    #expect(didYouMean("x", among: ["X"]) == "X")
  }

  @Test func tiesGoToTheAlphabeticallyFirst() {
    #expect(didYouMean("abd", among: ["abx", "abc"]) == "abc")
  }

  @Test func aDeepStackHoldsDeepRecursion() {
    @Sendable func depth(_ n: Int) -> Int { n == 0 ? 0 : 1 + depth(n - 1) }
    #expect(withDeepStack { depth(100_000) } == 100_000)
  }
}
