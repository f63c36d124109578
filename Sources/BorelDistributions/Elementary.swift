import BorelKernels

// Elementary functions with the bits of the column kernels of the same name. Samplers and
// log-densities use these and never the C library's, so that one lane equals many.

@inline(__always) func exp(_ x: Double) -> Double { borel_exp(x) }
@inline(__always) func expm1(_ x: Double) -> Double { borel_expm1(x) }
@inline(__always) func log(_ x: Double) -> Double { borel_log(x) }
@inline(__always) func log1p(_ x: Double) -> Double { borel_log1p(x) }
/// log(1 + exp(x)).
@inline(__always) func log1pexp(_ x: Double) -> Double { borel_log1pexp(x) }
@inline(__always) func sin(_ x: Double) -> Double { borel_sin(x) }
@inline(__always) func cos(_ x: Double) -> Double { borel_cos(x) }
@inline(__always) func tan(_ x: Double) -> Double { borel_tan(x) }
@inline(__always) func tanh(_ x: Double) -> Double { borel_tanh(x) }
@inline(__always) func atan2(_ y: Double, _ x: Double) -> Double { borel_atan2(y, x) }
@inline(__always) func pow(_ x: Double, _ y: Double) -> Double { borel_pow(x, y) }
@inline(__always) func erf(_ x: Double) -> Double { borel_erf(x) }
@inline(__always) func lgamma(_ x: Double) -> Double { borel_lgamma(x) }
@inline(__always) func digamma(_ x: Double) -> Double { borel_digamma(x) }
@inline(__always) func lbeta(_ a: Double, _ b: Double) -> Double { borel_lbeta(a, b) }
@inline(__always) func lchoose(_ n: Double, _ k: Double) -> Double { borel_lchoose(n, k) }
@inline(__always) func logistic(_ x: Double) -> Double { borel_logistic(x) }
@inline(__always) func logit(_ p: Double) -> Double { borel_logit(p) }

/// a log x, and 0 when a is 0 whatever x is.
@inline(__always) func xlogy(_ a: Double, _ x: Double) -> Double { a == 0 ? 0 : a * log(x) }

/// log(1 - exp(x)) for x <= 0.
///
/// Source: Maechler (2012), "Accurately computing log(1 - exp(-|a|))", equation 7.
func log1mexp(_ x: Double) -> Double {
  x > -Constant.log2 ? log(-expm1(x)) : log1p(-exp(x))
}

/// log(exp(x) - exp(y)) for x >= y.
func logDifference(_ x: Double, _ y: Double) -> Double {
  if y == -.infinity { return x }
  return x + log1mexp(y - x)
}

/// The log-density of a value outside the support; NaN stays NaN.
@inline(__always) func outsideSupport(_ x: Double) -> Double { x.isNaN ? x : -.infinity }

/// Mathematical constants, correctly rounded.
enum Constant {
  static let log2 = 0.69314718055994530942
  static let logPi = 1.1447298858494001741
  /// log(2 pi) / 2.
  static let logSqrt2Pi = 0.91893853320467274178
  static let eulerGamma = 0.57721566490153286061
  static let sqrt2 = 1.4142135623730950488
  /// sqrt(2 / pi).
  static let sqrt2OverPi = 0.79788456080286535588
}
