import BorelDistributions
import BorelHeap
import Foundation
import Testing

/// Distributions with finite support: a family and its arguments.
private let finiteCases: [(String, [VectorArgument])] = [
  ("Multinomial", [.int(4), .reals([0.2, 0.5, 0.3])]),
  ("Multinomial", [.int(3), .reals([1])]),
  ("Multinomial", [.int(0), .reals([0.4, 0.6])]),
  ("DirichletMultinomial", [.int(5), .reals([0.5, 2, 1])]),
  ("CRP", [.ints([3, 0, 1]), .real(0.7)]),
  ("CRP", [.ints([]), .real(0.7)]),
  ("PitmanYor", [.ints([3, 1, 1]), .real(0.7), .real(0.4)]),
  ("PitmanYor", [.ints([2, 1]), .real(-0.2), .real(0.4)]),
  ("PitmanYor", [.ints([]), .real(-0.2), .real(0.4)]),
  ("Delta", [.values([.int(3)])]),
  ("Delta", [.values([.reals([1, 2])])]),
  ("Empirical", [.values([.int(3), .int(5), .int(3), .int(4)]), .reals([1])]),
  ("Empirical", [.values([.real(3), .real(5), .real(3), .real(4)]), .reals([1, 2, 0.5, 0])]),
  ("Empirical", [.values([.reals([1]), .reals([1, 2]), .reals([1])]), .reals([1])]),
  (
    "Posterior",
    [
      .values([.int(7), .int(8), .int(7)]), .reals([log(0.2), log(0.5), log(0.3)]), .real(-1),
      .int(1),
    ]
  ),
  (
    "Mixture",
    [
      .reals([1, 3]),
      .distributions([
        .distribution("Binomial", [.int(4), .real(0.2)]),
        .distribution("DiscreteUniform", [.int(3), .int(6)]),
      ]),
    ]
  ),
  ("ZeroInflated", [.real(0.3), .distribution("Binomial", [.int(4), .real(0.2)])]),
  ("ZeroInflated", [.real(0.3), .distribution("DiscreteUniform", [.int(2), .int(4)])]),
  (
    "Truncated",
    [.distribution("Binomial", [.int(9), .real(0.4)]), .real(1.5), .real(.infinity)]
  ),
  ("Truncated", [.distribution("Poisson", [.real(3)]), .real(2), .real(7)]),
  ("IID", [.distribution("Bernoulli", [.real(0.3)]), .int(4)]),
  ("IID", [.distribution("Bernoulli", [.real(0.3)]), .int(0)]),
  (
    "Product",
    [
      .distributions([
        .distribution("Bernoulli", [.real(0.3)]), .distribution("Bernoulli", [.real(0.8)]),
      ])
    ]
  ),
]

private func key(_ instance: VectorInstance, _ words: [UInt64]) -> UInt64 {
  structuralHash(
    words, count: words.count, pointerMask: instance.ask { $0.valueLayout.pointerMask })
}

@Test(arguments: finiteCases.indices)
func finiteSupportSumsToOneWithoutRepetition(_ index: Int) {
  let (name, arguments) = finiteCases[index]
  let instance = VectorInstance(name, arguments)
  #expect(instance.violation == nil)
  let support = instance.support()
  #expect(!support.isEmpty)
  let total = support.reduce(0) { $0 + $1.probability }
  #expect(abs(total - 1) < 1e-12, "\(name): sum \(total)")
  let mask = instance.ask { $0.valueLayout.pointerMask }
  for (position, entry) in support.enumerated() {
    for other in support[..<position] {
      let equal = structurallyEqual(
        entry.words, other.words, count: entry.words.count, pointerMask: mask)
      #expect(!equal)
    }
  }
}

/// Normal quantile for a false alarm of 1e-6 over all values of all cases, on binomial counts of
/// which the expected number is at least 25.
@Test(arguments: finiteCases.indices)
func finiteDrawsFollowTheProbabilities(_ index: Int) {
  let (name, arguments) = finiteCases[index]
  let instance = VectorInstance(name, arguments)
  let count = 6000
  let columns = instance.draw(count)
  var frequencies: [UInt64: Int] = [:]
  for lane in 0..<count {
    frequencies[key(instance, columns.map { $0[lane] }), default: 0] += 1
  }
  var seen = 0
  for (words, probability) in instance.support() {
    let found = frequencies[key(instance, words)] ?? 0
    seen += found
    let expected = Double(count) * probability
    if expected < 25 { continue }
    let spread = (expected * (1 - probability)).squareRoot()
    #expect(abs(Double(found) - expected) <= 6.3 * spread, "\(name): \(found) for \(expected)")
  }
  #expect(seen == count, "\(name) draws values outside its support")
}

@Test func zeroInflatedContinuousHasNoFiniteSupport() {
  let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])
  let cases: [(String, [VectorArgument])] = [
    ("ZeroInflated", [.real(0.5), normal]), ("Mixture", [.reals([1]), .distributions([normal])]),
    ("Truncated", [normal, .real(0), .real(1)]), ("IID", [normal, .int(2)]),
    ("Product", [.distributions([normal])]),
    ("Truncated", [.distribution("Poisson", [.real(3)]), .real(2), .real(.infinity)]),
  ]
  for (name, arguments) in cases {
    #expect(VectorInstance(name, arguments).ask { $0.supportCount } == nil, "\(name)")
  }
  let large = VectorInstance(
    "IID", [.distribution("Bernoulli", [.real(0.5)]), .int(100)])
  #expect(large.ask { $0.supportCount } == .max)
}

/// The probability of seating customers one after the other depends on the sizes of the tables only.
@Test(arguments: [0.0, 0.3])
func seatingIsExchangeable(discount: Double) {
  func logProbability(_ seats: [Int]) -> Double {
    var tables: [Int64] = []
    var names: [Int: Int] = [:]
    var sum = 0.0
    for seat in seats {
      let table = names[seat] ?? tables.count
      let instance =
        discount == 0
        ? VectorInstance("CRP", [.ints(tables), .real(1.3)])
        : VectorInstance("PitmanYor", [.ints(tables), .real(1.3), .real(discount)])
      sum += instance.logDensity(.int(Int64(table)))
      if table == tables.count { tables.append(0) }
      tables[table] += 1
      names[seat] = table
    }
    return sum
  }
  let first = logProbability([0, 0, 1, 0, 2, 1])
  for seats in [[2, 0, 1, 0, 0, 1], [0, 1, 2, 1, 0, 0], [1, 1, 0, 0, 0, 2]] {
    #expect(abs(logProbability(seats) - first) < 1e-12)
  }
}
