import BorelInference
import BorelRuntime
import Testing

/// Resamplers with every draw of the driver enumerated.
@Suite struct DriverChoicesTests {
  static let weights: [[Double]] = [
    [1, 1], [0.1, 0.9], [0, 2], [1, 2, 3], [0.3, 0, 0.7], [1, 1, 1], [0.05, 0.25, 0.3, 0.4],
  ]

  /// Expected offspring are the particle count times the normalised weight.
  @Test(arguments: weights, Resampler.allCases)
  func expectedOffspringAreExact(weights: [Double], resampler: Resampler) {
    let count = weights.count
    let total = weights.reduce(0, +)
    var expected = [Double](repeating: 0, count: count)
    var mass = 0.0
    ChoiceTree.forEachPath { tree in
      var choices: any DriverChoices = AnsweredChoices(tree)
      var ancestors = [Int32](repeating: -1, count: count + 64)
      resampler.draw(
        weights, total: total, count: count, into: &ancestors, using: &choices)
      let drawn = ancestors.prefix(count)
      #expect(drawn.allSatisfy { $0 >= 0 && $0 < count })
      #expect(drawn.elementsEqual(drawn.sorted()))
      for ancestor in drawn { expected[Int(ancestor)] += tree.probability }
      mass += tree.probability
    }
    #expect(abs(mass - 1) < 1e-12)
    for (found, weight) in zip(expected, weights) {
      #expect(abs(found - Double(count) * weight / total) < 1e-12)
    }
  }

  /// Answers in a fixed order cover all ways once, with their probabilities.
  @Test func choiceTreesTakeEveryWayOnce() {
    var ways: [[Int]: Double] = [:]
    let isComplete = ChoiceTree.forEachPath { tree in
      var way = [tree.choose([0.25, 0, 0.75])]
      if way[0] == 2 { way.append(tree.choose([1, 1])) }
      #expect(ways.updateValue(tree.probability, forKey: way) == nil)
    }
    #expect(isComplete)
    #expect(ways == [[0]: 0.25, [2, 0]: 0.375, [2, 1]: 0.375])
    #expect(!ChoiceTree.forEachPath(limit: 3) { _ = $0.choose([1, 1, 1, 1]) })
  }

  @Test func answeredChoicesHaveTheProbabilitiesAskedFor() {
    var heads = 0.0
    var first = 0.0
    var below = 0.0
    ChoiceTree.forEachPath { tree in
      var choices = AnsweredChoices(tree)
      if choices.bernoulli(0.3) { heads += tree.probability }
    }
    ChoiceTree.forEachPath { tree in
      var choices = AnsweredChoices(tree)
      if choices.categorical([2, 0, 6]) == 0 { first += tree.probability }
    }
    ChoiceTree.forEachPath { tree in
      var choices = AnsweredChoices(tree)
      if choices.systematicOffset({ [0.2, 0.9, -1, 3] }) < 0.2 { below += tree.probability }
    }
    #expect(abs(heads - 0.3) < 1e-15)
    #expect(abs(first - 0.25) < 1e-15)
    #expect(abs(below - 0.2) < 1e-15)
  }
}
