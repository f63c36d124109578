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
    into ancestors: UnsafeMutablePointer<Int32>, using stream: inout DriverStream
  ) {
    switch self {
    case .systematic:
      let offset = stream.uniform()
      fill(weights, total, count, ancestors) { Double($0) + offset }
    case .stratified:
      fill(weights, total, count, ancestors) { Double($0) + stream.uniform() }
    case .multinomial:
      let positions = Self.sortedUniforms(count, using: &stream)
      fill(weights, total, count, ancestors) { positions[$0] * Double(count) }
    case .residual:
      residual(weights, total: total, count: count, into: ancestors, using: &stream)
    }
  }

  /// Walks through the weights once; `position` gives ascending points in units of total / count.
  private func fill(
    _ weights: UnsafePointer<Double>, _ total: Double, _ count: Int,
    _ ancestors: UnsafeMutablePointer<Int32>, _ position: (Int) -> Double
  ) {
    let scale = Double(count) / total
    var cumulative = 0.0
    var filled = 0
    var next = position(0)
    var last = 0
    for index in 0..<count where weights[index] > 0 {
      cumulative += weights[index]
      last = index
      let end = cumulative * scale
      while filled < count, next < end {
        ancestors[filled] = Int32(truncatingIfNeeded: index)
        filled += 1
        if filled < count { next = position(filled) }
      }
    }
    // Rounding may leave positions over at the end; they belong to the last living particle.
    while filled < count {
      ancestors[filled] = Int32(truncatingIfNeeded: last)
      filled += 1
    }
  }

  /// Order statistics of `count` uniforms: normalised sums of exponentials.
  private static func sortedUniforms(
    _ count: Int, using stream: inout DriverStream
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var sum = 0.0
    for index in 0..<count {
      sum += stream.exponential()
      sums[index] = sum
    }
    let whole = sum + stream.exponential()
    for index in 0..<count { sums[index] /= whole }
    return sums
  }

  /// Whole parts of the expected offspring at once, the rest multinomially.
  private func residual(
    _ weights: UnsafePointer<Double>, total: Double, count: Int,
    into ancestors: UnsafeMutablePointer<Int32>, using stream: inout DriverStream
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
      let positions = Self.sortedUniforms(missing, using: &stream)
      let chosen = restTotal > 0 ? rest : Array(UnsafeBufferPointer(start: weights, count: count))
      let chosenTotal = restTotal > 0 ? restTotal : total
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
