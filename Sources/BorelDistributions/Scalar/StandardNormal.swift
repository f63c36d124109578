import BorelKernels

/// The standard normal distribution, for the families built on it.
enum StandardNormal {
  @inline(__always) static func logDensity(_ z: Double) -> Double {
    -0.5 * z * z - Constant.logSqrt2Pi
  }
  @inline(__always) static func cumulative(_ z: Double) -> Double { borel_normal_cdf(z) }
  @inline(__always) static func logCumulative(_ z: Double) -> Double { borel_normal_log_cdf(z) }
  @inline(__always) static func quantile(_ p: Double) -> Double {
    if p > 0 && p < 1 { return borel_normal_quantile(p) }
    return p == 0 ? -.infinity : p == 1 ? .infinity : .nan
  }

  /// density / cumulative at z: the derivative of `logCumulative`.
  static func hazard(_ z: Double) -> Double { exp(logDensity(z) - logCumulative(z)) }
}
