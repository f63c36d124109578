extension Resampler {
  /// Draws ancestors given that one lane goes on from a certain ancestor: the lane that carries the
  /// retained path.
  ///
  /// With multinomial resampling that lane may be fixed. The other schemes are not exchangeable:
  /// the pair of lane and offset is drawn from its law given that the lane has that ancestor. A
  /// fixed lane would break the invariance of the conditional filter.
  ///
  /// - Parameters:
  ///   - weights: Unnormalised weights, not all zero.
  ///   - frozen: The ancestor of the retained path; its weight is positive.
  ///   - slot: The lane that carried it so far.
  ///   - ancestors: Receives one index per lane.
  /// - Returns: The lane that carries the path from now on.
  ///
  /// Source: Chopin, Singh (2015), On particle Gibbs sampling, section 3.
  package func drawConditional(
    _ weights: UnsafeBufferPointer<Double>, total: Double, frozen: Int, slot: Int,
    into ancestors: UnsafeMutablePointer<Int32>, using choices: inout some DriverChoices
  ) -> Int {
    let count = weights.count
    switch self {
    case .multinomial, .residual:
      precondition(self == .multinomial, "residual resampling has no conditional form here")
      let positions = choices.sortedUniforms(count - 1) {
        Self.breakpoints(weights, scale: 1 / total, in: 0)
      }
      var cumulative = weights[0]
      var index = 0
      for (lane, position) in positions.enumerated() {
        while position * total >= cumulative, index < count - 1 {
          index += 1
          cumulative += weights[index]
        }
        ancestors[lane] = Int32(truncatingIfNeeded: Self.living(index, weights))
      }
      // The last free lane moves out of the way of the path's lane.
      if slot < count - 1 { ancestors[count - 1] = ancestors[slot] }
      ancestors[slot] = Int32(frozen)
      return slot
    case .systematic, .stratified:
      let scale = Double(count) / total
      let before = weights[..<frozen].reduce(0, +) * scale
      let width = weights[frozen] * scale
      // A point of the ancestor's interval gives lane and offset at once: each pair in proportion.
      let share = choices.systematicOffset {
        Self.breakpoints(weights, scale: scale, before: before, width: width)
      }
      let point = before + share * width
      let chosen = min(count - 1, Int(point))
      let offset = point - Double(Int(point))
      if self == .systematic {
        Self.fill(ancestors, weights, scale: scale) { _ in offset }
      } else {
        Self.fill(ancestors, weights, scale: scale) { lane in
          lane != chosen
            ? choices.systematicOffset { Self.breakpoints(weights, scale: scale, in: lane) }
            : offset
        }
      }
      ancestors[chosen] = Int32(frozen)
      return chosen
    }
  }

  /// The ancestor of each lane, whose place lies at its number plus an offset.
  @inline(__always)
  private static func fill(
    _ ancestors: UnsafeMutablePointer<Int32>, _ weights: UnsafeBufferPointer<Double>,
    scale: Double, offset: (_ lane: Int) -> Double
  ) {
    var cumulative = weights[0] * scale
    var index = 0
    for lane in weights.indices {
      let position = Double(lane) + offset(lane)
      while position >= cumulative, index < weights.count - 1 {
        index += 1
        cumulative += weights[index] * scale
      }
      ancestors[lane] = Int32(truncatingIfNeeded: living(index, weights))
    }
  }

  /// Rounding may lead to a dead lane at the end: the last living one before it takes its place.
  private static func living(_ index: Int, _ weights: UnsafeBufferPointer<Double>) -> Int {
    var index = index
    while index > 0, weights[index] <= 0 { index -= 1 }
    return index
  }

  /// Where the ancestor of a lane changes with its offset in [0, 1).
  private static func breakpoints(
    _ weights: UnsafeBufferPointer<Double>, scale: Double, in lane: Int
  ) -> [Double] {
    var cumulative = 0.0
    var points: [Double] = []
    for weight in weights {
      cumulative += weight * scale
      let point = cumulative - Double(lane)
      if point > 0, point < 1 { points.append(point) }
    }
    return points
  }

  /// Where lanes or ancestors change with the share of an interval.
  private static func breakpoints(
    _ weights: UnsafeBufferPointer<Double>, scale: Double, before: Double, width: Double
  ) -> [Double] {
    var offsets = [0.0]
    var cumulative = 0.0
    for weight in weights {
      cumulative += weight * scale
      offsets.append(cumulative - cumulative.rounded(.down))
    }
    var points: [Double] = []
    for lane in 0..<weights.count {
      for offset in offsets {
        let share = (Double(lane) + offset - before) / width
        if share > 0, share < 1 { points.append(share) }
      }
    }
    return points.sorted()
  }
}
