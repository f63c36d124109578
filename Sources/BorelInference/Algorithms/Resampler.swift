import BorelKernels

/// How ancestors are drawn. Every scheme is unbiased: the expected number of offspring of a
/// particle is `count` times its normalised weight.
///
/// Source: Douc, Cappé, Moulines (2005), Comparison of resampling schemes for particle filtering;
/// Gerber, Chopin, Whiteley (2019), Negative association, ordering and convergence of resampling
/// methods.
package enum Resampler: String, Sendable, CaseIterable {
  case systematic, stratified, multinomial, residual

  /// Draws the ancestor of each particle.
  ///
  /// - Parameters:
  ///   - weights: Unnormalised weights, shape `[count]`, not all zero.
  ///   - total: Their sum, in tile order.
  ///   - ancestors: Receives `count` indices, ascending.
  package func draw(
    _ weights: UnsafePointer<Double>, total: Double, count: Int,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout some DriverChoices
  ) {
    switch self {
    case .systematic:
      let scale = Double(count) / total
      let offset = choices.systematicOffset {
        Self.cumulated(weights, count).map { $0 * scale - ($0 * scale).rounded(.down) }
      }
      let tiles = OffspringTiles(weights, count: count, scale: scale)
      tiles.fill(ancestors) { tile, size, cumulative, before, counts in
        borel_systematic_counts(
          size, tile, cumulative, tiles.scale, offset, Int64(count), before, counts)
      }
    case .stratified:
      let scale = Double(count) / total
      let offsets = choices.offsets(count) { stratum in
        Self.cumulated(weights, count).map { $0 * scale - Double(stratum) }
      }
      let tiles = OffspringTiles(weights, count: count, scale: scale)
      tiles.fill(ancestors) { tile, size, cumulative, before, counts in
        borel_stratified_counts(
          size, tile, cumulative, tiles.scale, offsets, Int64(count), before, counts)
      }
    case .multinomial:
      let positions = choices.sortedUniforms(count) {
        Self.cumulated(weights, count).map { $0 / total }
      }
      merge(weights, total, count, ancestors, positions)
    case .residual:
      residual(weights, total: total, count: count, into: ancestors, using: &choices)
    }
  }

  /// Walks through weights and ascending positions in (0, 1) side by side.
  private func merge(
    _ weights: UnsafePointer<Double>, _ total: Double, _ count: Int,
    _ ancestors: UnsafeMutablePointer<Int32>, _ positions: [Double]
  ) {
    positions.withUnsafeBufferPointer { positions in
      var cumulative = 0.0
      var filled = 0
      var last = 0
      for index in 0..<count where weights[index] > 0 {
        cumulative += weights[index]
        last = index
        while filled < count, positions[filled] * total < cumulative {
          ancestors[filled] = Int32(truncatingIfNeeded: index)
          filled += 1
        }
      }
      // Rounding may leave positions over at the end; they belong to the last living particle.
      while filled < count {
        ancestors[filled] = Int32(truncatingIfNeeded: last)
        filled += 1
      }
    }
  }

  /// Partial sums of the weights: where a uniform position changes its particle.
  private static func cumulated(_ weights: UnsafePointer<Double>, _ count: Int) -> [Double] {
    var sum = 0.0
    return (0..<count).map { index in
      sum += weights[index]
      return sum
    }
  }

  /// Whole parts of the expected offspring at once, the rest multinomially.
  private func residual(
    _ weights: UnsafePointer<Double>, total: Double, count: Int,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout some DriverChoices
  ) {
    var copies = [Int](repeating: 0, count: count)
    var rest = [Double](repeating: 0, count: count)
    var assigned = 0
    for index in 0..<count {
      let expected = weights[index] * Double(count) / total
      copies[index] = Int(expected)
      rest[index] = expected - Double(copies[index])
      assigned += copies[index]
    }
    let missing = count - assigned
    if missing > 0 {
      var drawn = [Int32](repeating: 0, count: count)
      let restTotal = rest.reduce(0, +)
      let chosen = restTotal > 0 ? rest : Array(UnsafeBufferPointer(start: weights, count: count))
      let chosenTotal = restTotal > 0 ? restTotal : total
      let positions = choices.sortedUniforms(missing) {
        chosen.withUnsafeBufferPointer { buffer in
          Self.cumulated(buffer.baseAddress.unsafelyUnwrapped, count).map { $0 / chosenTotal }
        }
      }
      var cumulative = 0.0
      var filled = 0
      var last = 0
      for index in 0..<count where chosen[index] > 0 {
        cumulative += chosen[index]
        last = index
        while filled < missing, positions[filled] * chosenTotal < cumulative {
          drawn[filled] = Int32(index)
          filled += 1
        }
      }
      while filled < missing {
        drawn[filled] = Int32(last)
        filled += 1
      }
      for index in 0..<missing { copies[Int(drawn[index])] += 1 }
    }
    var position = 0
    for index in 0..<count {
      for _ in 0..<copies[index] where position < count {
        ancestors[position] = Int32(index)
        position += 1
      }
    }
  }
}

/// Offspring counts tile by tile, and the ancestors that follow from them.
private struct OffspringTiles {
  let weights: UnsafePointer<Double>
  let count: Int
  /// Positions per unit of weight.
  let scale: Double

  init(_ weights: UnsafePointer<Double>, count: Int, scale: Double) {
    self.weights = weights
    self.count = count
    self.scale = scale
  }

  func fill(
    _ ancestors: UnsafeMutablePointer<Int32>,
    _ offspring: (
      UnsafePointer<Double>, Int64, UnsafeMutablePointer<Double>, Int64,
      UnsafeMutablePointer<Int32>
    ) -> Int64
  ) {
    let tile = Int(BOREL_TILE)
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: tile + 64) { buffer in
      let counts = buffer.baseAddress.unsafelyUnwrapped
      var cumulative = 0.0
      var filled = 0
      var start = 0
      while start < count, filled < count {
        let size = min(tile, count - start)
        let next = Int(offspring(weights + start, Int64(size), &cumulative, Int64(filled), counts))
        _ = borel_ancestors_from_counts(
          Int64(size), counts, Int32(truncatingIfNeeded: start), ancestors + filled)
        filled = next
        start += tile
      }
      if filled < count {
        // Rounding leaves positions over; they belong to the last living particle.
        let last = (0..<count).last { weights[$0] > 0 } ?? 0
        while filled < count {
          ancestors[filled] = Int32(truncatingIfNeeded: last)
          filled += 1
        }
      }
    }
  }
}
