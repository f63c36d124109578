import BorelHeap
import BorelKernels

/// The words of one lane's parameters or value: doubles, integers, handles.
package struct LaneWords {
  @usableFromInline let base: UnsafePointer<UInt64>
  @inlinable @inline(__always)
  package init(_ base: UnsafePointer<UInt64>) { self.base = base }
  @inlinable @inline(__always)
  package func real(_ index: Int) -> Double { Double(bitPattern: base[index]) }
  @inlinable @inline(__always)
  package func int(_ index: Int) -> Int64 { Int64(bitPattern: base[index]) }
  @inlinable @inline(__always)
  package func bool(_ index: Int) -> Bool { base[index] != 0 }
  @inlinable @inline(__always)
  package func array(_ index: Int) -> ArrayObject { ArrayObject(bits: base[index]) }
  @inlinable @inline(__always)
  package func matrix(_ index: Int) -> MatrixObject { MatrixObject(bits: base[index]) }
  @inlinable @inline(__always)
  package func word(_ index: Int) -> UInt64 { base[index] }
  /// The words from an index on.
  @inlinable @inline(__always)
  package func from(_ index: Int) -> LaneWords { LaneWords(base + index) }
}

/// The randomness of one draw in one lane: a counter-based stream (semantics, 3.1).
package typealias LaneRandom = borel_lane_random

/// The randomness of one draw in a block of lanes.
package struct LaneStreams: @unchecked Sendable {
  /// One key per lane, or one for all (`keyStride` 0).
  package var keys: UnsafePointer<UInt64>
  package var keyStride: Int
  /// Lane numbers within the group; nil when they are `firstLane...`, a multiple of 16, in order.
  package var lanes: UnsafePointer<UInt32>?
  package var firstLane: UInt32
  package var generation: UInt32
  /// One draw number per lane, or one for all (`drawStride` 0).
  package var draws: UnsafePointer<UInt32>
  package var drawStride: Int

  package init(
    keys: UnsafePointer<UInt64>, keyStride: Int, lanes: UnsafePointer<UInt32>?, firstLane: UInt32,
    generation: UInt32, draws: UnsafePointer<UInt32>, drawStride: Int
  ) {
    self.keys = keys
    self.keyStride = keyStride
    self.lanes = lanes
    self.firstLane = firstLane
    self.generation = generation
    self.draws = draws
    self.drawStride = drawStride
  }

  /// Whether the contiguous kernels apply: one key, one draw number, lanes in order.
  @inlinable
  package var isContiguous: Bool { lanes == nil && keyStride == 0 && drawStride == 0 }

  /// The stream of one lane, for samplers that take a varying number of uniforms.
  @inlinable
  package func random(_ index: Int) -> LaneRandom {
    let lane = lanes.map { $0[index] } ?? firstLane &+ UInt32(truncatingIfNeeded: index)
    return borel_lane_random_make(
      keys[index &* keyStride], lane, generation, draws[index &* drawStride])
  }
}

/// A family of distributions. One family per file, and one line in `FamilyRegistry`.
///
/// Parameters arrive in the order of the first parametrisation, one word each, already checked
/// against their declared domains by the caller. A `value` is always an array object with one
/// element, also when it is one word wide, so that its layout travels with it; a `distribution` is
/// a box as `DistributionValue` describes it. The value of scalar families is one word; that of an
/// `element` family has the layout that `valueLayout` tells.
package protocol Family: Sendable {
  static var signature: FamilySignature { get }

  /// Conditions that involve several parameters; the message says what was expected.
  /// Nil when they hold. Never reached with parameters outside their own domains, and only
  /// called when the signature has a `jointCondition`. The default is nil.
  static func violation(_ parameters: LaneWords) -> String?

  /// The words of a value. The default follows from `signature.value`.
  static func valueLayout(_ parameters: LaneWords) -> ValueLayout

  /// Log-density (natural logarithm) with respect to the declared base measure; `-infinity`
  /// outside the support; never NaN for parameters in the domain and a value that is not NaN.
  static func logDensity(_ value: LaneWords, _ parameters: LaneWords) -> Double

  /// Writes one draw.
  static func draw(
    _ parameters: LaneWords, using random: inout LaneRandom, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>)

  /// Adds the log-density of each lane's value to `logWeights`. The default calls `logDensity`;
  /// hot families call a kernel. Must give the same bits as the scalar form.
  static func accumulateLogDensity(
    count: Int, value: UnsafePointer<ColumnOperand>, parameters: UnsafePointer<ColumnOperand>,
    into logWeights: UnsafeMutablePointer<Double>)

  /// Draws for a block of lanes into the columns of the value's words. The default calls `draw`.
  static func drawColumn(
    count: Int, parameters: UnsafePointer<ColumnOperand>, streams: LaneStreams, arena: Arena,
    into value: UnsafePointer<UnsafeMutablePointer<UInt64>>)
}

