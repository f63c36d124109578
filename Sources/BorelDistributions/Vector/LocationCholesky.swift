import BorelHeap
import BorelKernels
import BorelLinearAlgebra

/// What the elliptical families share: a centre and a lower Cholesky factor L of the covariance
/// (or of the scale matrix), x = mean + L z.
enum LocationCholesky {
  static let condition = "the mean must have as many elements as the matrix has rows"

  /// The factor itself, the matrix L L', or its inverse, after other parameters.
  static func parametrisations(
    before: [Parametrisation.Parameter] = [], covariance: String, precision: String,
    mean: Parametrisation.Parameter
  ) -> [Parametrisation] {
    let matrices: [Parametrisation.Parameter] = [
      .init(
        "cholesky", .matrix, .choleskyFactor, "Lower triangular factor L of the \(covariance)."),
      .init(
        covariance, .matrix, .symmetricPositiveDefinite, "The matrix L L'.",
        conversion: .choleskyOfCovariance),
      .init(
        precision, .matrix, .symmetricPositiveDefinite, "Inverse of the \(covariance).",
        conversion: .choleskyOfPrecision),
    ]
    return matrices.map { Parametrisation(before + [mean, $0]) }
  }

  static func violation(mean: ArrayObject, cholesky: MatrixObject) -> String? {
    mean.count == cholesky.rows ? nil : condition
  }

  /// The sum of the logarithms of the diagonal.
  static func logDiagonal(_ matrix: MatrixObject) -> Double {
    let size = matrix.rows
    var sum = 0.0
    for i in 0..<size { sum += log(matrix.elements[i * size + i]) }
    return sum
  }

  /// The squared norm of the solution z of L z = x - mean. Infinite when x is.
  static func squaredDistance(
    _ x: UnsafeBufferPointer<Double>, _ mean: UnsafeBufferPointer<Double>, _ matrix: MatrixObject
  ) -> Double {
    withScratch(x.count) { z in
      for i in 0..<x.count {
        // Differences of infinities would make NaN.
        if x[i].isInfinite { return .infinity }
        z[i] = x[i] - mean[i]
      }
      LinearAlgebra.solveLower(size: x.count, matrix.elements, z)
      var sum = 0.0
      for i in 0..<x.count { sum += z[i] * z[i] }
      return sum
    }
  }

  /// mean + scale * L z with standard normal z, as a new array.
  static func draw(
    _ mean: UnsafeBufferPointer<Double>, _ matrix: MatrixObject, scale: Double,
    using random: inout LaneRandom, arena: Arena
  ) -> UInt64 {
    let size = mean.count
    let (bits, x) = arena.makeReals(size)
    for i in 0..<size { x[i] = borel_next_normal(&random) }
    // From the last row on, so that each row still sees the z before it.
    for i in stride(from: size - 1, through: 0, by: -1) {
      var sum = 0.0
      for k in 0...i { sum += matrix.elements[i * size + k] * x[k] }
      x[i] = mean[i] + scale * sum
    }
    return bits
  }
}
