import BorelDistributions
import BorelHeap

/// One argument of a family in a test.
enum Argument: Hashable, Sendable {
  case real(Double)
  case int(Int64)
  case reals([Double])
}

/// A family with parameters: what the laws are checked on.
///
/// Every scalar family has at least one case; a test names those that have none.
struct LawCase: Hashable, Sendable, CustomStringConvertible {
  var family: String
  /// In the order of the first parametrisation.
  var arguments: [Argument]
  /// The fourth moment is infinite, or so large that sample moments say nothing.
  var hasHeavyTails = false

  init(_ family: String, _ arguments: Argument..., heavyTails: Bool = false) {
    self.family = family
    self.arguments = arguments
    self.hasHeavyTails = heavyTails
  }

  var description: String { "\(family)\(arguments)" }

  var type: any Family.Type {
    guard let type = FamilyRegistry.family(named: family) else {
      preconditionFailure("no family \(family)")
    }
    return type
  }
}

extension LawCase {
  static let continuous: [LawCase] = [
    LawCase("Normal", .real(0), .real(1)),
    LawCase("Normal", .real(-3), .real(0.2)),
    LawCase("HalfNormal", .real(2)),
    LawCase("LogNormal", .real(0.3), .real(0.7)),
    LawCase("LogNormal", .real(-1), .real(2.5), heavyTails: true),
    LawCase("StudentT", .real(9), .real(1), .real(2)),
    LawCase("StudentT", .real(0.8), .real(0), .real(1), heavyTails: true),
    LawCase("HalfStudentT", .real(8), .real(2.5)),
    LawCase("HalfStudentT", .real(1.5), .real(2.5), heavyTails: true),
    LawCase("Cauchy", .real(-1), .real(0.5), heavyTails: true),
    LawCase("HalfCauchy", .real(5), heavyTails: true),
    LawCase("Laplace", .real(2), .real(1.5)),
    LawCase("Logistic", .real(1), .real(0.3)),
    LawCase("Gumbel", .real(0.5), .real(2)),
    LawCase("Exponential", .real(1.7)),
    LawCase("Gamma", .real(2.5), .real(0.8)),
    LawCase("Gamma", .real(0.3), .real(2)),
    LawCase("Gamma", .real(1), .real(2)),
    LawCase("Gamma", .real(400), .real(3)),
    LawCase("InverseGamma", .real(6), .real(2)),
    LawCase("InverseGamma", .real(0.7), .real(2), heavyTails: true),
    LawCase("ChiSquared", .real(3)),
    LawCase("ChiSquared", .real(1)),
    LawCase("Beta", .real(2), .real(3)),
    LawCase("Beta", .real(0.5), .real(0.4)),
    LawCase("Beta", .real(1), .real(4)),
    LawCase("Uniform", .real(-1), .real(3)),
    LawCase("Weibull", .real(1.5), .real(2)),
    LawCase("Weibull", .real(0.7), .real(2)),
    LawCase("Pareto", .real(6), .real(1.2)),
    LawCase("Pareto", .real(1.1), .real(1.2), heavyTails: true),
    LawCase("VonMises", .real(0.5), .real(2)),
    LawCase("VonMises", .real(-2), .real(0)),
    LawCase("VonMises", .real(1), .real(5000)),
    LawCase("SkewNormal", .real(1), .real(2), .real(4)),
    LawCase("SkewNormal", .real(0), .real(1), .real(-0.6)),
    LawCase("InverseGaussian", .real(1), .real(3)),
    LawCase("InverseGaussian", .real(2), .real(0.5), heavyTails: true),
  ]

  static let discrete: [LawCase] = [
    LawCase("Bernoulli", .real(0.3)),
    LawCase("Bernoulli", .real(1)),
    LawCase("BernoulliLogit", .real(-1.2)),
    LawCase("Binomial", .int(12), .real(0.35)),
    LawCase("Binomial", .int(1000), .real(0.4)),
    LawCase("Binomial", .int(5), .real(0)),
    LawCase("Binomial", .int(5), .real(1)),
    LawCase("Binomial", .int(0), .real(0.5)),
    LawCase("BetaBinomial", .int(10), .real(2), .real(3)),
    LawCase("BetaBinomial", .int(30), .real(0.4), .real(0.7)),
    LawCase("Poisson", .real(0)),
    LawCase("Poisson", .real(0.2)),
    LawCase("Poisson", .real(6.5)),
    LawCase("Poisson", .real(3000)),
    LawCase("NegativeBinomial", .real(4.5), .real(3)),
    LawCase("NegativeBinomial", .real(20), .real(0.4)),
    LawCase("NegativeBinomial", .real(0), .real(1)),
    LawCase("Geometric", .real(0.2)),
    LawCase("Geometric", .real(1)),
    LawCase("Hypergeometric", .int(10), .int(12), .int(30)),
    LawCase("Hypergeometric", .int(300), .int(400), .int(600)),
    LawCase("Hypergeometric", .int(0), .int(0), .int(0)),
    LawCase("Categorical", .reals([0.2, 0.5, 0, 0.3])),
    LawCase("Categorical", .reals([0, 7])),
    LawCase("DiscreteUniform", .int(-2), .int(7)),
    LawCase("DiscreteUniform", .int(3), .int(3)),
    LawCase("OrderedLogistic", .real(0.4), .reals([-1, 0.5, 2.5])),
  ]

  static let all = continuous + discrete
}

/// The words of a case's parameters. They live as long as the process, since `LaneWords` does not
/// keep them alive.
final class ParameterWords {
  let arena = Arena()
  let base: UnsafeMutablePointer<UInt64>
  let count: Int

  init(_ arguments: [Argument]) {
    count = arguments.count
    base = .allocate(capacity: max(1, count))
    _ = Unmanaged.passRetained(arena)
    for (index, argument) in arguments.enumerated() {
      base[index] =
        switch argument {
        case .real(let x): x.bitPattern
        case .int(let n): UInt64(bitPattern: n)
        case .reals(let values): arena.makeArray(values).object.bits
        }
    }
  }

  var words: LaneWords { LaneWords(base) }

  /// One operand per parameter, the same for all lanes.
  var uniformOperands: [ColumnOperand] {
    (0..<count).map { ColumnOperand(base: base + $0, stride: 0) }
  }
}

extension Family {
  /// The log-density of a scalar value given as a real.
  static func logDensity(ofScalar x: Double, _ parameters: LaneWords) -> Double {
    let isInteger = signature.value != .real
    if isInteger, x != x.rounded() { return -.infinity }
    var word = isInteger ? UInt64(bitPattern: Int64(x)) : x.bitPattern
    return withUnsafePointer(to: &word) { logDensity(LaneWords($0), parameters) }
  }

  /// A scalar value's word as a real.
  static func scalar(_ word: UInt64) -> Double {
    signature.value == .real ? Double(bitPattern: word) : Double(Int64(bitPattern: word))
  }
}
