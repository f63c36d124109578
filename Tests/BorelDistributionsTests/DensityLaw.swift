import BorelDistributions
import Foundation
import Testing

/// Probabilities that cut the support into pieces.
private let cuts = [
  1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999,
  0.9999, 1 - 1e-6,
]

/// The integral of exp(log-density) between two points: adaptive Simpson's rule, to about 1e-10.
private func integral<F: Family>(
  _ family: F.Type, _ parameters: LaneWords, _ a: Double, _ b: Double
) -> Double {
  func density(_ x: Double) -> Double {
    Foundation.exp(F.logDensity(ofScalar: x, parameters))
  }
  func piece(
    _ a: Double, _ fa: Double, _ b: Double, _ fb: Double, _ fm: Double, _ whole: Double,
    _ tolerance: Double, _ depth: Int
  ) -> Double {
    let m = 0.5 * (a + b)
    let (fl, fr) = (density(0.5 * (a + m)), density(0.5 * (m + b)))
    let left = (m - a) / 6 * (fa + 4 * fl + fm)
    let right = (b - m) / 6 * (fm + 4 * fr + fb)
    if depth == 0 || abs(left + right - whole) < 15 * tolerance {
      return left + right + (left + right - whole) / 15
    }
    return piece(a, fa, m, fm, fl, left, tolerance / 2, depth - 1)
      + piece(m, fm, b, fb, fr, right, tolerance / 2, depth - 1)
  }
  let (fa, fb, fm) = (density(a), density(b), density(0.5 * (a + b)))
  return piece(a, fa, b, fb, fm, (b - a) / 6 * (fa + 4 * fm + fb), 1e-11, 40)
}

@Test(arguments: LawCase.continuous)
func densityIntegratesToCumulative(law: LawCase) {
  guard let family = law.type as? any HasQuantile.Type else { return }
  func check<F: HasQuantile>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    var total = 0.0
    for (low, high) in zip(cuts, cuts.dropFirst()) {
      let (a, b) = (F.quantile(low, parameters.words), F.quantile(high, parameters.words))
      let mass = integral(family, parameters.words, a, b)
      total += mass
      // The rule's own tolerance, with slack for its error estimate, and the rounding of the end
      // points, which is worst where 1 - x is small.
      let ends =
        1e-16 * (abs(a) + abs(b))
        * Foundation.exp(
          max(
            F.logDensity(ofScalar: a, parameters.words), F.logDensity(ofScalar: b, parameters.words)
          ))
      #expect(abs(mass - (high - low)) < 1e-9 + ends, "\(a)...\(b): \(mass)")
    }
    #expect(abs(total - (1 - 2e-6)) < 2e-8)
  }
  check(family)
}

@Test(arguments: LawCase.discrete)
func massSumsToCumulative(law: LawCase) {
  guard let family = law.type as? any HasQuantile.Type else { return }
  func check<F: HasQuantile>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    let low = F.quantile(1e-13, parameters.words)
    let high = F.quantile(1 - 1e-13, parameters.words)
    var sum = F.cumulative(low - 1, parameters.words)
    var k = low
    while k <= high {
      sum += Foundation.exp(F.logDensity(ofScalar: k, parameters.words))
      // A log-mass is a difference of terms of size k log k, so its error grows with them.
      let tolerance = 1e-13 * (10 + abs(high) * 10)
      #expect(abs(sum - F.cumulative(k, parameters.words)) < tolerance, "at \(k)")
      k += 1
    }
    #expect(abs(sum - 1) < 1e-12 * (10 + abs(high)))
  }
  check(family)
}

@Test(arguments: LawCase.all)
func finiteSupportHasMassOne(law: LawCase) {
  guard let family = law.type as? any FiniteSupport.Type else { return }
  func check<F: FiniteSupport>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    var value = [UInt64](repeating: 0, count: LaneBuffer.capacity)
    var seen: Set<UInt64> = []
    var total = 0.0
    for index in 0..<F.supportCount(parameters.words) {
      F.supportValue(index, parameters.words, arena: parameters.arena, into: &value)
      #expect(seen.insert(value[0]).inserted)
      total += Foundation.exp(F.logDensity(LaneWords(value), parameters.words))
    }
    #expect(abs(total - 1) < 1e-11)
  }
  check(family)
}

