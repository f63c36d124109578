import BorelKernels

/// Gradient ascent with noisy gradients, decreasing steps and averaged iterates.
///
/// Source: Robbins and Monro (1951); Polyak and Juditsky (1992), "Acceleration of stochastic
/// approximation by averaging"; Kingma and Ba (2015), "Adam", algorithm 1.
struct StochasticAscent {
  let settings: LearnSettings
  /// Where the next gradient is needed.
  private(set) var point: [Double]
  /// All points so far, the start first.
  private(set) var points: [[Double]]
  private var firstMoment: [Double]
  private var secondMoment: [Double]
  private var step = 0

  /// Steps before the ascent may end: enough for batches that differ.
  private static let leastSteps = 120
  /// Parts of the second half of the iterates whose means show its error and trend.
  private static let batchCount = 10

  init(_ settings: LearnSettings, start: [Double]) {
    self.settings = settings
    point = start
    points = [start]
    firstMoment = start.map { _ in 0 }
    secondMoment = firstMoment
  }

  /// Moves along a gradient at `point`.
  mutating func move(_ gradient: [Double]) {
    step += 1
    let rate = settings.rate * decay
    for k in point.indices {
      switch settings.schedule {
      case .adam:
        firstMoment[k] = 0.9 * firstMoment[k] + 0.1 * gradient[k]
        secondMoment[k] = 0.99 * secondMoment[k] + 0.01 * gradient[k] * gradient[k]
        let mean = firstMoment[k] / (1 - Self.power(0.9, step))
        let square = secondMoment[k] / (1 - Self.power(0.99, step))
        point[k] += rate * mean / (square.squareRoot() + 1e-12)
      case .robbinsMonro, .em:
        point[k] += min(max(rate * gradient[k], -0.5), 0.5)
      }
    }
    points.append(point)
  }

  /// Moves to a point that was found otherwise.
  mutating func move(to target: [Double]) {
    step += 1
    point = target
    points.append(point)
  }

  /// Goes back to a point between the last two, after a point without a gradient.
  mutating func retreat() {
    guard points.count >= 2 else { return }
    let previous = points[points.count - 2]
    for k in point.indices { point[k] = 0.5 * (point[k] + previous[k]) }
    points[points.count - 1] = point
  }

  /// 1 at first, then decreasing with an exponent between 1/2 and 1, as averaging asks for.
  private var decay: Double {
    1 / Self.power(1 + Double(step) / 20, 0.6)
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<min(exponent, 10_000) { result *= base }
    return result
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    borel_pow(base, exponent)
  }

  /// The second half of the iterates.
  private var tail: ArraySlice<[Double]> { points[(points.count / 2)...] }

  /// The average of the second half of the iterates, with its Monte Carlo error.
  struct Average {
    var point: [Double]
    var error: [Double]
    /// How far the later half of it lies from the earlier half, in errors of the difference.
    var trend: [Double]
  }

  var average: Average {
    let tail = Array(tail)
    let count = Double(tail.count)
    let mean = point.indices.map { k in tail.reduce(0) { $0 + $1[k] } / count }
    let size = tail.count / Self.batchCount
    guard size >= 2 else {
      let unknown = mean.map { _ in Double.infinity }
      return Average(point: mean, error: unknown, trend: unknown)
    }
    var (error, trend) = ([Double](), [Double]())
    for k in point.indices {
      let batches = (0..<Self.batchCount).map { batch in
        tail[(batch * size)..<((batch + 1) * size)].reduce(0) { $0 + $1[k] } / Double(size)
      }
      let half = Self.batchCount / 2
      let early = batches.prefix(half).reduce(0, +) / Double(half)
      let late = batches.suffix(half).reduce(0, +) / Double(half)
      // A trend counts as noise: it says no less about where the average may go.
      let deviations = batches.map { $0 - mean[k] }
      let squares = deviations.reduce(0) { $0 + $1 * $1 }
      let variance =
        squares / Double(Self.batchCount - 1) * Self.inflation(deviations, squares)
      error.append((variance / Double(Self.batchCount)).squareRoot())
      let difference = (4 * variance / Double(Self.batchCount)).squareRoot()
      trend.append(difference > 0 ? (late - early) / difference : 0)
    }
    return Average(point: mean, error: error, trend: trend)
  }

  /// By how much the variance of a mean of batches is larger than that of independent ones, when
  /// they are a first-order autoregression: steps are short, so that iterates stay where they are.
  /// The coefficient from few batches is too small on average, by one over their number.
  private static func inflation(_ deviations: [Double], _ squares: Double) -> Double {
    guard squares > 0 else { return 1 }
    let products = zip(deviations, deviations.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let coefficient = min(max(products / squares + 1 / Double(deviations.count), 0), 0.8)
    return (1 + coefficient) / (1 - coefficient)
  }

  /// Whether the average is as accurate as asked for and stands still.
  var isFinished: Bool {
    guard step >= Self.leastSteps else { return false }
    let average = average
    return zip(average.error, average.trend).allSatisfy {
      $0 <= settings.tolerance && $1.magnitude <= 3
    }
  }
}
