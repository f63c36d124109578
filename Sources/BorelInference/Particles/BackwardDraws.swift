import BorelKernels

/// How the predecessor of a lane is drawn from its backward law, in which lane l of the step before
/// has the weight `w(l) q(l, i) g(l, i)`.
enum BackwardMethod: String, Sendable, CaseIterable {
  /// Accept-reject where the density has a bound and groups are not small, else exact.
  case automatic
  /// Weighs all lanes of the group: O(N) per draw, exact.
  case exact
  /// Proposes lanes by weight and accepts them by density: exact, O(1) per draw on average where
  /// the bound is tight. After so many failures that weighing all lanes costs as much, that is done.
  case reject
  /// One independent Metropolis move from the ancestor: O(1). Needs multinomial resampling at
  /// every step.
  case metropolis
}

/// Draws predecessors for many lanes of a step together.
///
/// Source: Olsson, Westerborn (2017), Efficient particle-based online smoothing in general hidden
/// Markov models: the PaRIS algorithm, algorithm 2; Douc, Garivier, Moulines, Olsson (2011),
/// Sequential Monte Carlo smoothing for general state space hidden Markov models, algorithm 1;
/// Dau, Chopin (2022), On backward smoothing algorithms, section 4.
struct BackwardDraws {
  /// What is known of the two ends of a step.
  struct Step {
    /// Number of the later step.
    var number: Int
    /// Log-weights of all lanes before the step, before any resampling.
    var logWeights: [Double]
    /// The lane before the step from which each lane came.
    var ancestors: [Int32]
    /// Every group was resampled by independent draws.
    var isMultinomial: Bool
    /// The lanes after the step that carry retained paths.
    var frozen: [Int32] = []
  }

  let method: BackwardMethod
  var rule: any SweepRule = StandardSweep()
  /// Groups up to this size are weighed whole by `automatic`.
  private static let smallGroup = 64
  /// Lanes that can be weighed in the time of one proposal.
  private static let lanesPerTry = 4
  /// Pairs that are evaluated together.
  private static let blockSize = 1 << 14

  /// Draws `count` predecessors for each target.
  ///
  /// - Parameters:
  ///   - targets: Lanes after the step with positive weight, group by group.
  /// - Returns: Lanes before the step, shape `[targets][count]`.
  func draw(
    _ population: some ParticlePopulation, _ step: Step, targets: [Int32], count: Int,
    using choices: inout some DriverChoices
  ) throws -> [Int32] {
    var step = step
    step.logWeights = rule.logWeightsOfPredecessors(step.logWeights)
    switch method {
    case .metropolis where step.isMultinomial:
      return try metropolis(population, step, targets, count, &choices)
    case .reject:
      return try reject(population, step, targets, count, &choices)
    case .automatic where population.particles > Self.smallGroup:
      return try reject(population, step, targets, count, &choices)
    default:
      return try exact(population, step, targets, count, &choices)
    }
  }

  // MARK: Exact

  private func exact(
    _ population: some ParticlePopulation, _ step: Step, _ targets: [Int32], _ count: Int,
    _ choices: inout some DriverChoices
  ) throws -> [Int32] {
    let particles = population.particles
    var drawn: [Int32] = []
    drawn.reserveCapacity(targets.count * count)
    let perBlock = max(1, Self.blockSize / particles)
    var logDensities = [Double](repeating: 0, count: perBlock * particles)
    var weights = [Double](repeating: 0, count: particles)
    var start = 0
    while start < targets.count {
      let block = targets[start..<min(start + perBlock, targets.count)]
      var sources: [Int32] = []
      var repeated: [Int32] = []
      sources.reserveCapacity(block.count * particles)
      repeated.reserveCapacity(block.count * particles)
      for target in block {
        let first = target / Int32(particles) * Int32(particles)
        for lane in first..<(first + Int32(particles)) {
          sources.append(lane)
          repeated.append(target)
        }
      }
      try population.pairLogDensities(
        step: step.number, sources: sources, targets: repeated, into: &logDensities)
      rule.take(logDensities: &logDensities)
      for (position, target) in block.enumerated() {
        let first = Int(target) / particles * particles
        let total = Self.weigh(
          logDensities, at: position * particles, step.logWeights, first, into: &weights)
        for _ in 0..<count {
          guard total > 0 else {
            drawn.append(step.ancestors[Int(target)])
            continue
          }
          let lane = weights.withUnsafeBufferPointer { choices.categorical($0, total: total) }
          drawn.append(Int32(first + lane))
        }
      }
      start += perBlock
    }
    return drawn
  }

  /// Backward weights relative to the largest one; their sum.
  private static func weigh(
    _ logDensities: [Double], at position: Int, _ logWeights: [Double], _ first: Int,
    into weights: inout [Double]
  ) -> Double {
    let count = weights.count
    return logDensities.withUnsafeBufferPointer { densities in
      logWeights.withUnsafeBufferPointer { before in
        weights.withUnsafeMutableBufferPointer { weights in
          let target = weights.baseAddress.unsafelyUnwrapped
          for lane in 0..<count {
            target[lane] = densities[position + lane] + before[first + lane]
          }
          return GroupWeights(UnsafePointer(target), count: count, into: target).total
        }
      }
    }
  }