@Test(arguments: LawCase.all)
func quantileInvertsCumulative(law: LawCase) {
  guard let family = law.type as? any HasQuantile.Type else { return }
  func check<F: HasQuantile>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    for p in [1e-9] + cuts {
      let x = F.quantile(p, parameters.words)
      let found = F.cumulative(x, parameters.words)
      if F.signature.value == .real {
        // Half a unit in the last place of x moves the probability by density * ulp.
        let slope = Foundation.exp(F.logDensity(ofScalar: x, parameters.words))
        let tolerance = 1e-12 * min(p, 1 - p) + 8 * slope * x.ulp + 4 * p.ulp
        #expect(abs(found - p) <= tolerance, "\(p): \(x), \(found)")
        #expect(x.isFinite)
      } else {
        #expect(found >= p * (1 - 1e-13), "\(p): \(x), \(found)")
        let below = F.cumulative(x - 1, parameters.words)
        #expect(below < p * (1 + 1e-13), "\(p): \(x), \(below) below")
      }
    }
    #expect(F.quantile(.nan, parameters.words).isNaN)
    #expect(F.cumulative(-.infinity, parameters.words) == 0)
    #expect(F.cumulative(.infinity, parameters.words) == 1)
  }
  check(family)
}

@Test(arguments: LawCase.all)
func densityBoundHoldsAndIsAttained(law: LawCase) {
  guard let family = law.type as? any HasDensityBound.Type,
    let quantiles = law.type as? any HasQuantile.Type
  else { return }
  func check<F: HasDensityBound, Q: HasQuantile>(_ family: F.Type, _ quantiles: Q.Type) {
    let parameters = ParameterWords(law.arguments)
    let bound = F.logDensityBound(parameters.words)
    #expect(!bound.isNaN && bound > -.infinity)
    var best = -Double.infinity
    var place = 0
    let steps = 200
    let points = (0...steps).map { i in
      Q.quantile(min(max(Double(i) / Double(steps), 1e-9), 1 - 1e-9), parameters.words)
    }
    for (index, x) in points.enumerated() {
      let density = F.logDensity(ofScalar: x, parameters.words)
      #expect(density <= bound + 1e-12 * (1 + abs(bound)), "\(x): \(density) above \(bound)")
      if density > best { (best, place) = (density, index) }
    }
    if bound == .infinity { return }
    if F.signature.value == .real {
      var (a, b) = (points[max(0, place - 1)], points[min(steps, place + 1)])
      for _ in 0..<100 {
        let (c, d) = (a + (b - a) / 3, b - (b - a) / 3)
        let (fc, fd) =
          (F.logDensity(ofScalar: c, parameters.words), F.logDensity(ofScalar: d, parameters.words))
        best = max(best, fc, fd)
        if fc < fd { a = c } else { b = d }
      }
    }
    #expect(best >= bound - 1e-6, "\(bound) is not attained: \(best)")
  }
  check(family, quantiles)
}

@Test(arguments: LawCase.continuous)
func gradientAgreesWithDifferences(law: LawCase) {
  guard let family = law.type as? any (HasGradient & HasQuantile).Type else { return }
  func check<F: HasGradient & HasQuantile>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    for p in [0.1, 0.37, 0.8] {
      let x = F.quantile(p, parameters.words)
      // The distance over which the density changes at x.
      let spread = min(
        x - F.quantile(p / 2, parameters.words), F.quantile((1 + p) / 2, parameters.words) - x)
      var gradient = [Double](repeating: .nan, count: parameters.count + 1)
      var word = x.bitPattern
      withUnsafePointer(to: &word) {
        F.gradient(LaneWords($0), parameters.words, into: &gradient)
      }
      for k in 0...parameters.count {
        let at = k == 0 ? x : parameters.words.real(k - 1)
        let step = 1e-3 * (k == 0 || at == 0 ? min(spread, 1) : min(abs(at), 1))
        func density(_ offset: Double) -> Double {
          if k == 0 { return F.logDensity(ofScalar: x + offset, parameters.words) }
          let kept = parameters.base[k - 1]
          parameters.base[k - 1] = (at + offset).bitPattern
          defer { parameters.base[k - 1] = kept }
          return F.logDensity(ofScalar: x, parameters.words)
        }
        if at == 0, k > 0, F.signature.parametrisations[0].parameters[k - 1].domain != .finite {
          continue
        }
        // Fourth-order differences: with a step of 1e-3 of the scale the truncation is of order
        // 1e-12 and rounding 1e-13 times the log-density, both over the scale.
        let difference =
          (8 * (density(step) - density(-step)) - (density(2 * step) - density(-2 * step)))
          / (12 * step)
        let tolerance = 2e-8 * (1 + abs(gradient[k])) + 1e-12 / step
        #expect(abs(difference - gradient[k]) < tolerance, "entry \(k) at \(x)")
      }
    }
  }
  check(family)
}
