/// Geweke's joint distribution test of a kernel that should leave a posterior invariant, in the
/// form with independent replicates, so that its p-value is exact.
///
/// A replicate draws parameters and data from the joint distribution, then a number of times moves
/// the parameters by the kernel given the data and draws new data given the parameters. If the
/// kernel is right, the parameters still follow the prior: the rank of a statistic among the
/// statistics of fresh prior draws is uniform.
///
/// Source: Geweke (2004), "Getting it right: joint distribution tests of posterior simulators";
/// Gandy, Scott (2020), "Unit testing for MCMC and other Monte Carlo methods", section 4.
package struct JointTest<State> {
  /// Draws parameters and data from the joint distribution.
  package var draw: (inout SeededRandom) -> State
  /// Moves the parameters by the kernel, given the data.
  package var move: (State, inout SeededRandom) -> State
  /// Draws new data given the parameters.
  package var redraw: (State, inout SeededRandom) -> State
  /// What is compared.
  package var statistics: [(State) -> Double]
  /// Rounds of moving and redrawing in a replicate.
  package var rounds: Int
  /// Fresh draws that a statistic is ranked among.
  package var comparisons: Int

  package init(
    draw: @escaping (inout SeededRandom) -> State,
    move: @escaping (State, inout SeededRandom) -> State,
    redraw: @escaping (State, inout SeededRandom) -> State,
    statistics: [(State) -> Double], rounds: Int = 5, comparisons: Int = 19
  ) {
    self.draw = draw
    self.move = move
    self.redraw = redraw
    self.statistics = statistics
    self.rounds = rounds
    self.comparisons = comparisons
  }

  /// One p-value per statistic.
  package func pValues(replicates: Int, seed: UInt64) -> [Double] {
    var random = SeededRandom(seed: seed)
    var ranks = [[Int]](repeating: [], count: statistics.count)
    for _ in 0..<replicates {
      var state = draw(&random)
      for _ in 0..<rounds { state = redraw(move(state, &random), &random) }
      let others = (0..<comparisons).map { _ in draw(&random) }
      for (index, statistic) in statistics.enumerated() {
        ranks[index].append(
          Rank.of(statistic(state), among: others.map(statistic), using: &random))
      }
    }
    let test = RankTest(rankCount: comparisons + 1)
    return ranks.map { test.pValue($0) }
  }
}

package enum Rank {
  /// How many values are smaller; ties are broken at random.
  package static func of(
    _ value: Double, among values: [Double], using random: inout SeededRandom
  ) -> Int {
    let smaller = values.count { $0 < value }
    let ties = values.count { $0 == value }
    return smaller + random.index(ties + 1)
  }
}
