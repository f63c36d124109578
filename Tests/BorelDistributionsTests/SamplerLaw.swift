import BorelDistributions
import Foundation
import Testing

/// The law that draws follow the distribution function.
enum SamplerLaw {
  /// Probability that one of all the tests of this kind fails although all samplers are right.
  static let falseAlarm = 1e-6

  /// The largest distance between the empirical and the true distribution function.
  ///
  /// The supremum is reached at a draw or just before one. Ties, and the step below an atom, are
  /// taken into account, so integer families are compared in the same way.
  static func distance<F: HasCumulative>(
    _ family: F.Type, _ parameters: ParameterWords, draws: [Double]
  ) -> Double {
    let sorted = draws.sorted()
    let n = Double(sorted.count)
    let isInteger = F.signature.value != .real
    var worst = 0.0
    var start = 0
    while start < sorted.count {
      let x = sorted[start]
      var end = start + 1
      while end < sorted.count, sorted[end] == x { end += 1 }
      let at = F.cumulative(x, parameters.words)
      let before = isInteger ? F.cumulative(x - 1, parameters.words) : at
      worst = max(worst, abs(Double(end) / n - at), abs(Double(start) / n - before))
      start = end
    }
    return worst
  }

  /// The distance that is exceeded with at most the given probability, for any distribution.
  ///
  /// Source: Massart (1990), The tight constant in the Dvoretzky-Kiefer-Wolfowitz inequality.
  static func bound(count: Int, probability: Double) -> Double {
    (log(2 / probability) / (2 * Double(count))).squareRoot()
  }

  /// Nil when the sampler passes.
  static func failure<F: HasCumulative>(
    _ family: F.Type, _ parameters: ParameterWords, count: Int, probability: Double
  ) -> String? {
    let draws = Draws.scalars(family, parameters, count: count)
    let distance = distance(family, parameters, draws: draws)
    let bound = bound(count: count, probability: probability)
    return distance <= bound
      ? nil : "distance \(distance) of the distribution functions is above \(bound)"
  }
}

@Test(arguments: LawCase.all)
func samplerFollowsCumulative(law: LawCase) {
  guard let family = law.type as? any HasCumulative.Type else { return }
  let failure = SamplerLaw.failure(
    family, ParameterWords(law.arguments), count: 20_000,
    probability: SamplerLaw.falseAlarm / Double(LawCase.all.count))
  #expect(failure == nil, "\(failure ?? "")")
}

@Test(arguments: LawCase.all)
func drawsLieInSupport(law: LawCase) {
  func check<F: Family>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    for x in Draws.scalars(family, parameters, count: 4_000, draw: 9) {
      let density = F.logDensity(ofScalar: x, parameters.words)
      #expect(density > -.infinity && density < .infinity, "\(x) has log-density \(density)")
      #expect(isInside(F.signature.support, x, law.arguments), "\(x) is outside")
    }
  }
  check(law.type)
}

/// Whether a scalar lies in a declared support.
private func isInside(_ support: Support, _ x: Double, _ arguments: [Argument]) -> Bool {
  func value(_ index: Int) -> Double {
    switch arguments[index] {
    case .real(let x): x
    case .int(let n): Double(n)
    case .reals(let values): Double(values.count)
    }
  }
  switch support {
  case .real, .circle: return x.isFinite
  case .positive: return x > 0 && x.isFinite
  case .nonNegative: return x >= 0 && x.isFinite
  case .unitInterval: return x > 0 && x < 1
  case .betweenParameters(let low, let high): return x >= value(low) && x <= value(high)
  case .aboveParameter(let low): return x >= value(low) && x.isFinite
  case .booleans: return x == 0 || x == 1
  case .naturalNumbers: return x >= 0 && x == x.rounded()
  case .integers(let low, let high):
    let top: Double =
      switch high {
      case .infinity: .infinity
      case .parameter(let index), .countOfParameter(let index): value(index)
      case .parameterMinusOne(let index), .countOfParameterMinusOne(let index): value(index) - 1
      }
    return x >= Double(low) && x <= top && x == x.rounded()
  default: return true
  }
}

@Test(arguments: LawCase.all)
func momentsAgreeWithDraws(law: LawCase) {
  guard !law.hasHeavyTails, let family = law.type as? any HasMoments.Type else { return }
  func check<F: HasMoments>(_ family: F.Type) {
    let parameters = ParameterWords(law.arguments)
    let draws = Draws.scalars(family, parameters, count: 20_000, draw: 6)
    let n = Double(draws.count)
    let mean = F.mean(parameters.words)
    let variance = F.variance(parameters.words)
    // Two-sided normal quantile for a false alarm of 1e-6 over all cases and both moments.
    let z = 6.1
    let sampleMean = draws.reduce(0, +) / n
    #expect(abs(sampleMean - mean) <= z * (variance / n).squareRoot() + 1e-12 * abs(mean))
    let squares = draws.map { ($0 - mean) * ($0 - mean) }
    let sampleVariance = squares.reduce(0, +) / n
    let fourth = squares.map { $0 * $0 }.reduce(0, +) / n
    let error = max(0, fourth - sampleVariance * sampleVariance).squareRoot() / n.squareRoot()
    #expect(abs(sampleVariance - variance) <= z * error + 1e-12 * variance)
  }
  check(family)
}
