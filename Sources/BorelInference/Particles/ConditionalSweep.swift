/// What a particle sweep draws for, so that every draw has an address of its own.
enum SweepPurpose: Int, Sendable {
  case resampling, ancestor, backward, path
}

/// One sweep of a particle filter in which one lane of each group repeats the group's retained
/// choices: a Markov kernel on paths that leaves their posterior law invariant for any number of
/// lanes from two on.
///
/// A group is resampled when its effective sample size, the frozen lane's weight included, falls
/// below the threshold. With ancestor sampling the frozen lane gets a new past where its group is
/// resampled, and only there: at other steps that would break the invariance.
///
/// Source: Andrieu, Doucet, Holenstein (2010), Particle Markov chain Monte Carlo methods, section
/// 4.3; Lindsten, Jordan, Schön (2014), Particle Gibbs with ancestor sampling, algorithm 2;
/// Whiteley (2010), discussion of the former (backward sampling).
struct ConditionalSweep {
  struct Settings {
    var resampler: Resampler
    /// Share of the lanes below which a group is resampled; 1 resamples always.
    var threshold: Double
    var samplesAncestors = false
    /// Draws the path backward instead of tracing it.
    var samplesBackward = false
    var backward = BackwardMethod.exact
    /// Paths drawn from each group.
    var pathsPerGroup = 1
    /// Steps after which the lane of a path is drawn; nil for whole paths from the last step on.
    var lag: Int?
    /// Number of the last step is the same for all lanes, so that nothing is resampled before it.
    var isAligned = false
    var rule: any SweepRule = StandardSweep()
  }

  /// What the sweep leaves behind.
  struct Outcome {
    /// The lane of each new path, by step; paths of a group are consecutive.
    var path: [[Int32]]
    /// Resamplings by group.
    var resamplings: [Int]
    /// Log of the evidence estimate of each group: unbiased where no path was retained.
    var logEvidence: [Double]
    var smoother: TallySmoother?
    /// The lane before each step from which each lane came.
    var arrivals: LaneTable
  }

  let settings: Settings
  /// Random choices by purpose, group and step.
  let choices: (SweepPurpose, _ group: Int, _ step: Int) -> any DriverChoices

  /// - Parameter smoother: Takes every step over; its first draws then make the new path.
  func run(
    _ population: some ParticlePopulation, smoother: TallySmoother? = nil,
    whenAllDead: () throws -> Void = {}
  ) throws -> Outcome {
    let particles = population.particles
    let groups = population.groups
    let total = particles * groups
    let isConditional = population.retainedSteps > 0
    var smoother = smoother
    // Asking the smoother itself would copy it in every step.
    let isSmoothing = smoother != nil
    var outcome = Outcome(
      path: [], resamplings: [Int](repeating: 0, count: groups),
      logEvidence: [Double](repeating: 0, count: groups), smoother: nil,
      arrivals: LaneTable(width: total))
    var frozen = isConditional ? (0..<groups).map { Int32($0 * particles) } : []
    var logWeights = [Double](repeating: 0, count: total)
    var weights = logWeights
    var sums: [GroupWeights] = []
    var isResampled = [Bool](repeating: false, count: groups)
    let keepsWeights = settings.samplesBackward || settings.lag != nil
    var before: [[Double]] = []
    var ancestors = (0..<Int32(total)).map { $0 }
    var isIdentity = true
    var isMultinomial = false
    try population.restart()
    var step = 0
    while true {
      try population.advance(step: step, frozen: frozen)
      let previous = isSmoothing ? logWeights : []
      population.readLogWeights(into: &logWeights)
      weigh(logWeights, into: &weights, particles, &sums)
      if sums.contains(where: \.areAllZero) { try whenAllDead() }
      if isSmoothing, var changed = smoother {
        try smooth(
          population, &changed, step, before.last, ancestors, isMultinomial, logWeights, frozen,
          hasWeighed: logWeights != previous)
        smoother = changed
      }
      outcome.arrivals.append(ancestors)
      before.append(keepsWeights || isSmoothing ? logWeights : [])
      if before.count > 1, !keepsWeights { before[before.count - 2] = [] }
      if population.isFinished {
        for group in 0..<groups { outcome.logEvidence[group] += sums[group].logMean }
        break
      }
      if !isIdentity {
        for lane in 0..<total { ancestors[lane] = Int32(truncatingIfNeeded: lane) }
        isIdentity = true
      }
      isMultinomial = false
      let isLast = settings.isAligned && isConditional && step + 2 == population.retainedSteps
      var isAnyResampled = false
      for group in 0..<groups {
        isResampled[group] = !isLast && sums[group].isDue(belowShare: settings.threshold)
        if isResampled[group] { isAnyResampled = true }
      }
      let slots = settings.samplesAncestors ? frozen : []
      if settings.samplesAncestors, isConditional, !isLast {
        let isNew = isResampled.map { settings.rule.samplesAncestor(whenResampled: $0) }
        if isNew.contains(true) {
          try sampleAncestors(population, step, &frozen, isNew, logWeights, &ancestors)
          isIdentity = false
        }
      }
      if isAnyResampled || !isIdentity {
        isIdentity = false
        for group in 0..<groups where isResampled[group] {
          resample(group, step, sums[group], weights, &frozen, &ancestors)
          outcome.resamplings[group] += 1
          outcome.logEvidence[group] += sums[group].logMean
        }
        for group in slots.indices where !isResampled[group] { frozen[group] = slots[group] }
        isMultinomial = settings.resampler == .multinomial && !isResampled.contains(false)
        population.replaceLanes(by: ancestors, resetting: isResampled)
        for group in 0..<groups where isResampled[group] {
          for lane in (group * particles)..<((group + 1) * particles) { logWeights[lane] = 0 }
        }
      }
      step += 1
    }
    outcome.path =
      if let lag = settings.lag {
        chooseLanes(population, step, lag, outcome.arrivals, before)
      } else {
        try choosePath(
          population, step, weights, outcome.arrivals, before, smoother?.indices ?? [])
      }
    outcome.smoother = smoother
    return outcome
  }

