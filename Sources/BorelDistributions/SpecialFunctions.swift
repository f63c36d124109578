import BorelSpecialFunctions

/// Special functions for distribution functions and their inverses. Not for samplers and
/// log-densities, whose bits must be those of the column kernels.
enum SpecialFunctions {
  /// The z with erf(z) = p.
  static func erfInverse(_ p: Double) -> Double { borel_sf_erf_inv(p) }

  /// P(a, x) = gamma(a, x) / Gamma(a), a > 0, x >= 0.
  static func gammaP(_ a: Double, _ x: Double) -> Double {
    x <= 0 ? 0 : x == .infinity ? 1 : borel_sf_gamma_p(a, x)
  }
  /// 1 - P(a, x).
  static func gammaQ(_ a: Double, _ x: Double) -> Double {
    x <= 0 ? 1 : x == .infinity ? 0 : borel_sf_gamma_q(a, x)
  }
  /// The x with P(a, x) = p.
  static func gammaPInverse(_ a: Double, _ p: Double) -> Double {
    if p == 0 { return 0 }
    return p == 1 ? .infinity : borel_sf_gamma_p_inv(a, p)
  }
  /// The x with Q(a, x) = q.
  static func gammaQInverse(_ a: Double, _ q: Double) -> Double {
    if q == 1 { return 0 }
    return q == 0 ? .infinity : borel_sf_gamma_q_inv(a, q)
  }

  /// I_x(a, b).
  static func beta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    x <= 0 ? 0 : x >= 1 ? 1 : borel_sf_ibeta(a, b, x)
  }
  /// 1 - I_x(a, b).
  static func betaComplement(_ a: Double, _ b: Double, _ x: Double) -> Double {
    x <= 0 ? 1 : x >= 1 ? 0 : borel_sf_ibetac(a, b, x)
  }
  /// The x with I_x(a, b) = p.
  static func betaInverse(_ a: Double, _ b: Double, _ p: Double) -> Double {
    if p == 0 || p == 1 { return p }
    return borel_sf_ibeta_inv(a, b, p)
  }
  /// The x with 1 - I_x(a, b) = q.
  static func betaComplementInverse(_ a: Double, _ b: Double, _ q: Double) -> Double {
    if q == 0 || q == 1 { return 1 - q }
    return borel_sf_ibetac_inv(a, b, q)
  }

  /// Owen's T function.
  static func owensT(_ h: Double, _ a: Double) -> Double { borel_sf_owens_t(h, a) }
}
