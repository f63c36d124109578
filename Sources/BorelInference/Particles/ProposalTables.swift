/// Lanes of groups in proportion to their weights in constant time: the cumulative weights with the
/// place at which the search begins for each of N equal parts.
///
/// Plain memory: arrays would be retained and released with every draw.
final class ProposalTables {
  private let particles: Int
  private let groups: Int
  /// Shape `[groups][particles]` each.
  private let weights: UnsafeMutablePointer<Double>
  private let cumulative: UnsafeMutablePointer<Double>
  private let starts: UnsafeMutablePointer<Int32>
  /// By group.
  private let totals: UnsafeMutablePointer<Double>

  /// - Parameter logWeights: Shape `[groups][particles]`.
  init(_ logWeights: [Double], groups: Int, particles: Int) {
    self.groups = groups
    self.particles = particles
    let count = groups * particles
    weights = .allocate(capacity: max(count, 1))
    cumulative = .allocate(capacity: max(count, 1))
    starts = .allocate(capacity: max(count, 1))
    totals = .allocate(capacity: max(groups, 1))
    logWeights.withUnsafeBufferPointer { source in
      guard let source = source.baseAddress else { return }
      weights.initialize(from: source, count: count)
    }
    cumulative.initialize(repeating: 0, count: count)
    starts.initialize(repeating: 0, count: count)
    totals.initialize(repeating: 0, count: groups)
    for group in 0..<groups { fill(group) }
  }

  deinit {
    weights.deallocate()
    cumulative.deallocate()
    starts.deallocate()
    totals.deallocate()
  }

  private func fill(_ group: Int) {
    let first = group * particles
    let weights = weights + first
    let cumulative = cumulative + first
    totals[group] = GroupWeights(UnsafePointer(weights), count: particles, into: weights).total
    var sum = 0.0
    for lane in 0..<particles {
      sum += weights[lane]
      cumulative[lane] = sum
    }
    var index = 0
    for part in 0..<particles {
      let mass = Double(part) / Double(particles) * sum
      while index < particles - 1, cumulative[index] <= mass { index += 1 }
      starts[first + part] = Int32(index)
    }
  }

  /// A lane of a group, numbered within the group.
  @inline(__always)
  func draw(_ group: Int, _ choices: inout some DriverChoices) -> Int {
    let first = group * particles
    let (weights, cumulative) = (weights + first, cumulative + first)
    let uniform = choices.systematicOffset {
      (0..<particles).map { cumulative[$0] / totals[group] }
    }
    let target = uniform * cumulative[particles - 1]
    var index = Int(starts[first + min(particles - 1, Int(uniform * Double(particles)))])
    while index < particles - 1, cumulative[index] <= target { index += 1 }
    while index > 0, weights[index] <= 0 { index -= 1 }
    return index
  }
}