  /// - Parameter sums: Becomes one entry per group.
  private func weigh(
    _ logWeights: [Double], into weights: inout [Double], _ particles: Int,
    _ sums: inout [GroupWeights]
  ) {
    sums.removeAll(keepingCapacity: true)
    logWeights.withUnsafeBufferPointer { source in
      weights.withUnsafeMutableBufferPointer { target in
        for first in stride(from: 0, to: source.count, by: particles) {
          sums.append(
            GroupWeights(
              source.baseAddress.unsafelyUnwrapped + first, count: particles,
              into: target.baseAddress.unsafelyUnwrapped + first))
        }
      }
    }
  }

  // MARK: Resampling

  private func resample(
    _ group: Int, _ step: Int, _ sums: GroupWeights, _ weights: [Double],
    _ frozen: inout [Int32], _ ancestors: inout [Int32]
  ) {
    let particles = sums.count
    let first = group * particles
    var choices = choices(.resampling, group, step)
    let isConditional = !frozen.isEmpty
    let ancestor = isConditional ? Int(frozen[group]) - first : 0
    let slot = isConditional ? ancestorSlot(frozen[group], first) : 0
    weights.withUnsafeBufferPointer { all in
      let own = UnsafeBufferPointer(rebasing: all[first..<(first + particles)])
      ancestors.withUnsafeMutableBufferPointer { target in
        let start = target.baseAddress.unsafelyUnwrapped + first
        if isConditional {
          let chosen = settings.rule.drawAncestors(
            settings.resampler, own, total: sums.sum, frozen: ancestor, slot: slot, into: start,
            using: &choices)
          frozen[group] = Int32(first + chosen)
        } else {
          settings.resampler.draw(
            own.baseAddress.unsafelyUnwrapped, total: sums.sum, count: particles, into: start,
            using: &choices)
        }
        for lane in 0..<particles { start[lane] += Int32(first) }
      }
    }
  }

  /// With multinomial resampling the path stays in the first lane of its group.
  private func ancestorSlot(_ frozen: Int32, _ first: Int) -> Int {
    settings.resampler == .multinomial ? 0 : Int(frozen) - first
  }

