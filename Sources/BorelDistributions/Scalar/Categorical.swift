import BorelHeap
import BorelKernels

/// An index with given probabilities.
enum Categorical: IntegerFamily, NoiseFamily, IntegerCumulative, HasMoments, HasDensityBound,
  FiniteSupport, HasTangent
{
  static let signature = FamilySignature(
    name: "Categorical", summary: "An index from 0 with given probabilities.",
    parametrisations: [
      Parametrisation([
        .init(
          "probabilities", .realArray, .weights,
          "Weights of the indices 0, 1, ...; they are normalised.")
      ])
    ],
    value: .int, support: .integers(from: 0, through: .countOfParameterMinusOne(0)),
    baseMeasure: .counting, isElementwise: false,
    source: "Johnson, Kemp, Kotz (2005), Univariate Discrete Distributions, 1.1")

  private static func sum(_ weights: UnsafeBufferPointer<Double>) -> Double {
    var sum = 0.0
    for weight in weights { sum += weight }
    return sum
  }

  static func logMass(at k: Int64, _ p: LaneWords) -> Double {
    let weights = p.array(0).reals
    guard k >= 0, k < Int64(weights.count) else { return -.infinity }
    return log(weights[Int(k)] / sum(weights))
  }

  static let noise = Noise.uniform
  static func word(from noise: Double, _ p: LaneWords) -> UInt64 {
    let weights = p.array(0).reals
    return index(weights, noise * sum(weights))
  }

  /// The first index whose cumulative weight exceeds a target; the last one with weight when
  /// rounding leaves none.
  @inline(__always)
  private static func index(_ weights: UnsafeBufferPointer<Double>, _ target: Double) -> UInt64 {
    var cumulative = 0.0
    var last = 0
    for k in 0..<weights.count where weights[k] > 0 {
      cumulative += weights[k]
      if target < cumulative { return UInt64(k) }
      last = k
    }
    return UInt64(last)
  }

  /// With the same weights in all lanes their sum is formed once.
  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>
  ) {
    guard parameters[0].stride == 0 else {
      drawColumnFromNoise(count: count, parameters: parameters, streams: streams, into: value[0])
      return
    }
    let target = value[0]
    noise.fill(
      count: count, streams: streams,
      into: UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self))
    let weights = ArrayObject(bits: parameters[0].word(0)).reals
    let sum = sum(weights)
    for lane in 0..<count { target[lane] = index(weights, Double(bitPattern: target[lane]) * sum) }
  }

  static func range(_ p: LaneWords) -> ClosedRange<Int64> {
    0...max(0, Int64(p.array(0).count) - 1)
  }
  private static func share(_ range: Range<Int>, _ p: LaneWords) -> Double {
    let weights = p.array(0).reals
    return sum(UnsafeBufferPointer(rebasing: weights[range])) / sum(weights)
  }
  static func cumulative(at k: Int64, _ p: LaneWords) -> Double { share(0..<Int(k) + 1, p) }
  static func survival(at k: Int64, _ p: LaneWords) -> Double {
    share(Int(k) + 1..<p.array(0).count, p)
  }
  static func logCumulative(at k: Int64, _ p: LaneWords) -> Double {
    logShare(cumulative(at: k, p), rest: survival(at: k, p))
  }
  static func logSurvival(at k: Int64, _ p: LaneWords) -> Double {
    logShare(survival(at: k, p), rest: cumulative(at: k, p))
  }

  static func mean(_ p: LaneWords) -> Double {
    let weights = p.array(0).reals
    return weights.indices.reduce(0) { $0 + Double($1) * weights[$1] } / sum(weights)
  }
  static func variance(_ p: LaneWords) -> Double {
    let weights = p.array(0).reals
    let mean = mean(p)
    return weights.indices.reduce(0) {
      $0 + (Double($1) - mean) * (Double($1) - mean) * weights[$1]
    } / sum(weights)
  }

  static func logDensityBound(_ p: LaneWords) -> Double {
    let weights = p.array(0).reals
    return log(weights.reduce(0, max) / sum(weights))
  }

  static func supportCount(_ p: LaneWords) -> Int { p.array(0).count }
  static func supportValue(
    _ index: Int, _ p: LaneWords, arena: Arena, into value: UnsafeMutablePointer<UInt64>
  ) {
    value[0] = UInt64(index)
  }

  static func tangent(_ value: LaneWords, _ p: LaneWords, _ change: LaneWords) -> Double {
    let (weights, changes) = (p.reals(0), change.reals(0))
    let k = Int(value.int(0))
    guard weights.count == changes.count, weights.indices.contains(k) else {
      return changes.isEmpty ? 0 : .nan
    }
    return changes[k] / weights[k] - sum(changes) / sum(weights)
  }
}
