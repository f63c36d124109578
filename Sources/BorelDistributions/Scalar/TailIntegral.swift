/// Integrals of a density over one tail, with relative accuracy: for families whose distribution
/// function would come out as a difference of close numbers there.
enum TailIntegral {
  /// Nodes and weights of Gauss-Legendre quadrature with 16 points, the positive half.
  private static let nodes: [(Double, Double)] = [
    (0.09501250983763744019, 0.18945061045506849629),
    (0.28160355077925891323, 0.18260341504492358887),
    (0.45801677765722738634, 0.16915651939500253819),
    (0.61787624440264374845, 0.14959598881657673208),
    (0.75540440835500303390, 0.12462897125553387205),
    (0.86563120238783174388, 0.09515851168249278481),
    (0.94457502307323257608, 0.06225352393864789286),
    (0.98940093499164993260, 0.02715245941175409485),
  ]

  /// The log of the integral of exp(`logDensity`) from `x` outwards.
  ///
  /// The density falls from x on; the integral stops where it has fallen by exp(-40) or at `end`.
  ///
  /// - Parameters:
  ///   - scale: A length over which the density changes; its sign is the direction.
  ///   - end: The end of the support in that direction.
  static func logIntegral(
    from x: Double, scale: Double, end: Double, logDensity: (Double) -> Double
  ) -> Double {
    let top = logDensity(x)
    if top == -.infinity { return top }
    var length = scale
    while abs(length) < abs(end - x), logDensity(x + length) > top - 40 { length *= 2 }
    while abs(length) > 1e-300, logDensity(x + length / 2) < top - 40 { length /= 2 }
    if abs(length) > abs(end - x) { length = end - x }
    return top + log(integral(from: x, to: x + length) { exp(logDensity($0) - top) })
  }

  /// The integral of a smooth function between two points, by 8 panels; the length counts as
  /// positive in either direction.
  static func integral(
    from a: Double, to b: Double, _ function: (Double) -> Double
  ) -> Double {
    let panels = 8
    let half = (b - a) / Double(2 * panels)
    var sum = 0.0
    for panel in 0..<panels {
      let middle = a + Double(2 * panel + 1) * half
      for (node, weight) in nodes {
        sum += weight * (function(middle - half * node) + function(middle + half * node))
      }
    }
    return abs(half) * sum
  }
}
