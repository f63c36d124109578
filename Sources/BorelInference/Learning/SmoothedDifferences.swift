import BorelKernels
import BorelRuntime

/// The observed information by central differences of scores that PaRIS smooths, with the same
/// random numbers on both sides. Each independent group gives a matrix; groups are added until the
/// standard deviations that follow are accurate.
///
/// The complete-data information is often much larger than the observed one, and Louis' identity
/// subtracts a covariance of that size: its noise drowns what is left. Differences over a step of
/// a standard deviation have noise of the size of the score's, and an error by curvature of a few
/// per cent.
struct SmoothedDifferences {
  let estimator: ScoreEstimator
  let key: UInt64

  private static let groups = 8
  /// Rounds of groups at most.
  private static let mostRounds = 8
  /// Relative Monte Carlo error of the standard deviations at which rounds end.
  private static let accuracy = 0.07
  /// Relative error from which on nothing is reported.
  private static let tolerance = 0.25
  /// Particles of each group: the bias of a difference is far below its noise.
  private static let particles = 200...300
  /// Length of steps in standard deviations.
  private static let stepLength = 1.0

  private var count: Int { estimator.parameters.count }

  func information(at point: [Double]) throws -> ObservedInformation {
    let steps = try steps(at: point)
    var replicates: [[Double]] = []
    var error = Double.infinity
    for round in 0..<Self.mostRounds {
      let columns = try (0..<count).map {
        try column($0, steps[$0], at: point, round: round + 1)
      }
      for group in 0..<Self.groups {
        var matrix = [Double](repeating: 0, count: count * count)
        for k in 0..<count {
          for i in 0..<count { matrix[i * count + k] = columns[k][i][group] }
        }
        ObservedInformation.symmetrize(&matrix, count)
        replicates.append(matrix)
      }
      error = relativeError(replicates)
      if error < Self.accuracy { break }
    }
    let mean = Self.mean(replicates)
    if error > Self.tolerance, error.isFinite {
      let percent = Int((100 * error).rounded())
      return ObservedInformation(
        reason: "the observed information is too uncertain: \(percent) % of the standard error")
    }
    return ObservedInformation(matrix: mean)
  }

  /// Steps of about a standard deviation, found by trying.
  private func steps(at point: [Double]) throws -> [Double] {
    try (0..<count).map { k in
      let isBounded = estimator.parameters.coordinates[k].scale != UnconstrainedScale()
      let longest = isBounded ? 0.5 : Double.infinity
      var step = 0.1
      for _ in 0..<12 {
        let values = try column(k, step, at: point, round: 0)[k]
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares / Double(values.count * (values.count - 1))).squareRoot()
        let wanted =
          mean > 2 * error ? Self.stepLength / mean.squareRoot() : step * 3
        let next = min(max(wanted, step / 5), min(step * 5, longest))
        let isSettled = next < 1.5 * step && next > step / 1.5
        step = next
        if isSettled { break }
      }
      return step
    }
  }

  /// Column k of the information by group: `[coordinate][group]`.
  private func column(
    _ k: Int, _ step: Double, at point: [Double], round: Int
  ) throws -> [[Double]] {
    let key = borel_key_child(key, UInt32(BOREL_KEY_MOVE), UInt64(round))
    func scores(_ offset: Double) throws -> [[Double]] {
      var moved = point
      moved[k] += offset
      let particles = min(
        max(estimator.method.int("particles"), Self.particles.lowerBound),
        Self.particles.upperBound)
      let scores = try estimator.smoothedScores(
        at: moved, particles: particles, groups: Self.groups, key: key)
      return (0..<count).map { i in
        let slope = estimator.parameters.coordinates[i].scale.slope(moved[i])
        return scores[i].map { $0 * slope }
      }
    }
    let (above, below) = (try scores(step), try scores(-step))
    return (0..<count).map { i in
      zip(above[i], below[i]).map { -($0 - $1) / (2 * step) }
    }
  }

  // MARK: Accuracy

  private static func mean(_ matrices: [[Double]]) -> [Double] {
    var sum = [Double](repeating: 0, count: matrices[0].count)
    for matrix in matrices {
      for k in sum.indices { sum[k] += matrix[k] }
    }
    return sum.map { $0 / Double(matrices.count) }
  }

  /// The largest relative error of the standard deviations that follow from the mean of the
  /// matrices, by leaving out one at a time; infinite when they are not positive definite.
  private func relativeError(_ matrices: [[Double]]) -> Double {
    let mean = Self.mean(matrices)
    let all = Array(0..<count)
    guard let whole = ObservedInformation.deviations(mean, all, of: count) else { return .infinity }
    let size = Double(matrices.count)
    var squares = [Double](repeating: 0, count: count)
    for matrix in matrices {
      let without = zip(mean, matrix).map { (size * $0 - $1) / (size - 1) }
      guard let part = ObservedInformation.deviations(without, all, of: count) else {
        return .infinity
      }
      for k in all { squares[k] += (part[k] - whole[k]) * (part[k] - whole[k]) }
    }
    return all.map { (squares[$0] * (size - 1) / size).squareRoot() / whole[$0] }.max() ?? 0
  }
}
