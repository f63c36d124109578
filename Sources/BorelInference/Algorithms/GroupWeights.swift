import BorelKernels

/// The weights of one group of lanes, relative to their maximum, with the sums that decide about
/// resampling. Sums are formed per tile and combined in tile order, so that the bits do not depend
/// on blocks or threads.
package struct GroupWeights {
  /// The largest log-weight; `-infinity` when all lanes are dead.
  package var maximum: Double
  /// Sum of `exp(logWeight - maximum)`.
  package var sum: Double
  /// Sum of their squares.
  package var sumOfSquares: Double
  package let count: Int

  /// - Parameter weights: Receives `exp(logWeight - maximum)`.
  package init(
    _ logWeights: UnsafePointer<Double>, count: Int, into weights: UnsafeMutablePointer<Double>
  ) {
    let tile = Int(BOREL_TILE)
    self.count = count
    var maximum = -Double.infinity
    var start = 0
    while start < count {
      maximum = max(
        maximum, borel_tile_max(Int64(min(tile, count - start)), logWeights + start))
      start += tile
    }
    self.maximum = maximum
    sum = 0
    sumOfSquares = 0
    start = 0
    while start < count {
      var tileSum = 0.0
      var tileSquares = 0.0
      borel_tile_exp_sum(
        Int64(min(tile, count - start)), logWeights + start, maximum, weights + start, &tileSum,
        &tileSquares)
      sum += tileSum
      sumOfSquares += tileSquares
      start += tile
    }
  }

  package var areAllZero: Bool { maximum == -.infinity }

  /// The sum; 0 when all lanes are dead.
  var total: Double { areAllZero ? 0 : sum }

  /// `(sum w)^2 / sum w^2`.
  package var effectiveSampleSize: Double { areAllZero ? 0 : sum * sum / sumOfSquares }

  /// Log of the mean weight.
  package var logMean: Double { areAllZero ? -.infinity : maximum + borel_log(sum / Double(count)) }
}
