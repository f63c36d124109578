/// Dense linear algebra on small matrices, row by row in memory. Every result has a fixed order of
/// operations, so it does not depend on anything but its operands.
package enum LinearAlgebra {}

extension LinearAlgebra {
  /// The lower Cholesky factor L of a symmetric positive definite matrix, A = L L'.
  ///
  /// - Parameters:
  ///   - size: Rows and columns.
  ///   - matrix: `size * size` elements; only the lower triangle is read.
  ///   - factor: `size * size` elements, written also above the diagonal (zeros). May be `matrix`.
  /// - Returns: Whether every pivot was positive and finite; otherwise `factor` is unspecified.
  ///
  /// Source: Golub and Van Loan (2013), "Matrix Computations", algorithm 4.2.1, by rows.
  package static func cholesky(
    size: Int, _ matrix: UnsafePointer<Double>, into factor: UnsafeMutablePointer<Double>
  ) -> Bool {
    for i in 0..<size {
      let row = factor + i * size
      for j in 0...i {
        let other = factor + j * size
        var sum = matrix[i * size + j]
        for k in 0..<j { sum -= row[k] * other[k] }
        if j < i {
          row[j] = sum / other[j]
        } else {
          guard sum > 0, sum.isFinite else { return false }
          row[i] = sum.squareRoot()
        }
      }
      for j in (i + 1)..<max(size, i + 1) { row[j] = 0 }
    }
    return true
  }

  /// What the lower Cholesky factor L of a matrix changes by when the matrix does: the recursion of
  /// `cholesky`, differentiated line by line.
  ///
  /// - Parameters:
  ///   - factor: L, `size * size` elements.
  ///   - change: The derivative of the matrix; only the lower triangle is read.
  ///   - result: The derivative of L, zeros above the diagonal; overlaps nothing.
  ///
  /// Source: Smith (1995), "Differentiation of the Cholesky algorithm", section 2.
  package static func choleskyTangent(
    size: Int, _ factor: UnsafePointer<Double>, change: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<size {
      let (row, rowChange) = (factor + i * size, result + i * size)
      for j in 0...i {
        let (other, otherChange) = (factor + j * size, result + j * size)
        var sum = change[i * size + j]
        for k in 0..<j { sum -= rowChange[k] * other[k] + row[k] * otherChange[k] }
        if j < i {
          rowChange[j] = (sum - row[j] * otherChange[j]) / other[j]
        } else {
          rowChange[i] = sum / (2 * row[i])
        }
      }
      for j in (i + 1)..<max(size, i + 1) { rowChange[j] = 0 }
    }
  }

  /// The lower Cholesky factor of the inverse of a symmetric positive definite matrix P.
  ///
  /// With the columns and rows of P reversed, its Cholesky factor reversed again is an upper U with
  /// P = U U'; then the inverse of P is L L' with L the inverse of U', which is lower.
  ///
  /// - Parameters:
  ///   - matrix: `size * size` elements; only the lower triangle is read.
  ///   - factor: `size * size` elements, not overlapping `matrix`.
  /// - Returns: Whether `matrix` is positive definite.
  package static func choleskyOfInverse(
    size: Int, _ matrix: UnsafePointer<Double>, into factor: UnsafeMutablePointer<Double>
  ) -> Bool {
    let count = size * size
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, 2 * count)) { scratch in
      guard let reversed = scratch.baseAddress else { return false }
      let lower = reversed + count
      for i in 0..<size {
        for j in 0...i {
          reversed[i * size + j] = matrix[(size - 1 - j) * size + (size - 1 - i)]
        }
      }
      guard cholesky(size: size, reversed, into: reversed) else { return false }
      // U'[i][j] = U[j][i] = reversed[n-1-j][n-1-i]: lower triangular.
      for i in 0..<size {
        for j in 0..<size {
          lower[i * size + j] = reversed[(size - 1 - j) * size + (size - 1 - i)]
        }
      }
      return invertLower(size: size, lower, into: factor)
    }
  }

  /// The inverse of a lower triangular matrix.
  ///
  /// - Parameter inverse: `size * size` elements, not overlapping `lower`.
  /// - Returns: Whether no diagonal element is zero.
  package static func invertLower(
    size: Int, _ lower: UnsafePointer<Double>, into inverse: UnsafeMutablePointer<Double>
  ) -> Bool {
    for i in 0..<size {
      let pivot = lower[i * size + i]
      if pivot == 0 { return false }
      for j in 0..<size {
        if j > i {
          inverse[i * size + j] = 0
        } else if j == i {
          inverse[i * size + i] = 1 / pivot
        } else {
          var sum = 0.0
          for k in j..<i { sum -= lower[i * size + k] * inverse[k * size + j] }
          inverse[i * size + j] = sum / pivot
        }
      }
    }
    return true
  }

  /// Overwrites b by the solution x of L x = b, for a lower triangular L.
  package static func solveLower(
    size: Int, _ lower: UnsafePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<size {
      var sum = b[i]
      for k in 0..<i { sum -= lower[i * size + k] * b[k] }
      b[i] = sum / lower[i * size + i]
    }
  }

  /// Overwrites b by the solution x of L' x = b, for a lower triangular L.
  package static func solveLowerTransposed(
    size: Int, _ lower: UnsafePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) {
    for i in stride(from: size - 1, through: 0, by: -1) {
      var sum = b[i]
      for k in (i + 1)..<max(size, i + 1) { sum -= lower[k * size + i] * b[k] }
      b[i] = sum / lower[i * size + i]
    }
  }
}
