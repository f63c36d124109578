import BorelDistributions
import BorelHeap
import Testing

/// A family at a value, for derivatives along random changes of everything that is smooth.
struct TangentCase: Sendable, CustomTestStringConvertible {
  var family: String
  var arguments: [VectorArgument]
  var value: VectorArgument
  var testDescription: String { "\(family) at \(value)" }

  init(_ family: String, _ arguments: [VectorArgument], at value: VectorArgument) {
    self.family = family
    self.arguments = arguments
    self.value = value
  }

  private static let factor: VectorArgument = .matrix([[1.3, 0], [-0.4, 0.8]])
  private static let normal: VectorArgument = .distribution("Normal", [.real(0.4), .real(1.3)])
  private static let gamma: VectorArgument = .distribution("Gamma", [.real(2.5), .real(1.2)])

  static let all: [TangentCase] = [
    .init("Normal", [.real(0.3), .real(1.4)], at: .real(1.1)),
    .init("Bernoulli", [.real(0.3)], at: .int(1)),
    .init("Bernoulli", [.real(0.3)], at: .int(0)),
    .init("BernoulliLogit", [.real(0.7)], at: .int(1)),
    .init("BernoulliLogit", [.real(0.7)], at: .int(0)),
    .init("Binomial", [.int(7), .real(0.35)], at: .int(3)),
    .init("Binomial", [.int(7), .real(0.35)], at: .int(7)),
    .init("Geometric", [.real(0.35)], at: .int(4)),
    .init("Poisson", [.real(3.2)], at: .int(5)),
    .init("Poisson", [.real(3.2)], at: .int(0)),
    .init("NegativeBinomial", [.real(3.2), .real(1.7)], at: .int(5)),
    .init("NegativeBinomial", [.real(3.2), .real(1.7)], at: .int(0)),
    .init("BetaBinomial", [.int(9), .real(1.4), .real(2.2)], at: .int(4)),
    .init("Categorical", [.reals([0.2, 0.5, 0.3])], at: .int(1)),
    .init("OrderedLogistic", [.real(0.3), .reals([-1, 0.4, 1.2])], at: .int(0)),
    .init("OrderedLogistic", [.real(0.3), .reals([-1, 0.4, 1.2])], at: .int(2)),
    .init("OrderedLogistic", [.real(0.3), .reals([-1, 0.4, 1.2])], at: .int(3)),
    .init("Multinomial", [.int(5), .reals([0.2, 0.5, 0.3])], at: .ints([1, 3, 1])),
    .init("Dirichlet", [.reals([1.3, 0.6, 2.4])], at: .reals([0.25, 0.35, 0.4])),
    .init("DirichletMultinomial", [.int(6), .reals([1.3, 0.6, 2.4])], at: .ints([2, 0, 4])),
    .init("MultivariateNormal", [.reals([0.3, -0.2]), factor], at: .reals([1.1, 0.5])),
    .init(
      "MultivariateStudentT", [.real(4.5), .reals([0.3, -0.2]), factor], at: .reals([1.1, 0.5])),
    .init("Wishart", [.real(4.2), factor], at: .matrix([[2.1, 0.3], [0.3, 1.4]])),
    .init("InverseWishart", [.real(4.2), factor], at: .matrix([[2.1, 0.3], [0.3, 1.4]])),
    .init("LKJ", [.int(2), .real(1.8)], at: .matrix([[1, 0.3], [0.3, 1]])),
    .init("CRP", [.ints([2, 1]), .real(1.4)], at: .int(0)),
    .init("CRP", [.ints([2, 1]), .real(1.4)], at: .int(2)),
    .init("PitmanYor", [.ints([2, 1]), .real(1.4), .real(0.3)], at: .int(1)),
    .init("PitmanYor", [.ints([2, 1]), .real(1.4), .real(0.3)], at: .int(2)),
    .init("StickBreaking", [.real(1.7), .int(3)], at: .reals([0.25, 0.35, 0.4])),
    .init("RandomWalk", [.real(0.7), .int(3), .real(0.2)], at: .reals([0.4, -0.3, 0.5])),
    .init(
      "AR", [.reals([0.6, -0.2]), .real(0.7), .int(4), .real(0.2)],
      at: .reals([0.4, -0.3, 0.5, 1.1])),
    .init("Mixture", [.reals([0.4, 1.1]), .distributions([normal, gamma])], at: .real(0.8)),
    .init("Truncated", [normal, .real(-0.5), .real(2)], at: .real(0.8)),
    .init("Censored", [normal, .real(-0.5), .real(2)], at: .real(0.8)),
    .init("Censored", [normal, .real(-0.5), .real(2)], at: .real(2)),
    .init("Censored", [normal, .real(-0.5), .real(2)], at: .real(-0.5)),
    .init("ZeroInflated", [.real(0.3), gamma], at: .real(0.8)),
    .init(
      "ZeroInflated", [.real(0.3), .distribution("Poisson", [.real(1.4)])], at: .int(0)),
    .init("IID", [normal, .int(3)], at: .reals([0.1, 0.9, 1.6])),
    .init("Product", [.distributions([normal, gamma])], at: .reals([0.1, 0.9])),
    .init("Empirical", [.values([.int(1), .int(2), .int(1)]), .reals([0.5, 1, 2])], at: .int(1)),
  ]
}

