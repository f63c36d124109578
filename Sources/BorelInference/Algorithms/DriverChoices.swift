import BorelRuntime

/// The random choices of inference drivers.
///
/// Drivers ask for choices among finitely many outcomes, not for uniforms: only so can an inference
/// algorithm be run for every way in which they can fall, and its output be compared exactly.
/// Where an outcome is a step function of a uniform, the places of the steps (`breakpoints`) are
/// part of the question; random streams do not look at them.
///
/// Methods work on whole columns where a driver needs many choices, so that the cost of a call
/// does not count. `DriverStream` draws; `AnsweredChoices` asks a `FiniteChoices`.
package protocol DriverChoices {
  /// True with the given probability, which lies in [0, 1].
  mutating func bernoulli(_ probability: Double) -> Bool

  /// An index drawn in proportion to weights that are not all zero.
  ///
  /// - Parameter total: The sum of the weights.
  mutating func categorical(_ weights: UnsafeBufferPointer<Double>, total: Double) -> Int

  /// An index below a count, each with the same probability.
  mutating func uniformIndex(_ count: Int) -> Int

  /// A uniform on (0, 1): one systematic offset.
  ///
  /// - Parameter breakpoints: Where the outcome changes, in any order; those outside (0, 1) are
  ///   ignored.
  mutating func systematicOffset(_ breakpoints: () -> [Double]) -> Double

  /// Independent uniforms on (0, 1), each with breakpoints of its own.
  mutating func offsets(_ count: Int, breakpoints: (Int) -> [Double]) -> [Double]

  /// Independent uniforms on (0, 1) in ascending order, with common breakpoints.
  mutating func sortedUniforms(_ count: Int, breakpoints: () -> [Double]) -> [Double]
}

extension DriverChoices {
  /// An index drawn in proportion to weights that are not all zero.
  package mutating func categorical(_ weights: [Double]) -> Int {
    weights.withUnsafeBufferPointer { categorical($0, total: weights.reduce(0, +)) }
  }
}

/// Choices that are answered from outside: a uniform becomes the middle of an interval between
/// breakpoints, taken with the probability of that interval.
package struct AnsweredChoices: DriverChoices {
  private let answers: any FiniteChoices

  package init(_ answers: any FiniteChoices) { self.answers = answers }

  /// Tells that a continuous draw was made beside these choices.
  package func noteContinuousDraw() { answers.noteContinuousDraw() }

  package mutating func bernoulli(_ probability: Double) -> Bool {
    answers.choose([1 - probability, probability]) == 1
  }

  package mutating func categorical(
    _ weights: UnsafeBufferPointer<Double>, total: Double
  ) -> Int {
    answers.choose(Array(weights))
  }

  package mutating func uniformIndex(_ count: Int) -> Int {
    answers.choose([Double](repeating: 1, count: count))
  }

  package mutating func systematicOffset(_ breakpoints: () -> [Double]) -> Double {
    Intervals(breakpoints()).middle(answers)
  }

  package mutating func offsets(_ count: Int, breakpoints: (Int) -> [Double]) -> [Double] {
    (0..<count).map { Intervals(breakpoints($0)).middle(answers) }
  }

  package mutating func sortedUniforms(_ count: Int, breakpoints: () -> [Double]) -> [Double] {
    let intervals = Intervals(breakpoints())
    return (0..<count).map { _ in intervals.middle(answers) }.sorted()
  }

  /// (0, 1) cut at breakpoints.
  private struct Intervals {
    let bounds: [Double]

    init(_ breakpoints: [Double]) {
      bounds = [0] + Set(breakpoints.filter { $0 > 0 && $0 < 1 }).sorted() + [1]
    }

    func middle(_ answers: any FiniteChoices) -> Double {
      let lengths = zip(bounds.dropFirst(), bounds).map { $0 - $1 }
      let taken = answers.choose(lengths)
      return (bounds[taken] + bounds[taken + 1]) / 2
    }
  }
}
