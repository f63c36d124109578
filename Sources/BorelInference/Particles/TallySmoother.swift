/// Smoothed tallies by PaRIS: one statistic per lane and tally, updated through a few backward draws
/// per lane. Memory does not grow with the number of steps.
///
///     b_0(i) = h_0(i)
///     b_t(i) = mean over j of b_{t-1}(J(i, j)) + h_t(J(i, j), i)
///
/// Source: Olsson, Westerborn (2017), Efficient particle-based online smoothing in general hidden
/// Markov models: the PaRIS algorithm, algorithm 2.
struct TallySmoother {
  private(set) var backward: BackwardDraws
  /// Backward draws per lane; with one the statistic degenerates like the genealogy.
  let draws: Int
  /// Whether the first backward draw of every lane is kept, from which a path can be traced.
  let keepsIndices: Bool
  /// `[tally][lane]`.
  private(set) var statistics: [[Double]] = []
  /// First backward draw of each lane, by step; the first step has none.
  private(set) var indices: [[Int32]] = []
  /// `[tally][group]`.
  private(set) var estimates: [[Double]] = []

  var rule: any SweepRule {
    get { backward.rule }
    set { backward.rule = newValue }
  }

  init(
    method: BackwardMethod, draws: Int, keepsIndices: Bool = false,
    rule: any SweepRule = StandardSweep()
  ) {
    backward = BackwardDraws(method: method, rule: rule)
    self.draws = draws
    self.keepsIndices = keepsIndices
  }

  /// Takes a step over.
  ///
  /// - Parameters:
  ///   - step: How the lanes came here; nil at the first step.
  ///   - logWeights: Those after the step, before resampling.
  mutating func update(
    _ population: some ParticlePopulation, after step: BackwardDraws.Step?,
    logWeights: UnsafePointer<Double>, using choices: inout some DriverChoices
  ) throws {
    let own = population.stepTallies()
    guard let step else {
      statistics = own
      if keepsIndices { indices.append([]) }
      estimate(population, logWeights)
      return
    }
    let lanes = population.groups * population.particles
    let targets = (0..<Int32(lanes)).filter { logWeights[Int($0)] > -.infinity }
    var drawn = try backward.draw(
      population, step, targets: targets, count: draws, using: &choices)
    rule.take(
      predecessors: &drawn, count: draws, of: targets, ancestors: step.ancestors,
      frozen: step.frozen)
    if keepsIndices {
      var first = step.ancestors
      for (position, target) in targets.enumerated() {
        first[Int(target)] = drawn[position * draws]
      }
      indices.append(first)
    }
    if population.tallyCount > 0 {
      var repeated: [Int32] = []
      repeated.reserveCapacity(drawn.count)
      for target in targets { for _ in 0..<draws { repeated.append(target) } }
      let added = try population.pairTallies(
        step: step.number, sources: drawn, targets: repeated)
      let divisor = rule.divisor(drawCount: draws)
      for tally in 0..<population.tallyCount {
        let previous = statistics[tally]
        var updated = own[tally]
        for (position, target) in targets.enumerated() {
          var sum = 0.0
          for pair in (position * draws)..<((position + 1) * draws) {
            sum += previous[Int(drawn[pair])] + added[tally][pair]
          }
          updated[Int(target)] = sum / divisor
        }
        statistics[tally] = updated
      }
    }
    estimate(population, logWeights)
  }

  /// Takes the steps from the last checkpoint to the return over: each lane continues the statistic
  /// of the lane it came from.
  ///
  /// - Parameter isEmpty: Nothing was drawn or weighed on the way, so that the estimate of the last
  ///   checkpoint stands but for what was tallied.
  mutating func finish(
    _ population: some ParticlePopulation, ancestors: [Int32],
    logWeights: UnsafePointer<Double>, isEmpty: Bool
  ) {
    let own = population.stepTallies()
    if isEmpty, own.allSatisfy({ $0.allSatisfy { $0 == 0 } }) { return }
    for tally in statistics.indices {
      let previous = statistics[tally]
      statistics[tally] = ancestors.indices.map { previous[Int(ancestors[$0])] + own[tally][$0] }
    }
    estimate(population, logWeights)
  }

  private mutating func estimate(
    _ population: some ParticlePopulation, _ logWeights: UnsafePointer<Double>
  ) {
    let particles = population.particles
    var weights = [Double](repeating: 0, count: particles)
    estimates = statistics.map { _ in [Double](repeating: .nan, count: population.groups) }
    for group in 0..<population.groups {
      let sums = GroupWeights(logWeights + group * particles, count: particles, into: &weights)
      let total = rule.total(of: &weights, sums)
      if total == 0 { continue }
      for tally in statistics.indices {
        var sum = 0.0
        for lane in 0..<particles where weights[lane] > 0 {
          sum += weights[lane] * statistics[tally][group * particles + lane]
        }
        estimates[tally][group] = sum / total
      }
    }
  }
}
