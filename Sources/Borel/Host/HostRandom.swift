import BorelDistributions
import BorelKernels

/// The randomness of one draw in one lane: a stream that is a function of the seed, the lane and the
/// number of the draw. So results are the same bits for any number of threads.
///
/// It is a generator of the standard library too, so `Double.random(in: 0..<1, using: &random)` works.
public struct HostRandom: RandomNumberGenerator {
  var stream: LaneRandom

  init(_ stream: LaneRandom) { self.stream = stream }

  /// 64 random bits.
  public mutating func next() -> UInt64 { borel_next_bits(&stream) }

  /// Uniform between 0 and 1, never one of them.
  public mutating func uniform() -> Double { borel_next_uniform(&stream) }

  /// Standard normal.
  public mutating func normal() -> Double { borel_next_normal(&stream) }

  /// Exponential with rate 1.
  public mutating func exponential() -> Double { borel_next_exponential(&stream) }
}
