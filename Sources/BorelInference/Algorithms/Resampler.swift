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
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout some DriverChoices,
    threads: Int = 1
  ) {
    let scale = Double(count) / total
    switch self {
    case .systematic:
      let offset = choices.systematicOffset {
        Self.cumulated(weights, count).map { $0 * scale - ($0 * scale).rounded(.down) }
      }
      OffspringTiles(weights, count: count, scale: scale, places: .even(offset))
        .fill(ancestors, threads: threads)
    case .stratified:
      let offsets = choices.offsets(count) { stratum in
        Self.cumulated(weights, count).map { $0 * scale - Double(stratum) }
      }
      offsets.withUnsafeBufferPointer { offsets in
        let places = OffspringTiles.Places.random(offsets.baseAddress.unsafelyUnwrapped)
        OffspringTiles(weights, count: count, scale: scale, places: places)
          .fill(ancestors, threads: 1)
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
