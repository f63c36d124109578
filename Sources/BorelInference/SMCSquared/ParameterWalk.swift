import BorelKernels
import BorelLinearAlgebra

/// The law of the steps of parameters: normal, with a covariance that belongs to one population.
struct ParameterWalk {
  /// Lower triangle, row by row.
  private let factor: [Double]
  private let dimension: Int

  /// The same independent step for all parameters.
  init(scale: Double, dimension: Int) {
    self.dimension = dimension
    factor = Self.independent(scale, dimension)
  }

  private static func independent(_ scale: Double, _ dimension: Int) -> [Double] {
    var factor = [Double](repeating: 0, count: dimension * dimension)
    for k in 0..<dimension { factor[k * dimension + k] = scale }
    return factor
  }

  /// 2.38^2/d times the covariance of weighted points; independent steps of 0.2 where that is not
  /// positive definite.
  ///
  /// Source: Roberts, Gelman, Gilks (1997), Weak convergence and optimal scaling of random walk
  /// Metropolis algorithms; Chopin, Jacob, Papaspiliopoulos (2013), SMC2, section 4.1.
  init(points: [[Double]], weights: [Double]) {
    let dimension = points.first?.count ?? 0
    let total = weights.reduce(0, +)
    var mean = [Double](repeating: 0, count: dimension)
    for (point, weight) in zip(points, weights) where weight > 0 {
      for k in 0..<dimension { mean[k] += weight / total * point[k] }
    }
    var covariance = [Double](repeating: 0, count: dimension * dimension)
    for (point, weight) in zip(points, weights) where weight > 0 {
      for row in 0..<dimension {
        for column in 0...row {
          covariance[row * dimension + column] +=
            weight / total * (point[row] - mean[row]) * (point[column] - mean[column])
        }
      }
    }
    let scale = 2.38 * 2.38 / Double(max(dimension, 1))
    let scaled = covariance.map { $0 * scale }
    var factor = scaled
    let isDefinite = LinearAlgebra.cholesky(size: dimension, scaled, into: &factor)
    self.dimension = dimension
    self.factor = isDefinite ? factor : Self.independent(0.2, dimension)
  }

  /// A step made of standard normal numbers.
  func step(_ noise: [Double]) -> [Double] {
    (0..<dimension).map { row in
      (0...row).reduce(0) { $0 + factor[row * dimension + $1] * noise[$1] }
    }
  }
}
