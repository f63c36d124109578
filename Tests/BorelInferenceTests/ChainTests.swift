import BorelBase
import BorelInference
import Testing

/// Posteriors by Markov chains with known answers, and what chains report.
struct ChainTests {
  /// Beta(1, 1) with 7 of 10: Beta(8, 4).
  @Test(arguments: ["randomWalk", "singleSite", "mixture(singleSite, randomWalk)"])
  func aCoinHasItsConjugatePosterior(kernel: String) throws {
    let posterior = try chains(
      """
      model coin() {
        p ~ Beta(1, 1)
        observe [true, true, false, true, true, false, true, true, false, true] ~ Bernoulli(p)
      }
      """, "mh(kernel: \(kernel), chains: 400, draws: 20, warmup: 40)")
    let mean = try ChainMeans(posterior, "p")
    #expect(mean.z(8.0 / 12) < ChainMeans.bound)
    let square = try ChainMeans(posterior, "p", of: { $0 * $0 })
    #expect(square.z(8.0 * 9 / (12 * 13)) < ChainMeans.bound)
  }

  /// The number of terms is unknown: n ~ Poisson(2), y = 3 given N(0, n + 1) in the marginal.
  @Test(arguments: ["singleSite", "randomWalk"])
  func theNumberOfTermsHasItsPosterior(kernel: String) throws {
    let posterior = try chains(
      """
      model terms() {
        n ~ Poisson(2)
        var sum = 0.0
        for i in 0..<n { sum = sum + sample Normal(0, 1) }
        observe 3.0 ~ Normal(sum, 1)
        return n
      }
      """, "mh(kernel: \(kernel), chains: 600, draws: 20, warmup: 60)", seed: 4)
    // sum over n of 2^n/n! (n+1)^-1/2 exp(-4.5/(n+1)), and of n times that.
    var (total, first, weight) = (0.0, 0.0, 1.0)
    for n in 0..<60 {
      let variance = Double(n + 1)
      let term = weight * exponential(-4.5 / variance) / variance.squareRoot()
      total += term
      first += Double(n) * term
      weight *= 2 / variance
    }
    #expect(try ChainMeans(posterior, "n").z(first / total) < ChainMeans.bound)
  }

  private func exponential(_ x: Double) -> Double {
    // exp by its series on x / 1024, squared ten times.
    var result = 1.0
    var term = 1.0
    for k in 1..<20 {
      term *= x / 1024 / Double(k)
      result += term
    }
    for _ in 0..<10 { result *= result }
    return result
  }

  /// Finite choices against exact probabilities, with and without choices that appear.
  @Test func gibbsIsExactOnFiniteChoices() throws {
    let source = """
      model m() {
        rain ~ Bernoulli(0.3)
        let wet = if rain { 0.9 } else { 0.2 }
        grade ~ Categorical([0.2, 0.5, 0.3])
        if grade == 2 { extra ~ Bernoulli(0.7)
          observe true ~ Bernoulli(if extra { 0.8 } else { 0.1 }) }
        observe true ~ Bernoulli(wet)
        observe 1.5 ~ Normal(grade, 1)
        return {rain: rain, grade: grade}
      }
      """
    let exact = try chains(source, "enumerate")
    let posterior = try chains(
      source, "mh(kernel: gibbs, chains: 1000, draws: 10, warmup: 20)", seed: 9)
    for name in ["rain", "grade"] {
      let truth = try #require(
        exact.summary(of: try #require(exact.variable(name))).mean)
      #expect(try ChainMeans(posterior, name).z(truth) < ChainMeans.bound, "\(name)")
    }
  }

  /// Eight schools against posteriordb (eight_schools-eight_schools_noncentered, commit 28f8d3d):
  /// means with the Monte Carlo error of the reference.
  @Test func eightSchoolsAgreeWithTheReference() throws {
    let posterior = try chains(
      """
      model schools() {
        mu ~ Normal(0, 5)
        tau ~ HalfCauchy(5)
        z ~ IID(Normal(0, 1), 8)
        let theta = mu + tau * z
        observe [28.0, 8, -3, 7, -1, 1, 18, 12] ~ Normal(theta, [15.0, 10, 16, 11, 9, 11, 10, 18])
        return {theta: theta}
      }
      """, "mh(kernel: randomWalk, chains: 200, draws: 60, warmup: 120)", seed: 6)
    let expected = [
      ("mu", 4.41051833695, 0.0291603222788), ("tau", 3.60205952364, 0.0296943907422),
      ("theta[0]", 6.15050229334, 0.0480463515987), ("theta[2]", 3.90590609002, 0.0443419039712),
    ]
    for (name, mean, error) in expected {
      let z = try ChainMeans(posterior, name).z(mean, referenceError: error)
      #expect(z < ChainMeans.bound, "\(name)")
    }
  }

  /// A parameter outside its domain is an error in the prior draws that chains start from.
  @Test func initialDrawsOutsideADomainAreErrors() throws {
    let error = try #require(throws: Diagnostics.self) {
      try chains("model m() { x ~ Normal(0, 1)\n y ~ Exponential(rate: x)\n return y }", "mh")
    }
    #expect(error.list.first?.code == "E0301")
  }

  /// In a proposal it is a rejection. The posterior of x alone is N(1.5, 1/2), and x > 0 remains:
  /// the mean is 1.5 + phi(a)/(1 - Phi(a))/sqrt(2) with a = -1.5 sqrt(2).
  @Test func proposalsOutsideADomainAreRejected() throws {
    let posterior = try chains(
      """
      model m() {
        x ~ Normal(3, 1)
        y ~ Exponential(rate: x)
        observe 0.0 ~ Normal(x, 1)
        return y
      }
      """, "mh(kernel: randomWalk, chains: 100, draws: 100, warmup: 100)", seed: 8)
    #expect(try ChainMeans(posterior, "x").z(1.530245149766491) < ChainMeans.bound)
  }

