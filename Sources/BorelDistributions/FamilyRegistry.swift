/// All families, sorted by name: the position is the number of the family in compiled code.
package enum FamilyRegistry {
  package static let families: [any Family.Type] = [
    AR.self,
    Bernoulli.self,
    BernoulliLogit.self,
    Beta.self,
    BetaBinomial.self,
    Binomial.self,
    CRP.self,
    Categorical.self,
    Cauchy.self,
    Censored.self,
    ChiSquared.self,
    Delta.self,
    Dirichlet.self,
    DirichletMultinomial.self,
    DiscreteUniform.self,
    Empirical.self,
    Exponential.self,
    Gamma.self,
    Geometric.self,
    Gumbel.self,
    HalfCauchy.self,
    HalfNormal.self,
    HalfStudentT.self,
    Hypergeometric.self,
    IID.self,
    InverseGamma.self,
    InverseGaussian.self,
    InverseWishart.self,
    LKJ.self,
    Laplace.self,
    LogNormal.self,
    Logistic.self,
    Mixture.self,
    Multinomial.self,
    MultivariateNormal.self,
    MultivariateStudentT.self,
    NegativeBinomial.self,
    Normal.self,
    OrderedLogistic.self,
    Pareto.self,
    PitmanYor.self,
    Poisson.self,
    Posterior.self,
    Product.self,
    RandomWalk.self,
    SkewNormal.self,
    StickBreaking.self,
    StudentT.self,
    Truncated.self,
    Uniform.self,
    VonMises.self,
    Weibull.self,
    Wishart.self,
    ZeroInflated.self,
  ]

  /// Behind the families of the language come those of the host's distributions, which programs
  /// know under the names that the host gives.
  private static let all: [any Family.Type] = families + hostFamilies

  /// Number of families, those of the host included.
  static let count = all.count

  private static let indices: [String: Int] = Dictionary(
    all.enumerated().map { ($1.signature.name, $0) }, uniquingKeysWith: { first, _ in first })

  /// The number of the family with a name, as written in a program.
  package static func index(of name: String) -> Int? { indices[name] }

  /// The family with a number that `index(of:)` gave out.
  package static func family(at index: Int) -> any Family.Type { all[index] }

  /// The family with a name.
  package static func family(named name: String) -> (any Family.Type)? {
    indices[name].map { all[$0] }
  }
}
