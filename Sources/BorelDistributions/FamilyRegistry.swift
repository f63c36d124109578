/// All families, sorted by name: the position is the number of the family in compiled code.
package enum FamilyRegistry {
  package static let families: [any Family.Type] = [
    Bernoulli.self,
    BernoulliLogit.self,
    Beta.self,
    BetaBinomial.self,
    Binomial.self,
    Categorical.self,
    Cauchy.self,
    ChiSquared.self,
    DiscreteUniform.self,
    Exponential.self,
    Gamma.self,
    Geometric.self,
    Gumbel.self,
    HalfCauchy.self,
    HalfNormal.self,
    HalfStudentT.self,
    Hypergeometric.self,
    InverseGamma.self,
    InverseGaussian.self,
    Laplace.self,
    LogNormal.self,
    Logistic.self,
    NegativeBinomial.self,
    Normal.self,
    OrderedLogistic.self,
    Pareto.self,
    Poisson.self,
    SkewNormal.self,
    StudentT.self,
    Uniform.self,
    VonMises.self,
    Weibull.self,
  ]

  private static let indices: [String: Int] = Dictionary(
    families.enumerated().map { ($1.signature.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The number of the family with a name, as written in a program.
  package static func index(of name: String) -> Int? { indices[name] }

  /// The family with a number that `index(of:)` gave out.
  package static func family(at index: Int) -> any Family.Type { families[index] }

  /// The family with a name.
  package static func family(named name: String) -> (any Family.Type)? {
    indices[name].map { families[$0] }
  }
}
