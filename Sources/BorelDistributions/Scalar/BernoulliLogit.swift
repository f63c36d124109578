import BorelHeap

/// A Bool that is true with probability 1 / (1 + exp(-logit)).
enum BernoulliLogit: IntegerFamily, NoiseFamily, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport, HasGradient
{
  static let signature = FamilySignature(
    name: "BernoulliLogit", summary: "A Bool that is true with probability 1 / (1 + exp(-logit)).",
    parametrisations: [
      Parametrisation([.init("logit", .real, .finite, "Log-odds of true.")])
    ],
    value: .bool, support: .booleans, baseMeasure: .counting,
    source: "McCullagh and Nelder (1989), Generalized Linear Models, 4.3")

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    noise < logistic(p.real(0)) ? 1 : 0
  }

  static func logMass(at n: Int64, _ p: LaneWords) -> Double {
    -log1pexp(n != 0 ? -p.real(0) : p.real(0))
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> { 0...1 }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double { -log1pexp(p.real(0)) }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double { -log1pexp(-p.real(0)) }

  static func mean(_ p: LaneWords) -> Double { logistic(p.real(0)) }
  static func variance(_ p: LaneWords) -> Double { logistic(p.real(0)) * logistic(-p.real(0)) }

  static func logDensityBound(_ p: LaneWords) -> Double { -log1pexp(-abs(p.real(0))) }

  static func supportCount(_ p: LaneWords) -> Int { 2 }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func gradient(
    _ value: LaneWords, _ p: LaneWords, into gradient: UnsafeMutablePointer<Double>
  ) {
    gradient[0] = 0
    gradient[1] = value.bool(0) ? logistic(-p.real(0)) : -logistic(p.real(0))
  }
}
