import BorelTestSupport
import BorelValidation
import Foundation
import Testing

/// The tests that other tests are made of: they accept what is right with the stated probability,
/// and reject what is wrong.
@Suite struct StatisticsTests {
  private static func normal(_ random: inout SeededRandom) -> Double {
    (-2 * log(1 - random.uniform())).squareRoot() * cos(2 * .pi * random.uniform())
  }

  @Test func falseAlarmsAddUpToLessThanTheLimit() {
    #expect(FalseAlarms.total < FalseAlarms.limit)
  }

  /// Quantiles from tables, and 2 / 2^10.
  @Test func pValuesHaveKnownValues() {
    #expect(abs(PValue.normal(1.959963984540054) - 0.05) < 1e-12)
    #expect(abs(PValue.chiSquared(3.841458820694124, degrees: 1) - 0.05) < 1e-12)
    #expect(abs(PValue.binomial(successes: 0, count: 10, probability: 0.5) - 2 / 1024.0) < 1e-15)
    #expect(PValue.binomial(successes: 5, count: 10, probability: 0.5) == 1)
    #expect(PValue.mean(of: [1, 1, 1], is: 1) == 1)
    #expect(PValue.mean(of: [1, 1, 1], is: 2) == 0)
    #expect(PValue.mean(of: [1, .nan], is: 1) == 0)
  }

  /// How often the test of a mean rejects at 1 % over 4,000 samples of size 48.
  private func rejections(
    _ seed: UInt64, _ mean: Double, _ draw: (inout SeededRandom) -> Double
  ) -> Int {
    var random = SeededRandom(seed: seed)
    return (0..<4_000).count { _ in
      let values = (0..<48).map { _ in draw(&random) }
      return PValue.mean(of: values, is: mean) < 0.01
    }
  }

  @Test func meansOfNormalValuesAreRejectedAsOftenAsStated() {
    let found = rejections(1, 0) { Self.normal(&$0) }
    let p = PValue.binomial(successes: found, count: 4_000, probability: 0.01)
    #expect(p > FalseAlarms.alpha("means of normal values"), "\(found)")
  }

  /// Log-normal values with variance 0.28 of the mean squared, as evidence estimates are. Without
  /// the correction for skewness they would be rejected twice as often. The bound is for 1.5 times
  /// the stated probability, since the correction is asymptotic.
  @Test func meansOfSkewedValuesAreRejectedAboutAsOftenAsStated() {
    let found = rejections(2, exp(0.125)) { exp(0.5 * Self.normal(&$0)) }
    let p = PValue.binomial(successes: found, count: 4_000, probability: 0.015)
    #expect(found < 60 || p > FalseAlarms.alpha("means of skewed values"), "\(found)")
  }

  @Test func sequentialTestsAcceptWhatIsRightAndRejectWhatIsWrong() {
    func verdict(_ shift: Double) -> SequentialTest.Verdict {
      var random = SeededRandom(seed: 3)
      return SequentialTest(alpha: FalseAlarms.alpha("sequential test of a correct sampler"))
        .run(count: 100) { count, _ in
          (0..<5).map { _ in
            PValue.mean(of: (0..<count).map { _ in Self.normal(&random) + shift }, is: 0)
          }
        }
    }
    #expect(verdict(0).isAccepted)
    #expect(!verdict(0.4).isAccepted)
  }

  /// Stages with the p-values given: the thresholds of the definition with alpha = 4e-4.
  @Test(arguments: [
    ([0.5], SequentialTest.Verdict.accepted(stage: 0)),
    ([0.09, 0.2], .accepted(stage: 1)),
    ([5e-5], .rejected(stage: 0, combined: 5e-5, test: 0)),
    ([0.09, 5e-4], .rejected(stage: 1, combined: 5e-4, test: 0)),
    ([0.09, 2e-3, 5e-3], .rejected(stage: 2, combined: 5e-3, test: 0)),
    ([0.09, 0.09, 0.09, 0.09], .rejected(stage: 3, combined: 0.09, test: 0)),
    ([0.09, 0.09, 0.09, 0.11], .accepted(stage: 3)),
  ])
  func sequentialTestsDecideByTheirThresholds(
    pValues: [Double], expected: SequentialTest.Verdict
  ) {
    let verdict = SequentialTest(alpha: 4e-4).run(count: 1) { _, stage in [pValues[stage]] }
    #expect(verdict == expected)
  }

  @Test func uniformRanksPassAndOthersDoNot() {
    var random = SeededRandom(seed: 4)
    let test = RankTest(rankCount: 20)
    let uniform = (0..<200).map { _ in random.index(20) }
    #expect(test.pValue(uniform) > FalseAlarms.alpha("rank test of uniform ranks"))
    // A posterior that is too narrow: ranks at both ends.
    let narrow = (0..<200).map { _ in
      random.uniform() < 0.5 ? random.index(4) : 19 - random.index(4)
    }
    #expect(test.pValue(narrow) < 1e-6)
    let shifted = (0..<200).map { _ in min(19, random.index(20) + random.index(8)) }
    #expect(test.pValue(shifted) < 1e-6)
    #expect(test.pValue([Int](repeating: 7, count: 50)) < 1e-12)
  }

  /// The p-value is exact: of 2,000 samples of 30 uniform ranks at most 5 % are below 0.05, and not
  /// much fewer, since the statistic has many values.
  @Test func rankTestsRejectAsOftenAsStated() {
    var random = SeededRandom(seed: 5)
    let test = RankTest(rankCount: 10)
    let found = (0..<2_000).count { _ in
      test.pValue((0..<30).map { _ in random.index(10) }) <= 0.05
    }
    let share = FalseAlarms.alpha("share of rejections by the rank test")
    #expect(
      PValue.binomial(successes: found, count: 2_000, probability: 0.05) > share || found < 100)
    #expect(found > 40, "\(found)")
  }

  /// A normal mean with one observation: prior N(0, 1), datum N(theta, 1).
  private struct Pair {
    var theta: Double
    var datum: Double
  }

  private func jointTest(variance: Double) -> JointTest<Pair> {
    func datum(_ theta: Double, _ random: inout SeededRandom) -> Double {
      theta + Self.normal(&random)
    }
    return JointTest(
      draw: { random in
        let theta = Self.normal(&random)
        return Pair(theta: theta, datum: datum(theta, &random))
      },
      move: { state, random in
        // The posterior is N(datum / 2, 1 / 2).
        Pair(
          theta: state.datum / 2 + variance.squareRoot() * Self.normal(&random),
          datum: state.datum)
      },
      redraw: { state, random in
        Pair(theta: state.theta, datum: datum(state.theta, &random))
      },
      statistics: [{ $0.theta }, { $0.theta * $0.theta }, { $0.theta * $0.datum }], rounds: 8)
  }

  @Test func jointTestsAcceptTheRightKernelAndRejectAWrongOne() {
    let right = jointTest(variance: 0.5).pValues(replicates: 600, seed: 6)
    #expect((right.min() ?? 0) * 3 > FalseAlarms.alpha("joint test of a correct kernel"))
    let wrong = jointTest(variance: 1).pValues(replicates: 600, seed: 6)
    #expect((wrong.min() ?? 1) * 3 < 1e-6)
  }
}
