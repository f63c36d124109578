import BorelInference
import Foundation
import Testing

/// What enumeration reports when it leaves something out, and that it survives collections.
struct EnumerationTests {
  private static let geometric = """
    func failures() -> Int { if sample Bernoulli(0.5) { 0 } else { 1 + failures() } }
    model trials() {
      let n = failures()
      observe true ~ Bernoulli(if n > 2 { 0.5 } else { 0.25 })
      return {few: n < 3, n: n}
    }
    """

  /// Exact: P(n < 3) = 7/8, so the evidence is 7/8 * 1/4 + 1/8 * 1/2 = 9/32.
  @Test func whatIsLeftOutBoundsTheErrors() throws {
    let posterior = try infer(Self.geometric, "enumerate(tolerance: 1e-3)")
    let truncation = try #require(posterior.truncation)
    let bound = try #require(truncation.bound)
    #expect(truncation.leftOut > 0)
    #expect(truncation.leftOut <= 1e-3)
    let evidence = try #require(posterior.evidence)
    let error = try #require(evidence.standardError)
    #expect(error > 0)
    #expect(abs(evidence.logValue - log(9.0 / 32)) <= error * (1 + 1e-9))
    let few = posterior.summary(of: try #require(posterior.variable("few")))
    let mean = try #require(few.mean)
    #expect(few.mcse == bound)
    #expect(abs(mean - 7.0 / 32 / (9.0 / 32)) <= bound * (1 + 1e-9))
    // The mean of an unbounded variable can be anything in what was left out.
    let n = posterior.summary(of: try #require(posterior.variable("n")))
    #expect(n.mcse == nil)
  }

  @Test func nothingIsBoundedWhenWeightsCanGrow() throws {
    let grown = Self.geometric.replacing("return", with: "factor 0.5 * n\n  return")
    let posterior = try infer(grown, "enumerate(tolerance: 1e-3)")
    let truncation = try #require(posterior.truncation)
    #expect(truncation.bound == nil)
    #expect(posterior.evidence?.standardError == nil)
    #expect(posterior.evidence?.reason?.contains("left out") == true)
  }

  @Test func completeEnumerationIsExact() throws {
    let source = "model coins() { a ~ Bernoulli(0.5)\n b ~ Bernoulli(0.01)\n return a && b }"
    for method in ["enumerate", "enumerate(tolerance: 0.5)", "auto"] {
      let posterior = try infer(source, method)
      let isComplete = method != "enumerate(tolerance: 0.5)"
      #expect(posterior.isExact)
      #expect((posterior.truncation == nil) == isComplete, "\(method)")
      let result = posterior.summary(of: try #require(posterior.variable("result")))
      if isComplete {
        #expect(result.mcse == 0)
        #expect(abs((result.mean ?? 0) - 0.005) < 1e-12)
      }
    }
  }

  /// Unlikely results that are finished are left out beside likely ones that go on: a Poisson law
  /// cut at 1, one fork per count, and a binomial of it.
  @Test func whatGoesOnIsNotLeftOutWithWhatIsUnlikely() throws {
    let source = """
      func balls(k: Int, tail: Real, mass: Real) -> Int {
        if k >= 20 { return k }
        if sample Bernoulli(mass / tail) { return k }
        return balls(k + 1, tail - mass, mass * 6 / (k + 1))
      }
      model urn() {
        let n = balls(1, 1 - exp(-6.0), 6 * exp(-6.0))
        let blue = sample Binomial(n, 0.5)
        observe true ~ Bernoulli(blue / n)
        return n
      }
      """
    let exact = try infer(source, "enumerate")
    let cut = try infer(source, "enumerate(tolerance: 1e-9)")
    let truncation = try #require(cut.truncation)
    let bound = try #require(truncation.bound)
    #expect(truncation.leftOut <= 1e-9)
    #expect(bound < 1e-8)
    let difference = (exact.evidence?.logValue ?? 0) - (cut.evidence?.logValue ?? 0)
    #expect(abs(difference) <= bound * 1.01)
    #expect(abs((exact.evidence?.logValue ?? 0) - log(0.5)) < 1e-12)
    let probabilities = { (posterior: Posterior) -> [Double] in
      guard let result = posterior.variable("result") else { return [] }
      return posterior.summary(of: result).probabilities.map(\.probability)
    }
    let pairs = zip(probabilities(exact), probabilities(cut))
    for (count, pair) in pairs.enumerated() {
      #expect(abs(pair.0 - pair.1) <= bound, "\(count + 1) balls")
    }
  }

  /// Reported arrays outlive the lanes that made them; the heap is collected many times.
  @Test func reportedObjectsSurviveCollections() throws {
    let source = """
      model walks() {
        var path = [] as [Int]
        for t in 0..<9 {
          step ~ Bernoulli(0.5)
          path.append(if step { 1 } else { 0 })
          kept ~ Delta(path)
          let garbage = (0..<400).map { (i: Int) in i + sum(path) }
          require garbage[0] >= 0
        }
        return sum(path)
      }
      """
    let program = try compiled(source)
    var request = InferenceRequest(
      program: program, model: 0, arguments: [],
      method: try MethodSpecification(parsing: "enumerate"))
    request.limits.collectionThreshold = 1 << 14
    let posterior = try infer(request)
    let result = posterior.summary(of: try #require(posterior.variable("result")))
    #expect(abs((result.mean ?? 0) - 4.5) < 1e-12)
    for t in 0..<9 {
      let last = posterior.summary(of: try #require(posterior.variable("kept[\(t)][\(t)]")))
      #expect(abs((last.mean ?? 0) - 0.5) < 1e-12, "step \(t)")
    }
  }
}