  @Test func missingDataAreChoices() throws {
    let posterior = try chains(
      """
      model m() {
        x ~ Normal(0, 1)
        var sum = 0.0
        for y in [2.0, nil] as [Real?] { let v = observe y ~ Normal(x, 1)
          sum = sum + v }
        observe 1.0 ~ Normal(sum, 1)
        return sum
      }
      """, "mh(kernel: randomWalk, chains: 500, draws: 20, warmup: 50)", seed: 12)
    // x, v normal: precision [[1 + 1 + 1, -1], [-1, 1 + 1]], linear term [2, 1 - 2].
    #expect(try ChainMeans(posterior, "x").z(0.6) < ChainMeans.bound)
    #expect(try ChainMeans(posterior, "result").z(2 - 0.2) < ChainMeans.bound)
  }

  @Test func aChainDependsOnItsOwnStreamsOnly() throws {
    let source = "model m() { x ~ Normal(0, 1)\n y ~ Normal(x, 1)\n observe 1.0 ~ Normal(y, 1) }"
    func draws(_ chainCount: Int, threads: Int) throws -> [Double] {
      let posterior = try chains(
        source, "mh(chains: \(chainCount), draws: 5, warmup: 5)", threads: threads)
      return Array(try #require(posterior.variable("y")).values.prefix(15))
    }
    let few = try draws(3, threads: 1)
    #expect(try draws(8, threads: 1) == few)
    #expect(try draws(3000, threads: 2) == few)
  }

  @Test func chainsThatFindNoStateNameTheLine() throws {
    let error = try #require(throws: Diagnostics.self) {
      try chains(
        "model m() { x ~ Normal(0, 1)\n require x > 100\n return x }", "mh(draws: 2, warmup: 2)")
    }
    let found = try #require(error.list.first)
    #expect(found.code == "E0520")
    #expect(!found.span.isNone)
  }

  /// Data that no prior draw of 10,000 meets: the chains start from particle filters.
  @Test func chainsStartFromAFilterWherePriorDrawsFail() throws {
    let posterior = try chains(
      """
      model m() {
        var sum = 0
        for y in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] {
          step ~ Bernoulli(0.5)
          noise ~ Bernoulli(0.1)
          let up = if step { 1 } else { 0 }
          sum = sum + up
          observe true ~ Bernoulli(if sum == y { 1.0 } else { 0.0 })
        }
        return sum
      }
      """, "mh(kernel: singleSite, chains: 200, draws: 10, warmup: 10)", seed: 4)
    #expect(posterior.variable("result")?.values.allSatisfy { $0 == 10 } == true)
    #expect(try ChainMeans(posterior, "noise[3]").z(0.1) < ChainMeans.bound)
  }

  /// Two booleans that must agree cannot change one at a time.
  @Test func choicesThatNeverMoveAreWarnings() throws {
    let posterior = try chains(
      """
      model m() {
        a ~ Bernoulli(0.5)
        b ~ Bernoulli(0.5)
        require a == b
        return a
      }
      """, "mh(kernel: randomWalk, chains: 2, draws: 100, warmup: 0)")
    let codes = posterior.diagnostics.map(\.code)
    #expect(codes.filter { $0 == "W0520" }.count == 2)
    #expect(codes.contains("W0521"))
  }

  @Test func inexactNestedInferenceIsRefused() throws {
    let error = try #require(throws: Diagnostics.self) {
      try chains(
        """
        model inner(a: Real) { x ~ Normal(a, 1)
          return x }
        model outer() { a ~ Normal(0, 1)
          y ~ infer(inner(a), importance(particles: 10))
          return y }
        """, "mh(draws: 2, warmup: 2)")
    }
    #expect(error.list.first?.code == "E0594")
  }

  @Test func ellipticalSliceRefusesPriorsThatMove() throws {
    let error = try #require(throws: Diagnostics.self) {
      try chains(
        """
        model walk() {
          var x = 0.0
          for i in 0..<3 { z ~ Normal(x, 1)
            x = z }
          observe 1.0 ~ Normal(x, 1)
        }
        """, "mh(kernel: ellipticalSlice, draws: 2, warmup: 2)")
    }
    #expect(error.list.first?.code == "E0523")
  }

  @Test func kernelTextsRoundTrip() throws {
    for text in [
      "mh(kernel: cycle(gibbs, randomWalk(steps: 5)), chains: 2)",
      "mh(kernel: block(site: theta))", "mh(kernel: mixture(cycle(singleSite), independent))",
      "mh", "mh(kernel: singleSite(steps: 3), thin: 4)",
    ] {
      let method = try MethodSpecification(parsing: text)
      #expect(method.text == text)
      #expect(try MethodSpecification(parsing: method.completeText) == method)
    }
    for signature in KernelRegistry.kernels where !signature.takesKernels {
      let method = try MethodSpecification(parsing: "mh(kernel: \(signature.name))")
      #expect(method.kernel("kernel") == signature.defaults)
    }
    #expect(KernelRegistry.kernels.map(\.name) == KernelRegistry.kernels.map(\.name).sorted())
  }

  @Test func wrongKernelsAreExplained() throws {
    for (text, message) in [
      ("mh(kernel: singleSit)", "there is no kernel 'singleSit'"),
      ("mh(kernel: cycle)", "'cycle' is made of kernels, found none"),
      ("mh(kernel: 3)", "'3' is not a kernel"),
    ] {
      let error = try #require(throws: Diagnostics.self) {
        try MethodSpecification(parsing: text)
      }
      #expect(error.list.first?.message == message)
    }
  }
}
