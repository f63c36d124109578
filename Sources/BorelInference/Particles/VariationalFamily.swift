import BorelKernels
import BorelLinearAlgebra

/// A normal law of real parameters on their unconstrained scale, which climbs towards a posterior.
///
/// A step moves the mean parameters, E[z] and E[z z'], towards those of weighted draws from the
/// posterior: the natural gradient of E_p[log q], whose maximum over q has the smallest divergence
/// KL(p || q). There the mean and the covariance (of a mean-field family the variances) are those
/// of the posterior.
///
/// Source: Naesseth, Lindsten, Blei (2020), "Markovian score climbing: variational inference with
/// KL(p||q)", algorithm 1; Amari (1998), "Natural gradient works efficiently in learning".
struct VariationalFamily {
  let dimension: Int
  /// Whether coordinates may depend on each other.
  let isFullRank: Bool
  private(set) var mean: [Double]
  /// By rows; off the diagonal zero for a mean-field family.
  private(set) var covariance: [Double]
  /// Lower triangle of the Cholesky factor, by rows.
  private var factor: [Double]

  /// - Parameter deviations: Of the coordinates; positive.
  init(mean: [Double], deviations: [Double], isFullRank: Bool) {
    dimension = mean.count
    self.isFullRank = isFullRank
    self.mean = mean
    covariance = [Double](repeating: 0, count: mean.count * mean.count)
    for k in mean.indices { covariance[k * mean.count + k] = deviations[k] * deviations[k] }
    factor = covariance
    refactor()
  }

  /// Wide enough for all of the points: medians, and half the width of the middle 68 %.
  ///
  /// - Parameter points: At least one.
  init(around points: [[Double]], isFullRank: Bool) {
    var (middle, deviations) = ([Double](), [Double]())
    for k in points[0].indices {
      let values = points.map { $0[k] }.filter(\.isFinite).sorted()
      func quantile(_ share: Double) -> Double {
        values.isEmpty ? 0 : values[min(values.count - 1, Int(share * Double(values.count)))]
      }
      let width = 0.5 * (quantile(0.84) - quantile(0.16))
      middle.append(quantile(0.5))
      deviations.append(width > 0 ? width : 1)
    }
    self.init(mean: middle, deviations: deviations, isFullRank: isFullRank)
  }

  // MARK: Candidates

  /// Degrees of freedom of the law of candidates: Student's t with the centre and the scales of the
  /// family. Normal candidates have tails that are too light for many posteriors, so that chains
  /// would not leave the tails again.
  private static let freedom = 4.0

  func drawCandidate(using stream: inout DriverStream) -> [Double] {
    // A chi-square with 4 degrees of freedom over 4.
    let share = 0.5 * (stream.exponential() + stream.exponential())
    let noise = (0..<dimension).map { _ in stream.normal() / share.squareRoot() }
    return (0..<dimension).map { row in
      (0...row).reduce(mean[row]) { $0 + factor[row * dimension + $1] * noise[$1] }
    }
  }

  /// The log-density of candidates, up to a constant.
  func logCandidateDensity(_ point: [Double]) -> Double {
    if dimension == 0 { return 0 }
    var residual = (0..<dimension).map { point[$0] - mean[$0] }
    LinearAlgebra.solveLower(size: dimension, factor, &residual)
    let square = residual.reduce(0) { $0 + $1 * $1 }
    let power = 0.5 * (Self.freedom + Double(dimension))
    return (0..<dimension).reduce(-power * borel_log(1 + square / Self.freedom)) {
      $0 - borel_log(factor[$1 * dimension + $1])
    }
  }

  /// One step of the ascent.
  ///
  /// - Parameters:
  ///   - points: Draws from the posterior.
  ///   - weights: They sum to one.
  ///   - rate: Between 0 and 1.
  mutating func climb(to points: [[Double]], weights: [Double], rate: Double) {
    let centre = (0..<dimension).map { k in
      zip(points, weights).reduce(0) { $0 + ($1.1 > 0 ? $1.1 * $1.0[k] : 0) }
    }
    // E[z z'] - E[z] E[z]' after the step, without the difference of large numbers.
    for row in 0..<dimension {
      for column in 0..<dimension where isFullRank || row == column {
        let spread = zip(points, weights).reduce(0) { sum, point in
          point.1 > 0
            ? sum + point.1 * (point.0[row] - centre[row]) * (point.0[column] - centre[column])
            : sum
        }
        let shift = (centre[row] - mean[row]) * (centre[column] - mean[column])
        let index = row * dimension + column
        covariance[index] =
          (1 - rate) * covariance[index] + rate * spread + rate * (1 - rate) * shift
      }
    }
    for k in 0..<dimension { mean[k] += rate * (centre[k] - mean[k]) }
    refactor()
  }

  /// Keeps the old factor where rounding has made the covariance singular.
  private mutating func refactor() {
    if dimension == 0 { return }
    var lower = covariance
    if LinearAlgebra.cholesky(size: dimension, covariance, into: &lower) { factor = lower }
  }

  /// The family with the averages of the mean parameters of several ones, by a running sum.
  struct Average {
    private var count = 0.0
    private var family: VariationalFamily?

    mutating func add(_ other: VariationalFamily) {
      count += 1
      guard var family else {
        self.family = other
        return
      }
      let rate = 1 / count
      for row in 0..<other.dimension {
        for column in 0..<other.dimension where other.isFullRank || row == column {
          let index = row * other.dimension + column
          let shift =
            (other.mean[row] - family.mean[row]) * (other.mean[column] - family.mean[column])
          family.covariance[index] +=
            rate * (other.covariance[index] - family.covariance[index])
            + rate * (1 - rate) * shift
        }
      }
      for k in 0..<other.dimension {
        family.mean[k] += rate * (other.mean[k] - family.mean[k])
      }
      self.family = family
    }

    /// Nil before anything was added.
    var result: VariationalFamily? {
      var result = family
      result?.refactor()
      return result
    }
  }
}
