#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The inverse of the standard normal distribution function, for ranks.
enum NormalQuantile {
  /// The quantile by Newton steps on `erfc`, started from a logistic approximation.
  ///
  /// - Parameter probability: In (0, 1).
  static func value(at probability: Double) -> Double {
    if probability > 0.5 { return -value(at: 1 - probability) }
    guard probability > 0 else { return -.infinity }
    var x = probability > 0.02 ? log(probability / (1 - probability)) / 1.702 : -2
    for _ in 0..<60 {
      let cumulative = 0.5 * erfc(-x * 0.5.squareRoot())
      let density = exp(-0.5 * x * x) * 0.398_942_280_401_432_7
      // Newton on the logarithm of the cumulative converges from both sides in the left tail.
      let step = cumulative * log(cumulative / probability) / density
      x -= step
      if abs(step) < 1e-13 * max(1, abs(x)) { break }
    }
    return x
  }
}
