import BorelBase

/// The kind of a parameter or of a value of a family.
package enum ParameterKind: Hashable, Sendable {
  case real, int, bool
  case realArray, intArray, matrix
  /// A distribution over values of the family's own value type (`Truncated`, `IID`).
  case distribution
  case distributionArray
  /// A value, or an array of values, of the family's own value type (`Delta`, `Empirical`).
  case value
  case valueArray
}

/// The kind of what a family draws.
package enum ValueKind: Hashable, Sendable {
  case real, int, bool
  case realArray, intArray, matrix
  /// The type of a `value`, `valueArray`, `distribution` or `distributionArray` parameter.
  case element
  /// An array of elements of the distribution parameter (`IID`, `Product`).
  case elementArray
}

/// Where a parameter may lie. NaN lies nowhere.
package indirect enum Domain: Hashable, Sendable {
  case any
  /// Finite.
  case finite
  case positive
  case nonNegative
  case openUnitInterval
  case unitInterval
  case interval(Double, Double, lowerOpen: Bool, upperOpen: Bool)
  case intAtLeast(Int64)
  /// Every element of an array lies in the domain; the array is not empty.
  case each(Domain)
  /// Non-negative, finite, sum 1 within 1e-6.
  case simplex
  /// Non-negative, finite, positive sum; normalised by the family.
  case weights
  case symmetricPositiveDefinite
  /// Lower triangular with positive diagonal.
  case choleskyFactor
  case increasing
}

/// Where the values of a family lie; random walks take their transform from it.
package enum Support: Hashable, Sendable {
  case real, positive, nonNegative, unitInterval
  /// Between two parameters, by index.
  case betweenParameters(Int, Int)
  case aboveParameter(Int)
  case circle
  case booleans
  case naturalNumbers
  /// Integers from a constant to a parameter (or one below it).
  case integers(from: Int, through: IntegerBound)
  case realVector, simplex, orderedVector
  case positiveDefiniteMatrix, correlationMatrix
  /// That of the parts: combinators.
  case dependent

  package enum IntegerBound: Hashable, Sendable {
    case infinity
    case parameter(Int)
    case parameterMinusOne(Int)
    /// The number of elements of an array.
    case countOfParameter(Int)
    case countOfParameterMinusOne(Int)
  }
}

/// The measure that the density refers to (semantics, section 5.2).
package enum BaseMeasure: Hashable, Sendable {
  case counting
  case lebesgue
  /// The first K - 1 coordinates of a simplex.
  case simplexChart
  /// The lower triangle of a symmetric matrix.
  case lowerTriangle
  /// The strict lower triangle of a correlation matrix.
  case strictLowerTriangle
  /// Atoms plus Lebesgue.
  case mixed
  case dependent
}

/// One way to give the parameters of a family.
package struct Parametrisation: Sendable {
  package struct Parameter: Sendable {
    /// The label in the program.
    package var name: String
    package var kind: ParameterKind
    package var domain: Domain
    package var summary: String
    /// How to get the parameter of the first parametrisation at the same position from this one.
    package var conversion: Conversion
    /// A literal default when the argument may be left out; for an array parameter the array
    /// with this one element.
    package var defaultValue: Double?

    package init(
      _ name: String, _ kind: ParameterKind, _ domain: Domain, _ summary: String,
      conversion: Conversion = .identity, defaultValue: Double? = nil
    ) {
      self.name = name
      self.kind = kind
      self.domain = domain
      self.summary = summary
      self.conversion = conversion
      self.defaultValue = defaultValue
    }
  }

  package enum Conversion: Hashable, Sendable {
    case identity
    case reciprocal
    case squareRoot
    case reciprocalSquareRoot
    case exponential
    case logistic
    /// Lower Cholesky factor of a covariance, or of the inverse of a precision.
    case choleskyOfCovariance
    case choleskyOfPrecision
    /// x q, with q the parameter at a position of the same parametrisation, as it was written.
    case times(Int)
    /// x (1 - q).
    case timesComplement(Int)
    /// (1 - x) / x q: the mean number of failures before q successes of probability x.
    case failureOddsTimes(Int)

    /// The position of q in a conversion that involves two parameters; q's own conversion is the
    /// identity or of this kind.
    package var partner: Int? {
      switch self {
      case .times(let other), .timesComplement(let other), .failureOddsTimes(let other): other
      case .identity, .reciprocal, .squareRoot, .reciprocalSquareRoot, .exponential, .logistic,
        .choleskyOfCovariance, .choleskyOfPrecision:
        nil
      }
    }
  }

  package var parameters: [Parameter]
  package init(_ parameters: [Parameter]) { self.parameters = parameters }
}

/// What there is to know about a family without running it. Checker, help, reference pages and
/// law tests read it.
package struct FamilySignature: Sendable {
  package var name: String
  package var summary: String
  /// The first one is canonical: the code of the family sees its parameters only. Further ones
  /// have as many parameters, told apart by their labels.
  package var parametrisations: [Parametrisation]
  package var value: ValueKind
  package var support: Support
  package var baseMeasure: BaseMeasure
  /// Conventions differ between systems, so positional arguments are refused (semantics, 1.5).
  package var requiresLabels: Bool
  /// Scalar parameters and value: arrays broadcast to a plate.
  package var isElementwise: Bool
  /// The condition that involves several parameters, 'low must be below high': what
  /// `Family.violation` checks; nil when there is none.
  package var jointCondition: String?
  package var source: String

  package init(
    name: String, summary: String, parametrisations: [Parametrisation], value: ValueKind,
    support: Support, baseMeasure: BaseMeasure, requiresLabels: Bool = false,
    isElementwise: Bool = true, jointCondition: String? = nil, source: String
  ) {
    self.name = name
    self.summary = summary
    self.parametrisations = parametrisations
    self.value = value
    self.support = support
    self.baseMeasure = baseMeasure
    self.requiresLabels = requiresLabels
    self.isElementwise = isElementwise
    self.jointCondition = jointCondition
    self.source = source
  }
}