/// Real- or integer-valued families with a cumulative distribution function.
///
/// Combinators have an ability when their parts have it. They conform always; where a part lacks
/// it, cumulatives, quantiles and moments are NaN, the bound of the density is infinity and
/// `supportCount` is -1. `DistributionValue` turns these into nil.
package protocol HasCumulative: Family {
  /// P(X <= x).
  static func cumulative(_ x: Double, _ parameters: LaneWords) -> Double
  /// log P(X <= x) and log P(X > x), accurate in the tails.
  static func logCumulative(_ x: Double, _ parameters: LaneWords) -> Double
  static func logSurvival(_ x: Double, _ parameters: LaneWords) -> Double
  /// P(X <= x) in a block of lanes. The default calls `cumulative`.
  static func cumulativeColumn(
    _ x: Double, count: Int, parameters: UnsafePointer<ColumnOperand>,
    into result: UnsafeMutablePointer<Double>)
}

/// Families with an inverse of the cumulative: the smallest x with P(X <= x) >= p, p in [0, 1].
package protocol HasQuantile: HasCumulative {
  static func quantile(_ p: Double, _ parameters: LaneWords) -> Double
}

/// Scalar families with known moments; infinity or NaN where a moment is infinite or undefined.
package protocol HasMoments: Family {
  static func mean(_ parameters: LaneWords) -> Double
  static func variance(_ parameters: LaneWords) -> Double
  /// Means and variances in a block of lanes. The default calls `mean` and `variance`.
  static func momentColumns(
    count: Int, parameters: UnsafePointer<ColumnOperand>, means: UnsafeMutablePointer<Double>,
    variances: UnsafeMutablePointer<Double>)
}

/// Families with finite support, listed by index: what `Enumerated` forks over.
package protocol FiniteSupport: Family {
  /// Number of values with these parameters; `Int.max` when there are more, -1 when a combinator
  /// has a part without finite support.
  static func supportCount(_ parameters: LaneWords) -> Int
  /// The value with an index in `0..<supportCount`, written as the value's words.
  static func supportValue(
    _ index: Int, _ parameters: LaneWords, arena: Arena,
    into value: UnsafeMutablePointer<UInt64>)
}

/// Families whose density is bounded in the value: the log of the maximum over all values.
package protocol HasDensityBound: Family {
  static func logDensityBound(_ parameters: LaneWords) -> Double
  /// Parameters that the bound does not depend on, by position: that of location families.
  static var boundIgnores: Set<Int> { get }
}

extension HasDensityBound {
  package static var boundIgnores: Set<Int> { [] }
}

/// Families whose log-density has derivatives along changes of the value and the parameters.
///
/// A change has one word per parameter of the first parametrisation, then the words of the value:
/// a real for a real, an array or a matrix of equal size for an array or a matrix, a box with the
/// changes of its parameters for a distribution (`DistributionValue`). Zero words change nothing.
package protocol HasTangent: Family {
  /// Whether the log-density is smooth in a word at fixed other words: parameters by position, the
  /// value at the position after the last one. A parameter that moves the support is not; nor is
  /// what is not real. The default follows from the signature.
  static func isSmooth(in position: Int) -> Bool

  /// The derivative of the log-density along a change, at a point where it is finite; NaN may
  /// appear elsewhere.
  static func tangent(_ value: LaneWords, _ parameters: LaneWords, _ change: LaneWords) -> Double

  /// The derivatives along several changes in a block of lanes. The default goes lane by lane.
  ///
  /// - Parameters:
  ///   - operands: Parameters and words of the value, `wordCount` together, then for each direction
  ///     the changes of the `wanted` words, by position.
  ///   - results: One column per direction.
  static func tangentColumns(
    count: Int, wordCount: Int, wanted: [Int], directionCount: Int,
    operands: UnsafePointer<ColumnOperand>,
    into results: UnsafePointer<UnsafeMutablePointer<UInt64>>)
}

/// Families whose real parameters and value are single words, with all derivatives at once.
package protocol HasGradient: HasTangent {
  /// Writes d/dvalue first (0 for discrete values), then one entry per parameter of the first
  /// parametrisation (0 for integers).
  static func gradient(
    _ value: LaneWords, _ parameters: LaneWords, into gradient: UnsafeMutablePointer<Double>)
}
