import BorelDistributions
import BorelHeap
import Testing

private let normal = VectorArgument.distribution("Normal", [.real(0), .real(1)])

@Test func wrongParametersAreExplained() {
  let cases: [(String, [VectorArgument], String)] = [
    (
      "MultivariateNormal", [.reals([0]), .matrix([[1, 0], [0, 1]])],
      "'MultivariateNormal': the mean must have as many elements as the matrix has rows"
    ),
    (
      "Wishart", [.real(1), .matrix([[1, 0], [0, 1]])],
      "'Wishart': df must be above the number of rows minus 1"
    ),
    (
      "CRP", [.ints([1, -1]), .real(1)],
      "'CRP': the numbers of customers must be at least 0"
    ),
    (
      "PitmanYor", [.ints([1]), .real(-0.5), .real(0.2)],
      "'PitmanYor': alpha must be above -discount"
    ),
    (
      "Truncated", [normal, .real(2), .real(1)],
      "'Truncated': lower must be at most upper"
    ),
    (
      "Truncated", [.distribution("Exponential", [.real(1)]), .real(-3), .real(-2)],
      "'Truncated': there is no probability between lower and upper"
    ),
    (
      "Truncated", [.distribution("Dirichlet", [.reals([1, 1])]), .real(0), .real(1)],
      "'Truncated': the distribution must be one of numbers, which 'Dirichlet' is not known to be"
    ),
    (
      "Truncated", [.distribution("Normal", [.real(0), .real(-1)]), .real(0), .real(1)],
      "'Truncated': parameter 'sd' of 'Normal' must be positive and finite, found -1"
    ),
    (
      "Mixture", [.reals([1, 2]), .distributions([normal])],
      "'Mixture': there must be as many weights as components"
    ),
    (
      "Empirical", [.values([.int(1), .int(2)]), .reals([1, 2, 3])],
      "'Empirical': there must be one weight, or as many weights as values"
    ),
  ]
  for (name, arguments, text) in cases {
    #expect(VectorInstance(name, arguments).violation == text)
  }
}

@Test func deepNestingIsRefusedAndDoesNotOverflowTheStack() {
  let arena = Arena()
  var word = normal.word(in: arena)
  let family = FamilyRegistry.index(of: "IID") ?? 0
  for _ in 0..<100_000 { word = DistributionValue.make(family: family, [word, 1], in: arena) }
  let violation = DistributionValue(bits: word)?.violation
  #expect(violation == "'IID': distributions must be nested at most 100 deep")
}

/// Words of a dead lane: every domain that refuses them is respected, nothing traps.
@Test func missingObjectsNeverTrap() {
  let arena = Arena()
  for (index, family) in FamilyRegistry.families.enumerated() {
    let count = family.signature.parametrisations[0].parameters.count
    let zeros = arena.allocate(words: count + 1)
    zeros.update(repeating: 0, count: count + 1)
    let distribution = DistributionValue(family: index, parameters: LaneWords(zeros))
    _ = distribution.violation
    guard distribution.violation == nil else { continue }
    let value = arena.allocate(words: 64)
    value.update(repeating: 0, count: 64)
    _ = distribution.logDensity(LaneWords(value))
  }
}

@Test func valuesOfTheWrongSizeHaveNoDensity() {
  let identity = VectorArgument.matrix([[1, 0], [0, 1]])
  let cases: [(String, [VectorArgument], VectorArgument)] = [
    ("Multinomial", [.int(2), .reals([0.5, 0.5])], .ints([2])),
    ("Multinomial", [.int(2), .reals([0.5, 0.5])], .ints([3, -1])),
    ("Multinomial", [.int(2), .reals([0.5, 0.5])], .ints([.max, .max])),
    ("DirichletMultinomial", [.int(2), .reals([0.5, 0.5])], .ints([1, 2])),
    ("Dirichlet", [.reals([1, 1])], .reals([0.5, 0.4])),
    ("Dirichlet", [.reals([1, 1])], .reals([1])),
    ("MultivariateNormal", [.reals([0, 0]), identity], .reals([1])),
    ("MultivariateNormal", [.reals([0, 0]), identity], .reals([.infinity, 0])),
    ("Wishart", [.real(3), identity], .matrix([[1]])),
    ("Wishart", [.real(3), identity], .matrix([[1, 2], [2, 1]])),
    ("InverseWishart", [.real(3), identity], .matrix([[1, 0.5], [0, 1]])),
    ("LKJ", [.int(2), .real(1)], .matrix([[2, 0], [0, 2]])),
    ("StickBreaking", [.real(1), .int(3)], .reals([0.5, 0.5])),
    ("RandomWalk", [.real(1), .int(3), .real(0)], .reals([0.5, 0.5])),
    ("AR", [.reals([1]), .real(1), .int(3), .real(0)], .reals([])),
    ("CRP", [.ints([1]), .real(1)], .int(2)),
    ("CRP", [.ints([1]), .real(1)], .int(-1)),
  ]
  for (name, arguments, value) in cases {
    #expect(VectorInstance(name, arguments).logDensity(value) == -.infinity, "\(name)")
  }
}
