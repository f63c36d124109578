import BorelDistributions
import BorelHeap
import Foundation
import Testing

private let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])
private let poisson = VectorArgument.distribution("Poisson", [.real(3)])

/// Combinators over numbers whose cumulative is known, with an interval that holds nearly all of
/// the continuous part.
private let numberCases: [(String, [VectorArgument], ClosedRange<Double>)] = [
  ("Truncated", [normal, .real(-1), .real(2)], -1...2),
  ("Truncated", [normal, .real(9), .real(.infinity)], 9...14),
  ("Truncated", [normal, .real(-.infinity), .real(-9)], -14...(-9)),
  ("Truncated", [normal, .real(-.infinity), .real(.infinity)], -9...9),
  (
    "Truncated", [.distribution("Gamma", [.real(2), .real(1)]), .real(1), .real(.infinity)], 1...60
  ),
  ("Truncated", [.distribution("VonMises", [.real(0), .real(1)]), .real(0), .real(1)], 0...1),
  (
    "Mixture",
    [
      .reals([1, 3]),
      .distributions([normal, .distribution("Normal", [.real(4), .real(0.5)])]),
    ], -9...9
  ),
  (
    "Truncated",
    [
      .distribution(
        "Mixture",
        [
          .reals([1, 1]),
          .distributions([normal, .distribution("Normal", [.real(4), .real(0.5)])]),
        ]
      ), .real(1), .real(3),
    ], 1...3
  ),
]

@Test(arguments: numberCases.indices)
func densitiesOfCombinatorsIntegrateToOneAndToTheCumulative(_ index: Int) throws {
  let (name, arguments, range) = numberCases[index]
  let instance = VectorInstance(name, arguments)
  #expect(instance.violation == nil)
  let panels = 400
  let width = (range.upperBound - range.lowerBound) / Double(panels)
  var integral = 0.0
  // Gauss-Legendre quadrature with three points in each panel.
  for panel in 0..<panels {
    let left = range.lowerBound + Double(panel) * width
    for (node, weight) in [
      (-0.6.squareRoot(), 5.0 / 18), (0, 8.0 / 18), (0.6.squareRoot(), 5.0 / 18),
    ] {
      integral += width * weight * exp(instance.logDensity(.real(left + 0.5 * width * (1 + node))))
    }
    if panel % 40 == 39 {
      let cumulative = try #require(instance.ask { $0.cumulative(left + width) })
      #expect(abs(cumulative - integral) < 1e-8)
    }
  }
  #expect(abs(integral - 1) < 1e-8)
}

/// Massart's bound for a false alarm of 1e-6 over the cases.
@Test(arguments: numberCases.indices)
func drawsOfCombinatorsFollowTheCumulative(_ index: Int) throws {
  let (name, arguments, _) = numberCases[index]
  let instance = VectorInstance(name, arguments)
  let draws = instance.numbers(1500).map { $0[0] }.sorted()
  let n = Double(draws.count)
  var distance = 0.0
  for (position, x) in draws.enumerated() {
    let cumulative = try #require(instance.ask { $0.cumulative(x) })
    distance = max(
      distance, abs(Double(position + 1) / n - cumulative), abs(Double(position) / n - cumulative))
  }
  let bound = (log(2 / (1e-6 / Double(numberCases.count))) / (2 * n)).squareRoot()
  #expect(distance <= bound)
}

@Test(arguments: numberCases.indices)
func quantilesOfCombinatorsInvertTheCumulative(_ index: Int) throws {
  let (name, arguments, _) = numberCases[index]
  let instance = VectorInstance(name, arguments)
  for p in [1e-4, 0.1, 0.37, 0.5, 0.9, 0.999] {
    let x = try #require(instance.ask { $0.quantile(p) })
    let back = try #require(instance.ask { $0.cumulative(x) })
    #expect(abs(back - p) < 1e-9)
    let survival = try #require(instance.ask { $0.logSurvival(x) })
    #expect(abs(exp(survival) - (1 - p)) < 1e-9)
  }
}

@Test func truncationIsAccurateInTheFarTail() throws {
  let instance = VectorInstance("Truncated", [normal, .real(20), .real(.infinity)])
  // The mean of a normal above a is about a + 1 / a - 2 / a^3.
  let draws = instance.numbers(20_000).map { $0[0] }
  let mean = draws.reduce(0, +) / Double(draws.count)
  #expect(draws.allSatisfy { $0 >= 20 })
  // The standard deviation is about 1 / 20; 6 standard errors.
  #expect(abs(mean - 20.0498) < 6 * 0.05 / 20_000.0.squareRoot() + 1e-4)
}

@Test func truncatedCountsKeepTheirRatios() {
  let inner = VectorInstance("Poisson", [.real(3)])
  let instance = VectorInstance("Truncated", [poisson, .real(1), .real(.infinity)])
  #expect(instance.logDensity(.int(0)) == -.infinity)
  for k in Int64(1)...20 {
    let expected = inner.logDensity(.int(k)) - log(1 - exp(-3.0))
    #expect(abs(instance.logDensity(.int(k)) - expected) < 1e-12)
  }
}

