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

  /// What half the squared norm of z = L^-1 (x - mean) and the sum of the logarithms of L's
  /// diagonal change by; the squared norm itself.
  ///
  /// - Parameters:
  ///   - meanChange, valueChange: Empty when they do not change.
  ///   - matrixChange: Null when L does not change.
  static func tangent(
    _ x: UnsafeBufferPointer<Double>, _ mean: UnsafeBufferPointer<Double>, _ matrix: MatrixObject,
    valueChange: UnsafeBufferPointer<Double>, meanChange: UnsafeBufferPointer<Double>,
    matrixChange: MatrixObject
  ) -> (halfForm: Double, logDiagonal: Double, form: Double) {
    let size = x.count
    let hasMatrix = !matrixChange.object.isNull
    guard mean.count == size, matrix.rows == size, valueChange.isEmpty || valueChange.count == size,
      meanChange.isEmpty || meanChange.count == size, !hasMatrix || matrixChange.rows == size
    else { return (.nan, .nan, .nan) }
    return withScratch(2 * size) { z in
      let change = z + size
      for i in 0..<size { z[i] = x[i] - mean[i] }
      LinearAlgebra.solveLower(size: size, matrix.elements, z)
      // L dz = dx - dmean - dL z.
      var logDiagonal = 0.0
      for i in 0..<size {
        change[i] =
          (valueChange.isEmpty ? 0 : valueChange[i]) - (meanChange.isEmpty ? 0 : meanChange[i])
        guard hasMatrix else { continue }
        for j in 0...i { change[i] -= matrixChange.elements[i * size + j] * z[j] }
        logDiagonal += matrixChange.elements[i * size + i] / matrix.elements[i * size + i]
      }
      LinearAlgebra.solveLower(size: size, matrix.elements, change)
      var (halfForm, form) = (0.0, 0.0)
      for i in 0..<size {
        halfForm += z[i] * change[i]
        form += z[i] * z[i]
      }
      return (halfForm, logDiagonal, form)
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
