import BorelDistributions
import Testing

private func logDensity(_ name: String, _ x: Double, _ arguments: Argument...) -> Double {
  guard let family = FamilyRegistry.family(named: name) else { return .nan }
  return family.logDensity(ofScalar: x, ParameterWords(arguments).words)
}

@Test func densitiesAtTheEndsOfTheSupportAreLimits() {
  #expect(logDensity("Gamma", 0, .real(0.5), .real(2)) == .infinity)
  #expect(logDensity("Gamma", 0, .real(1), .real(1)) == 0)
  #expect(logDensity("Gamma", 0, .real(2), .real(1)) == -.infinity)
  #expect(logDensity("Beta", 0, .real(0.5), .real(2)) == .infinity)
  #expect(logDensity("Beta", 1, .real(0.5), .real(2)) == -.infinity)
  #expect(logDensity("Beta", 1, .real(3), .real(1)) > 1.09)
  #expect(logDensity("Beta", 0, .real(1), .real(1)) == 0)
  #expect(logDensity("Weibull", 0, .real(0.5), .real(1)) == .infinity)
  #expect(logDensity("Weibull", 0, .real(1), .real(1)) == 0)
  #expect(logDensity("ChiSquared", 0, .real(1)) == .infinity)
  #expect(logDensity("Exponential", 0, .real(1)) == 0)
  #expect(logDensity("InverseGamma", 0, .real(1), .real(1)) == -.infinity)
  #expect(logDensity("LogNormal", 0, .real(0), .real(1)) == -.infinity)
  #expect(logDensity("Pareto", 2, .real(2), .real(2)) == 0)
  let half = logDensity("Uniform", 1, .real(1), .real(3))
  #expect(half < -0.69 && half == logDensity("Uniform", 3, .real(1), .real(3)))
}

@Test func certainOutcomesHaveMassOne() {
  #expect(logDensity("Bernoulli", 1, .real(1)) == 0)
  #expect(logDensity("Bernoulli", 0, .real(1)) == -.infinity)
  #expect(logDensity("Binomial", 0, .int(5), .real(0)) == 0)
  #expect(logDensity("Binomial", 1, .int(5), .real(0)) == -.infinity)
  #expect(logDensity("Binomial", 5, .int(5), .real(1)) == 0)
  #expect(logDensity("Binomial", 0, .int(0), .real(0.3)) == 0)
  #expect(logDensity("Poisson", 0, .real(0)) == 0)
  #expect(logDensity("Poisson", 1, .real(0)) == -.infinity)
  #expect(logDensity("NegativeBinomial", 0, .real(0), .real(2)) == 0)
  #expect(logDensity("NegativeBinomial", 3, .real(0), .real(2)) == -.infinity)
  #expect(logDensity("Geometric", 0, .real(1)) == 0)
  #expect(logDensity("Geometric", 1, .real(1)) == -.infinity)
  #expect(logDensity("Categorical", 0, .reals([0, 7])) == -.infinity)
  #expect(logDensity("Categorical", 1, .reals([0, 7])) == 0)
}

@Test func largeCountsKeepTheirPrecision() {
  // Stirling: the mass at the mode is 1 / sqrt(2 pi rate) to 1e-11 relative at this rate.
  let rate = 1e10
  let expected = -0.5 * (1.8378770664093453 + 23.025850929940457)
  #expect(abs(logDensity("Poisson", rate, .real(rate)) - expected) < 1e-4)
  #expect(
    abs(
      logDensity("NegativeBinomial", 3, .real(4), .real(1e14))
        - logDensity("Poisson", 3, .real(4))) < 1e-11)
}

@Test(arguments: LawCase.all)
func logDensityIsNeverNaNForANumber(law: LawCase) {
  let parameters = ParameterWords(law.arguments)
  let family = law.type
  if family.signature.value == .real {
    for x in [
      0, -0.0, 1, -1, 2, .infinity, -.infinity, 1e308, -1e308, 1e-310, .pi, 1e154, -1e154, 700,
    ] {
      let found = family.logDensity(ofScalar: x, parameters.words)
      #expect(!found.isNaN, "at \(x)")
      if x.isInfinite { #expect(found == -.infinity, "at \(x)") }
    }
    #expect(family.logDensity(ofScalar: .nan, parameters.words).isNaN)
  } else {
    for n in [0, 1, -1, 2, .max, .min, 1 << 40] as [Int64] {
      var word = UInt64(bitPattern: n)
      if family.signature.value == .bool { word &= 1 }
      #expect(
        !withUnsafePointer(to: &word) {
          family.logDensity(LaneWords($0), parameters.words)
        }.isNaN, "at \(n)")
    }
  }
}