  /// Draws a new past for the frozen lanes of the groups that are about to be resampled.
  private func sampleAncestors(
    _ population: some ParticlePopulation, _ step: Int, _ frozen: inout [Int32],
    _ isNew: [Bool], _ logWeights: [Double], _ ancestors: inout [Int32]
  ) throws {
    let particles = population.particles
    var densities = [Double](repeating: 0, count: logWeights.count)
    try population.retainedLogDensities(step: step + 1, frozen: frozen, into: &densities)
    settings.rule.take(logDensities: &densities)
    let before = settings.rule.logWeightsOfPredecessors(logWeights)
    var weights = [Double](repeating: 0, count: particles)
    for group in 0..<population.groups where isNew[group] {
      let first = group * particles
      for lane in 0..<particles {
        weights[lane] = densities[first + lane] + before[first + lane]
      }
      let sums = weights.withUnsafeMutableBufferPointer { buffer in
        let start = buffer.baseAddress.unsafelyUnwrapped
        return GroupWeights(UnsafePointer(start), count: particles, into: start)
      }
      if sums.areAllZero { continue }
      var choices = choices(.ancestor, group, step)
      let lane = weights.withUnsafeBufferPointer { choices.categorical($0, total: sums.sum) }
      ancestors[Int(frozen[group])] = Int32(first + lane)
      frozen[group] = Int32(first + lane)
    }
  }

  // MARK: Smoothing

  private func smooth(
    _ population: some ParticlePopulation, _ smoother: inout TallySmoother, _ step: Int,
    _ before: [Double]?, _ ancestors: [Int32], _ isMultinomial: Bool, _ logWeights: [Double],
    _ frozen: [Int32], hasWeighed: Bool
  ) throws {
    var choices = choices(.backward, 0, step)
    if population.isFinished {
      smoother.finish(
        population, ancestors: ancestors, logWeights: logWeights, isEmpty: !hasWeighed)
      return
    }
    let known = before.map {
      BackwardDraws.Step(
        number: step, logWeights: $0, ancestors: ancestors, isMultinomial: isMultinomial,
        frozen: frozen)
    }
    try smoother.update(population, after: known, logWeights: logWeights, using: &choices)
  }

  // MARK: The new path

  /// Draws the last lane of each group by weight and follows it back: by the ancestors, by the
  /// first backward draws of the smoother, or by backward draws of its own.
  private func choosePath(
    _ population: some ParticlePopulation, _ last: Int, _ weights: [Double],
    _ arrivals: LaneTable, _ before: [[Double]], _ indices: [[Int32]]
  ) throws -> [[Int32]] {
    let particles = population.particles
    var lanes = (0..<population.groups).flatMap { group -> [Int32] in
      let first = group * particles
      var choices = choices(.path, group, last)
      return weights.withUnsafeBufferPointer { all in
        let own = UnsafeBufferPointer(rebasing: all[first..<(first + particles)])
        let sum = own.reduce(0, +)
        return (0..<settings.pathsPerGroup).map { _ in
          Int32(
            first + (sum > 0 ? settings.rule.drawLane(own, total: sum, using: &choices) : 0))
        }
      }
    }
    let backward = BackwardDraws(method: settings.backward, rule: settings.rule)
    var path = [lanes]
    for step in stride(from: last, to: 0, by: -1) {
      if settings.samplesBackward, step < last {
        var choices = choices(.backward, 0, step)
        lanes = try backward.draw(
          population,
          BackwardDraws.Step(
            number: step, logWeights: before[step - 1], ancestors: arrivals[step],
            isMultinomial: false), targets: lanes, count: 1, using: &choices)
      } else if step < indices.count {
        lanes = lanes.map { indices[step][Int($0)] }
      } else {
        lanes = lanes.map { arrivals[step, $0] }
      }
      path.append(lanes)
    }
    return path.reversed()
  }

  /// Draws the lane of each path at each step by the weights of some steps later: lanes of
  /// different steps need not be of one line.
  private func chooseLanes(
    _ population: some ParticlePopulation, _ last: Int, _ lag: Int, _ arrivals: LaneTable,
    _ logWeights: [[Double]]
  ) -> [[Int32]] {
    let particles = population.particles
    var weights = [Double](repeating: 0, count: particles)
    return (0...last).map { step in
      let end = lag < last - step ? step + lag : last
      var lanes: [Int32] = []
      for group in 0..<population.groups {
        let first = group * particles
        let total = logWeights[end].withUnsafeBufferPointer { all in
          GroupWeights(
            all.baseAddress.unsafelyUnwrapped + first, count: particles, into: &weights
          ).total
        }
        var choices = choices(.path, group, step)
        weights.withUnsafeBufferPointer { own in
          for _ in 0..<settings.pathsPerGroup {
            lanes.append(Int32(first + (total > 0 ? choices.categorical(own, total: total) : 0)))
          }
        }
      }
      for later in stride(from: end, to: step, by: -1) {
        lanes = lanes.map { arrivals[later, $0] }
      }
      return lanes
    }
  }
}
