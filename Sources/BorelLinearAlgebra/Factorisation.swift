extension LinearAlgebra {
  /// Overwrites a square matrix by its LU factors with partial pivoting.
  ///
  /// - Parameters:
  ///   - matrix: `size * size` elements: U on and above the diagonal, L (unit diagonal) below it.
  ///   - pivots: `size` elements: the row exchanged with row k in step k.
  /// - Returns: The sign of the permutation, or 0 when the matrix is singular.
  ///
  /// Source: Golub and Van Loan (2013), "Matrix Computations", algorithm 3.4.1.
  package static func factorise(
    size: Int, _ matrix: UnsafeMutablePointer<Double>, pivots: UnsafeMutablePointer<Int>
  ) -> Double {
    var sign = 1.0
    for k in 0..<size {
      var best = k
      for i in k..<size
      where matrix[i * size + k].magnitude > matrix[best * size + k].magnitude {
        best = i
      }
      pivots[k] = best
      if best != k {
        sign = -sign
        for j in 0..<size {
          let held = matrix[k * size + j]
          matrix[k * size + j] = matrix[best * size + j]
          matrix[best * size + j] = held
        }
      }
      let pivot = matrix[k * size + k]
      if pivot == 0 || !pivot.isFinite { return 0 }
      for i in (k + 1)..<max(size, k + 1) {
        let factor = matrix[i * size + k] / pivot
        matrix[i * size + k] = factor
        for j in (k + 1)..<size { matrix[i * size + j] -= factor * matrix[k * size + j] }
      }
    }
    return sign
  }

  /// Overwrites `columns` right-hand sides (`size * columns` elements, row by row) by the
  /// solutions, given what `factorise` left.
  package static func solveFactorised(
    size: Int, _ factors: UnsafePointer<Double>, pivots: UnsafePointer<Int>, columns: Int,
    _ b: UnsafeMutablePointer<Double>
  ) {
    for c in 0..<columns {
      for k in 0..<size where pivots[k] != k {
        let held = b[k * columns + c]
        b[k * columns + c] = b[pivots[k] * columns + c]
        b[pivots[k] * columns + c] = held
      }
      for i in 0..<size {
        var sum = b[i * columns + c]
        for k in 0..<i { sum -= factors[i * size + k] * b[k * columns + c] }
        b[i * columns + c] = sum
      }
      for i in stride(from: size - 1, through: 0, by: -1) {
        var sum = b[i * columns + c]
        for k in (i + 1)..<max(size, i + 1) {
          sum -= factors[i * size + k] * b[k * columns + c]
        }
        b[i * columns + c] = sum / factors[i * size + i]
      }
    }
  }
}