  // MARK: Accept-reject

  private func reject(
    _ population: some ParticlePopulation, _ step: Step, _ targets: [Int32], _ count: Int,
    _ choices: inout some DriverChoices
  ) throws -> [Int32] {
    let particles = population.particles
    let tables = ProposalTables(
      step.logWeights, groups: population.groups, particles: particles)
    var drawn = [Int32](repeating: -1, count: targets.count * count)
    var pending = Array(0..<(targets.count * count))
    let most = max(Self.smallGroup, particles / Self.lanesPerTry)
    var attempts = 0
    while !pending.isEmpty, attempts < most {
      let tries = min(max(1, Self.blockSize / 4 / pending.count), most - attempts, 64)
      attempts += tries
      var next: [Int] = []
      var start = 0
      let perBlock = max(1, Self.blockSize / tries)
      while start < pending.count {
        let block = pending[start..<min(start + perBlock, pending.count)]
        let found = try propose(
          population, step, targets, count, block, tries, tables, &drawn, &choices)
        guard found else { return try exact(population, step, targets, count, &choices) }
        for slot in block where drawn[slot] < 0 { next.append(slot) }
        start += perBlock
      }
      pending = next
    }
    if pending.isEmpty { return drawn }
    let late = pending.map { targets[$0 / count] }
    let rest = try exact(population, step, late, 1, &choices)
    for (slot, lane) in zip(pending, rest) { drawn[slot] = lane }
    return drawn
  }

  /// One round of proposals for some slots; false when the density has no bound.
  private func propose(
    _ population: some ParticlePopulation, _ step: Step, _ targets: [Int32],
    _ drawsPerTarget: Int,
    _ slots: ArraySlice<Int>, _ tries: Int, _ tables: ProposalTables, _ drawn: inout [Int32],
    _ choices: inout some DriverChoices
  ) throws -> Bool {
    let particles = population.particles
    let pairs = slots.count * tries
    var repeated = [Int32](repeating: 0, count: pairs)
    let sources = [Int32](unsafeUninitializedCapacity: pairs) { buffer, count in
      repeated.withUnsafeMutableBufferPointer { repeated in
        var pair = 0
        for slot in slots {
          let target = targets[slot / drawsPerTarget]
          let group = Int(target) / particles
          for _ in 0..<tries {
            buffer[pair] = Int32(group * particles + tables.draw(group, &choices))
            repeated[pair] = target
            pair += 1
          }
        }
      }
      count = pairs
    }
    var logDensities = [Double](repeating: 0, count: sources.count)
    try population.pairLogDensities(
      step: step.number, sources: sources, targets: repeated, into: &logDensities)
    rule.take(logDensities: &logDensities)
    guard let bound = population.pairBound else { return false }
    drawn.withUnsafeMutableBufferPointer { drawn in
      var position = 0
      for slot in slots {
        for pair in position..<(position + tries) where drawn[slot] < 0 {
          if logDensities[pair] > -.infinity,
            choices.bernoulli(borel_exp(min(0, logDensities[pair] - bound)))
          {
            drawn[slot] = sources[pair]
          }
        }
        position += tries
      }
    }
    return true
  }

  // MARK: Metropolis

  private func metropolis(
    _ population: some ParticlePopulation, _ step: Step, _ targets: [Int32], _ count: Int,
    _ choices: inout some DriverChoices
  ) throws -> [Int32] {
    let particles = population.particles
    let tables = ProposalTables(
      step.logWeights, groups: population.groups, particles: particles)
    var drawn = [Int32](repeating: 0, count: targets.count * count)
    var current = targets.map { step.ancestors[Int($0)] }
    for (position, lane) in current.enumerated() { drawn[position * count] = lane }
    if count == 1 { return drawn }
    var currentDensities = [Double](repeating: 0, count: targets.count)
    var densities = currentDensities
    try population.pairLogDensities(
      step: step.number, sources: current, targets: targets, into: &currentDensities)
    rule.take(logDensities: &currentDensities)
    for round in 1..<count {
      let proposed = targets.map { target in
        let group = Int(target) / particles
        return Int32(group * particles + tables.draw(group, &choices))
      }
      try population.pairLogDensities(
        step: step.number, sources: proposed, targets: targets, into: &densities)
      rule.take(logDensities: &densities)
      for position in targets.indices {
        let ratio = densities[position] - currentDensities[position]
        if densities[position] > -.infinity, choices.bernoulli(borel_exp(min(0, ratio))) {
          current[position] = proposed[position]
          currentDensities[position] = densities[position]
        }
        drawn[position * count + round] = current[position]
      }
    }
    return drawn
  }
}
