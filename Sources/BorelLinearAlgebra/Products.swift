extension LinearAlgebra {
  /// The product of a `rows * inner` and an `inner * columns` matrix into `result`, which does not
  /// overlap them.
  package static func multiply(
    rows: Int, inner: Int, columns: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<rows {
      let row = result + i * columns
      for j in 0..<columns { row[j] = 0 }
      for k in 0..<inner {
        let factor = a[i * inner + k]
        let source = b + k * columns
        for j in 0..<columns { row[j] += factor * source[j] }
      }
    }
  }

  /// L L' for a lower triangular L, into `result`, which does not overlap it.
  package static func multiplyByTranspose(
    size: Int, lower: UnsafePointer<Double>, into result: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<size {
      for j in 0...i {
        var sum = 0.0
        for k in 0...j { sum += lower[i * size + k] * lower[j * size + k] }
        result[i * size + j] = sum
        result[j * size + i] = sum
      }
    }
  }

  /// Whether a matrix is symmetric up to rounding: differences of at most 1e-9 of the geometric
  /// mean of the two diagonal elements (or of the larger of the two elements).
  package static func isSymmetric(size: Int, _ matrix: UnsafePointer<Double>) -> Bool {
    for i in 0..<size {
      for j in 0..<i {
        let (a, b) = (matrix[i * size + j], matrix[j * size + i])
        let diagonal = (matrix[i * size + i] * matrix[j * size + j]).magnitude.squareRoot()
        guard (a - b).magnitude <= 1e-9 * max(diagonal, max(a.magnitude, b.magnitude)) else {
          return false
        }
      }
    }
    return true
  }
}
