import BorelKernels
import BorelRuntime

/// Offspring counts tile by tile, and the ancestors that follow from them.
struct OffspringTiles {
  enum Places {
    /// Place i lies at i + offset.
    case even(Double)
    /// Place i lies at i + its own offset.
    case random(UnsafePointer<Double>)
  }

  private let weights: UnsafePointer<Double>
  private let count: Int
  /// Places per unit of weight.
  private let scale: Double
  private let places: Places
  private static let tile = Int(BOREL_TILE)
  /// Tiles below which one thread is faster.
  private static let tilesPerThread = 16

  init(_ weights: UnsafePointer<Double>, count: Int, scale: Double, places: Places) {
    self.weights = weights
    self.count = count
    self.scale = scale
    self.places = places
  }

  private var tileCount: Int { (count + Self.tile - 1) / Self.tile }

  func fill(_ ancestors: UnsafeMutablePointer<Int32>, threads: Int) {
    var filled: Int
    if threads > 1, tileCount >= Self.tilesPerThread * threads, case .even(let offset) = places {
      filled = fillInParallel(ancestors, offset, threads)
    } else {
      filled = fill(ancestors, 0..<tileCount, cumulative: 0, filled: 0)
    }
    if filled == count { return }
    // Rounding leaves places over; they belong to the last living particle.
    let last = (0..<count).last { weights[$0] > 0 } ?? 0
    while filled < count {
      ancestors[filled] = Int32(truncatingIfNeeded: last)
      filled += 1
    }
  }

  /// - Parameters:
  ///   - cumulative: The weight before the tiles.
  ///   - filled: The places used before them.
  /// - Returns: The places used so far.
  private func fill(
    _ ancestors: UnsafeMutablePointer<Int32>, _ tiles: Range<Int>, cumulative: Double, filled: Int
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.tile + 64) { buffer in
      let counts = buffer.baseAddress.unsafelyUnwrapped
      var cumulative = cumulative
      var filled = filled
      for tile in tiles where filled < count {
        let start = tile * Self.tile
        let size = Int64(min(Self.tile, count - start))
        let next: Int64
        switch places {
        case .even(let offset):
          next = borel_systematic_counts(
            size, weights + start, &cumulative, scale, offset, Int64(count), Int64(filled), counts)
        case .random(let offsets):
          next = borel_stratified_counts(
            size, weights + start, &cumulative, scale, offsets, Int64(count), Int64(filled), counts)
        }
        _ = borel_ancestors_from_counts(
          size, counts, Int32(truncatingIfNeeded: start), ancestors + filled)
        filled = Int(next)
      }
      return filled
    }
  }

  /// Each thread fills the places of its tiles. It sums up the weight before them by itself, with
  /// the same additions; where that says something else about the places than the thread before
  /// it has found, all is done again in order.
  private func fillInParallel(
    _ ancestors: UnsafeMutablePointer<Int32>, _ offset: Double, _ threads: Int
  ) -> Int {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * threads) { buffer in
      let bounds = Unchecked(buffer.baseAddress.unsafelyUnwrapped)
      let tiles = Unchecked(self)
      let target = Unchecked(ancestors)
      WorkerPool.shared.run(count: threads) { worker in
        let work = tiles.value
        let first = work.tileCount * worker / threads
        let last = work.tileCount * (worker + 1) / threads
        var cumulative = 0.0
        for tile in 0..<first {
          cumulative = borel_cumulative_weight(
            Int64(Self.tile), work.weights + tile * Self.tile, cumulative)
        }
        let reached = (cumulative * work.scale - offset).rounded(.up)
        let before = first == 0 ? 0 : Int(min(max(reached, 0), Double(work.count)))
        bounds.value[2 * worker] = before
        bounds.value[2 * worker + 1] = work.fill(
          target.value, first..<last, cumulative: cumulative, filled: before)
      }
      for worker in 1..<threads where bounds.value[2 * worker] != bounds.value[2 * worker - 1] {
        return fill(ancestors, 0..<tileCount, cumulative: 0, filled: 0)
      }
      return bounds.value[2 * threads - 1]
    }
  }
}
