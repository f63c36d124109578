import BorelKernels
import BorelRuntime

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

  /// Tiles below which one thread is faster.
  private static let tilesPerThread = 16

  /// - Parameter weights: Receives `exp(logWeight - maximum)`.
  package init(
    _ logWeights: UnsafePointer<Double>, count: Int, into weights: UnsafeMutablePointer<Double>,
    threads: Int = 1
  ) {
    self.count = count
    maximum = -.infinity
    sum = 0
    sumOfSquares = 0
    let tile = Int(BOREL_TILE)
    let tiles = (count + tile - 1) / tile
    if threads > 1, tiles >= Self.tilesPerThread * threads {
      weigh(logWeights, into: weights, tiles: tiles, threads: threads)
      return
    }
    for index in 0..<tiles {
      maximum = max(maximum, Self.maximum(logWeights, count: count, tile: index))
    }
    for index in 0..<tiles {
      let (partial, squares) = Self.weigh(
        logWeights, maximum, count: count, tile: index, into: weights)
      sum += partial
      sumOfSquares += squares
    }
  }

  /// The same by several threads: sums of tiles are kept and added up in order.
  private mutating func weigh(
    _ logWeights: UnsafePointer<Double>, into weights: UnsafeMutablePointer<Double>, tiles: Int,
    threads: Int
  ) {
    let count = self.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * tiles) { buffer in
      let partial = Unchecked(buffer.baseAddress.unsafelyUnwrapped)
      let (source, target) = (Unchecked(logWeights), Unchecked(weights))
      WorkerPool.shared.run(count: threads) { worker in
        for index in (tiles * worker / threads)..<(tiles * (worker + 1) / threads) {
          partial.value[index] = Self.maximum(source.value, count: count, tile: index)
        }
      }
      for index in 0..<tiles { maximum = max(maximum, partial.value[index]) }
      let top = maximum
      WorkerPool.shared.run(count: threads) { worker in
        for index in (tiles * worker / threads)..<(tiles * (worker + 1) / threads) {
          (partial.value[2 * index], partial.value[2 * index + 1]) = Self.weigh(
            source.value, top, count: count, tile: index, into: target.value)
        }
      }
      for index in 0..<tiles {
        sum += partial.value[2 * index]
        sumOfSquares += partial.value[2 * index + 1]
      }
    }
  }

  @inline(__always)
  private static func maximum(
    _ logWeights: UnsafePointer<Double>, count: Int, tile index: Int
  ) -> Double {
    let start = index * Int(BOREL_TILE)
    return borel_tile_max(Int64(min(Int(BOREL_TILE), count - start)), logWeights + start)
  }

  @inline(__always)
  private static func weigh(
    _ logWeights: UnsafePointer<Double>, _ maximum: Double, count: Int, tile index: Int,
    into weights: UnsafeMutablePointer<Double>
  ) -> (sum: Double, squares: Double) {
    let start = index * Int(BOREL_TILE)
    var sum = 0.0
    var squares = 0.0
    borel_tile_exp_sum(
      Int64(min(Int(BOREL_TILE), count - start)), logWeights + start, maximum, weights + start,
      &sum, &squares)
    return (sum, squares)
  }

  package var areAllZero: Bool { maximum == -.infinity }

  /// The sum; 0 when all lanes are dead.
  var total: Double { areAllZero ? 0 : sum }

  /// `(sum w)^2 / sum w^2`.
  package var effectiveSampleSize: Double { areAllZero ? 0 : sum * sum / sumOfSquares }

  /// Whether the group is to be resampled: its effective sample size is below a share of the lanes; with
  /// a share of 1 always. Never when all lanes are dead.
  func isDue(belowShare threshold: Double) -> Bool {
    !areAllZero && (threshold >= 1 || effectiveSampleSize < threshold * Double(count))
  }

  /// Log of the mean weight.
  package var logMean: Double { areAllZero ? -.infinity : maximum + borel_log(sum / Double(count)) }
}