@Test func censoredValuesCarryTheTailProbability() throws {
  let instance = VectorInstance("Censored", [normal, .real(-1), .real(0.5)])
  func phi(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
  #expect(abs(instance.logDensity(.real(-1)) - log(phi(-1))) < 1e-12)
  #expect(abs(instance.logDensity(.real(0.5)) - log(phi(-0.5))) < 1e-12)
  #expect(abs(instance.logDensity(.real(0)) + 0.918938533204672742) < 1e-12)
  #expect(instance.logDensity(.real(0.6)) == -.infinity)
  let counts = VectorInstance("Censored", [poisson, .real(-.infinity), .real(4)])
  let total = (Int64(0)...4).reduce(0.0) { $0 + exp(counts.logDensity(.int($1))) }
  #expect(abs(total - 1) < 1e-12)
  let draws = instance.numbers(10_000).map { $0[0] }
  let share = Double(draws.filter { $0 == -1 }.count) / 10_000
  #expect(abs(share - phi(-1)) < 6 * (phi(-1) * (1 - phi(-1)) / 10_000).squareRoot())
}

@Test func atomsAreNotMixedWithDensities() {
  let mixture = VectorInstance(
    "Mixture",
    [
      .reals([0.25, 0.75]),
      .distributions([.distribution("Delta", [.values([.real(0)])]), normal]),
    ])
  #expect(abs(mixture.logDensity(.real(0)) - log(0.25)) < 1e-14)
  #expect(abs(mixture.logDensity(.real(1)) - (log(0.75) - 0.5 - 0.918938533204672742)) < 1e-12)
  let inflated = VectorInstance("ZeroInflated", [.real(0.25), normal])
  #expect(abs(inflated.logDensity(.real(0)) - log(0.25)) < 1e-14)
  #expect(abs(inflated.logDensity(.real(1)) - mixture.logDensity(.real(1))) < 1e-14)
  let counts = VectorInstance("ZeroInflated", [.real(0.25), poisson])
  #expect(abs(exp(counts.logDensity(.int(0))) - (0.25 + 0.75 * exp(-3.0))) < 1e-14)
}

@Test func momentsOfMixturesFollowFromTheParts() throws {
  let mixture = VectorInstance(
    "Mixture",
    [.reals([1, 3]), .distributions([normal, .distribution("Normal", [.real(4), .real(0.5)])])])
  #expect(mixture.ask { $0.mean } == 3)
  let variance = try #require(mixture.ask { $0.variance })
  #expect(abs(variance - (0.25 * (1 + 9) + 0.75 * (0.25 + 1))) < 1e-14)
  let inflated = VectorInstance("ZeroInflated", [.real(0.2), poisson])
  #expect(inflated.ask { $0.mean } == 0.8 * 3)
  #expect(abs(try #require(inflated.ask { $0.variance }) - (0.8 * 12 - 5.76)) < 1e-12)
}

@Test func zeroInflatedQuantilesJumpOverTheAtom() {
  let instance = VectorInstance("ZeroInflated", [.real(0.5), normal])
  #expect(instance.ask { $0.quantile(0.3) } == 0)
  #expect(instance.ask { $0.quantile(0.7) } == 0)
  #expect(abs((instance.ask { $0.quantile(0.1) } ?? 0) + 0.8416212335729143) < 1e-9)
  #expect(abs((instance.ask { $0.quantile(0.9) } ?? 0) - 0.8416212335729143) < 1e-9)
}

@Test func arraysOfIndependentDrawsSumTheirDensities() {
  let iid = VectorInstance("IID", [normal, .int(3)])
  let single = VectorInstance("Normal", [.real(0), .real(1)])
  let sum = [0.1, -1, 2].reduce(0) { $0 + single.logDensity(.real($1)) }
  #expect(abs(iid.logDensity(.reals([0.1, -1, 2])) - sum) < 1e-14)
  #expect(iid.logDensity(.reals([0.1, -1])) == -.infinity)
  #expect(iid.logDensity(word: 0) == -.infinity)
  let product = VectorInstance(
    "Product", [.distributions([normal, .distribution("Exponential", [.real(2)])])])
  #expect(product.logDensity(.reals([0, -1])) == -.infinity)
  for draw in product.numbers(100) { #expect(draw.count == 2 && draw[1] > 0) }
}

@Test func nestedArraysAreDrawn() {
  let inner = VectorArgument.distribution("IID", [normal, .int(2)])
  let instance = VectorInstance("IID", [inner, .int(3)])
  let word = instance.draw(5)[0][4]
  let array = ArrayObject(bits: word)
  #expect(array.count == 3 && array.pointerMask == 1)
  #expect((0..<3).allSatisfy { ArrayObject(bits: array.elements[$0]).count == 2 })
  #expect(instance.logDensity(word: word).isFinite)
}
