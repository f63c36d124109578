import BorelKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The inverse of the standard normal distribution function, for ranks.
enum NormalQuantile {
  /// - Parameter probability: In (0, 1).
  static func value(at probability: Double) -> Double { borel_normal_quantile(probability) }

  /// The decimal logarithm.
  static func log10(_ x: Double) -> Double {
    #if canImport(Glibc)
      Glibc.log10(x)
    #elseif canImport(Musl)
      Musl.log10(x)
    #else
      Darwin.log10(x)
    #endif
  }
}
