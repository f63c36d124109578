import BorelInference
import BorelKernels
import Testing

/// The parts of a filter step that several threads share give the bits of one thread.
struct ParallelFilterTests {
  private static func logWeights(_ count: Int) -> [Double] {
    (0..<count).map { index in
      // Some lanes are dead, others nearly so.
      let phase = Double((index * 7919) % 1009) / 1009
      return phase < 0.05 ? -.infinity : -40 * phase * phase
    }
  }

  @Test(arguments: [100_000, 65_536, 100_001])
  func weightsDoNotDependOnThreads(count: Int) {
    let source = Self.logWeights(count)
    var weights = [Double](repeating: 0, count: count)
    let expected = GroupWeights(source, count: count, into: &weights)
    for threads in [2, 3] {
      var found = [Double](repeating: 0, count: count)
      let sums = GroupWeights(source, count: count, into: &found, threads: threads)
      #expect(found == weights)
      #expect(sums.sum == expected.sum && sums.sumOfSquares == expected.sumOfSquares)
    }
  }

  @Test(arguments: [100_000, 65_536, 100_001])
  func ancestorsDoNotDependOnThreads(count: Int) {
    var weights = [Double](repeating: 0, count: count)
    let sums = GroupWeights(Self.logWeights(count), count: count, into: &weights)
    func draw(threads: Int) -> [Int32] {
      var stream = DriverStream(key: 3, kind: Int(BOREL_KEY_RESAMPLING), index: 1)
      var ancestors = [Int32](repeating: -1, count: count)
      Resampler.systematic.draw(
        weights, total: sums.sum, count: count, into: &ancestors, using: &stream,
        threads: threads)
      return ancestors
    }
    let expected = draw(threads: 1)
    #expect(expected == expected.sorted() && expected.allSatisfy { weights[Int($0)] > 0 })
    for threads in [2, 3] { #expect(draw(threads: threads) == expected) }
  }

  /// The sums behind summaries and standard errors.
  @Test func relativeWeightsSumUp() {
    let logWeights = Self.logWeights(3_000)
    let (weights, sum, squares) = Weights.relative(logWeights)
    #expect(weights.max() == 1)
    #expect(abs(weights.reduce(0, +) - sum) <= 1e-12 * sum)
    #expect(abs(weights.reduce(0) { $0 + $1 * $1 } - squares) <= 1e-12 * squares)
    #expect(Weights.relative([-.infinity, -.infinity]).weights == [0, 0])
  }
}