extension VectorArgument {
  /// A random change of an argument: numbers in it move, all else stays.
  fileprivate func change(_ random: inout some RandomNumberGenerator) -> VectorArgument {
    func real() -> Double { Double.random(in: -1...1, using: &random) }
    switch self {
    case .real: return .real(real())
    case .int: return .int(0)
    case .reals(let values): return .reals(values.map { _ in real() })
    case .ints, .values: return self
    case .matrix(let rows):
      return .matrix(
        rows.enumerated().map { i, row in row.indices.map { $0 <= i ? real() : 0 } })
    case .distribution(let name, let arguments):
      return .distribution(name, arguments.map { $0.change(&random) })
    case .distributions(let list): return .distributions(list.map { $0.change(&random) })
    }
  }

  fileprivate func moved(along change: VectorArgument, by step: Double) -> VectorArgument {
    switch (self, change) {
    case (.real(let x), .real(let dx)): return .real(x + step * dx)
    case (.reals(let x), .reals(let dx)): return .reals(zip(x, dx).map { $0 + step * $1 })
    case (.matrix(let x), .matrix(let dx)):
      return .matrix(zip(x, dx).map { zip($0, $1).map { $0 + step * $1 } })
    case (.distribution(let name, let x), .distribution(_, let dx)):
      return .distribution(name, zip(x, dx).map { $0.moved(along: $1, by: step) })
    case (.distributions(let x), .distributions(let dx)):
      return .distributions(zip(x, dx).map { $0.moved(along: $1, by: step) })
    default: return self
    }
  }
}

/// Families whose parameters are all whole numbers, values or draws: nothing to differentiate.
private let withoutTangent: Set<String> = [
  "Delta", "DiscreteUniform", "Hypergeometric", "Posterior",
]

@Suite struct TangentLaw {
  @Test func everyFamilyWithRealParametersHasATangent() {
    let without = FamilyRegistry.families.filter { !($0 is any HasTangent.Type) }
    #expect(Set(without.map { $0.signature.name }) == withoutTangent)
  }

  @Test func everyFamilyIsTested() {
    let tested = Set(TangentCase.all.map(\.family) + LawCase.continuous.map(\.family))
    let names = Set(FamilyRegistry.families.map { $0.signature.name })
    #expect(names.subtracting(tested).subtracting(withoutTangent) == [])
  }

  /// Fourth-order differences with a step of 1e-3 of words of order 1: truncation of order 1e-11,
  /// rounding 1e-12.
  @Test(arguments: TangentCase.all)
  func tangentAgreesWithDifferences(law: TangentCase) throws {
    let type = try #require(FamilyRegistry.family(named: law.family) as? any HasTangent.Type)
    var random = SystemSeed(state: 11)
    let instance = VectorInstance(law.family, law.arguments)
    let count = law.arguments.count
    for position in 0...count where type.isSmooth(in: position) {
      let moving = position < count ? law.arguments[position] : law.value
      let change = moving.change(&random)
      func density(_ step: Double) -> Double {
        let moved = moving.moved(along: change, by: step)
        if position == count { return instance.logDensity(moved) }
        var arguments = law.arguments
        arguments[position] = moved
        return VectorInstance(law.family, arguments).logDensity(law.value)
      }
      let h = 1e-3
      let difference =
        (8 * (density(h) - density(-h)) - (density(2 * h) - density(-2 * h))) / (12 * h)
      var words = [UInt64](repeating: 0, count: LaneBuffer.capacity)
      words[position] = change.word(in: instance.arena)
      let value = law.value.word(in: instance.arena)
      let found = words.withUnsafeBufferPointer { words in
        withUnsafePointer(to: value) { value in
          instance.ask {
            type.tangent(
              LaneWords(value), $0.parameters,
              LaneWords(words.baseAddress.unsafelyUnwrapped))
          }
        }
      }
      #expect(
        abs(found - difference) < 1e-8 * (1 + abs(difference)),
        "word \(position): \(found) against \(difference)")
    }
  }

  @Test func whatMovesTheSupportIsNotSmooth() {
    func smooth(_ name: String) -> [Int] {
      guard let type = FamilyRegistry.family(named: name) as? any HasTangent.Type else { return [] }
      return (0..<8).filter { type.isSmooth(in: $0) && $0 <= 3 }
    }
    #expect(!smooth("Uniform").contains(0) && !smooth("Uniform").contains(1))
    #expect(!smooth("Pareto").contains(1) || !smooth("Pareto").contains(0))
    #expect(!smooth("Truncated").contains(1))
    #expect(smooth("Normal").prefix(3) == [0, 1, 2])
    #expect(!smooth("Poisson").contains(1))
  }
}

/// A fixed sequence.
private struct SystemSeed: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 33)
  }
}
